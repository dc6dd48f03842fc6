/** Takes off what wraps an answer: math delimiters, markdown, \boxed, final punctuation. */
import { plainSigns } from "./signs.ts";

const WRAPPERS: readonly (readonly [open: string, close: string])[] = [
  ["$$", "$$"],
  ["\\(", "\\)"],
  ["\\[", "\\]"],
  ["***", "***"],
  ["**", "**"],
  ["__", "__"],
  ["`", "`"],
  ['"', '"'],
  ["\u201c", "\u201d"],
];
const MOST_ROUNDS = 8;

/** The answer itself, in ASCII and LaTeX, on one line. */
export function strip(text: string): string {
  let inner = joinedFormulas(plainSigns(text).replace(/\s+/g, " ").trim());
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = inner;
    inner = unwrap(inner)
      .replace(/(?:\\[,;!: ]|\\q?quad(?![a-zA-Z])|~)+$/, "")
      .trim();
    if (!inner.endsWith("..")) inner = inner.replace(/[.,;]$/, "").trim();
    if (inner === before) break;
  }
  return inner.replace(/\\begin\{(align|aligned|split|gathered)(\*?)\}/.test(inner) ? /(?<!\\)&/g : /^$/g, "");
}

/** "$1$, $2$ and $3$" is one list, although every member has its own dollars. */
function joinedFormulas(text: string): string {
  const parts = text.split(/(?<!\\)\$/);
  if (parts.length < 3) return text;
  const [odd, even] = [parts.filter((_, k) => k % 2 === 1), parts.filter((_, k) => k % 2 === 0)];
  // A pair of dollars in the middle, "12 $ and $ 13", comes from a text cut out between its own.
  for (const between of [even, odd.length === 1 ? odd : []]) {
    const joins =
      between.length > 0 &&
      between.every((part) => /^[\s,;.]*(?:\\text\s*\{)?\s*(?:and|or)?\s*\}?[\s,;.]*$/.test(part));
    if (joins && between.some((part) => part.trim() !== "")) return parts.join(" ").replace(/\s+/g, " ").trim();
  }
  return text;
}

function unwrap(text: string): string {
  for (const [open, close] of WRAPPERS) {
    if (text.length >= open.length + close.length && text.startsWith(open) && text.endsWith(close)) {
      const inner = text.slice(open.length, -close.length);
      if (!inner.includes(open) && !inner.includes(close)) return inner.trim();
    }
  }
  if (
    text.startsWith("$") &&
    text.endsWith("$") &&
    text.length > 2 &&
    !text.slice(1, -1).replaceAll("\\$", "").includes("$")
  ) {
    return text.slice(1, -1).trim();
  }
  // Markdown inside a sentence of one formula: **$5$**, $5$ cm.
  const inline = /^\$([^$]+)\$(\s*[a-zA-Z%][^$]*)$/.exec(text);
  if (inline !== null && /[\\^_{]|^[-\d./]+$/.test(inline[1]!)) return `${inline[1]!}\\ ${inline[2]!.trim()}`;
  const command =
    /^\\(?:boxed|fbox|displaystyle|textstyle|mathbf|boldsymbol|bm|mathrm|text|textbf|textit|textrm|mbox)\s*\{/.exec(
      text,
    );
  if (command !== null && closes(text, command[0].length - 1)) return text.slice(command[0].length, -1).trim();
  return text;
}

/** Whether the brace at `start` is closed by the last character. */
function closes(text: string, start: number): boolean {
  let depth = 0;
  for (let k = start; k < text.length; k++) {
    if (text[k] === "\\") k++;
    else if (text[k] === "{") depth++;
    else if (text[k] === "}" && --depth === 0) return k === text.length - 1;
  }
  return false;
}
