/** Boxed answers: `\boxed{...}` with balanced braces, `\fbox{...}`, `\boxed 5`. */
import { closingBraces } from "./scan.ts";

export interface Box {
  readonly start: number;
  readonly end: number;
  readonly inner: string;
}

const COMMAND = /\\(?:boxed|fbox|framebox)(?![a-zA-Z])/g;

/** Without braces one token is boxed: a command, a number or a character. */
const TOKEN = /(?:\\[a-zA-Z]{1,20}|-?\d[\d.,]{0,400}|[^\s\\{}$])/y;

/** All boxes in order, empty and unclosed ones left out: the first are placeholders, the second were cut off. */
export function boxes(text: string): Box[] {
  const found: Box[] = [];
  let closing: Uint32Array | undefined;
  for (const { index, 0: command } of text.matchAll(COMMAND)) {
    const at = skipBlanks(text, index + command.length);
    if (text[at] === "{") {
      closing ??= closingBraces(text);
      const close = closing[at] ?? 0;
      if (close > at) push(found, text, index, at + 1, close, close + 1);
    } else {
      TOKEN.lastIndex = at;
      const [token = ""] = TOKEN.exec(text) ?? [];
      const bare = token.replace(/[.,]$/, "");
      push(found, text, index, at, at + bare.length, at + bare.length);
    }
  }
  return found;
}

function push(found: Box[], text: string, start: number, from: number, to: number, end: number): void {
  const inner = text.slice(from, to).trim();
  if (inner !== "") found.push({ start, end, inner });
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}

/** Most characters between boxes that belong together. */
const MAX_GAP = 40;

/** What may stand between boxes of one list: separators, "and", "or", dollar signs, the name of the next unknown. */
const GAP =
  /^(?:[\s,;$&]|\\[,;:! ]|\\(?:q?quad|text|mathrm|or|and)(?![a-z])|\b(?:and|or)\b|[{}]|\b[a-z](?:_\{?\d\}?)? ?=)*$/i;

/** The boxes around the chosen one that are separated from it, and from each other, by nothing but separators. */
export function neighbours(text: string, all: readonly Box[], chosen: number): Box[] {
  let first = chosen;
  let last = chosen;
  while (first > 0 && together(text, all[first - 1], all[first])) first--;
  while (last + 1 < all.length && together(text, all[last], all[last + 1])) last++;
  return all.slice(first, last + 1);
}

function together(text: string, a: Box | undefined, b: Box | undefined): boolean {
  if (a === undefined || b === undefined || b.start < a.end || b.start - a.end > MAX_GAP) return false;
  return GAP.test(text.slice(a.end, b.start));
}
