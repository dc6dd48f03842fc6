/** What is refused before anything is parsed: too long, too deep, control characters, definitions. */
import type { Trouble } from "./decide.ts";

const DEFINITIONS =
  /\\(?:def|edef|gdef|let|newcommand|renewcommand|input|include|write|catcode|csname|loop|expandafter)(?![a-zA-Z])/;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export interface GuardLimits {
  readonly maxLength: number;
  readonly maxNesting: number;
}

/** Why a text is not read, or null. */
export function guard(text: string, limits: GuardLimits): Exclude<Trouble, "bad-gold"> | null {
  if (text.length > limits.maxLength) return "too-large";
  if (CONTROL.test(text) || !text.isWellFormed()) return "unparseable";
  if (DEFINITIONS.test(text)) return "unparseable";
  return nesting(text, limits.maxNesting) ? null : "too-large";
}

function nesting(text: string, limit: number): boolean {
  let depth = 0;
  let environments = 0;
  for (let k = 0; k < text.length; k++) {
    const char = text[k]!;
    if (char === "{" || char === "(" || char === "[") depth++;
    else if (char === "}" || char === ")" || char === "]") depth--;
    else if (char === "\\" && text.startsWith("begin", k + 1)) environments++;
    if (depth > limit || environments > limit) return false;
  }
  return true;
}
