/** Linear scanners of LaTeX and markdown: which brace closes which, and where mathematics stands in prose. */

export interface Span {
  /** Of the whole, delimiters included: first character, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Between the delimiters. */
  readonly inner: string;
  readonly display: boolean;
}

const DOLLAR = 36;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const NEWLINE = 10;

/** For each `{` the place of the `}` that closes it, else 0. A backslash takes the character behind it out of play. One pass: input may be hostile. */
export function closingBraces(text: string): Uint32Array {
  const closing = new Uint32Array(text.length);
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === OPEN) open.push(i);
    else if (c === CLOSE) {
      const at = open.pop();
      if (at !== undefined) closing[at] = i;
    }
  }
  return closing;
}

interface Opener {
  readonly start: number;
  /** What closes it: `$`, `$$`, `\)` or `\]`. */
  readonly closer: string;
  /** A `$` with a blank behind it is closed by one with a blank before it; all others open a price. */
  readonly spaced: boolean;
}

/** All `$...$`, `$$...$$`, `\(...\)` and `\[...\]` in order, none inside another. One pass. */
export function mathSpans(text: string): Span[] {
  const spans: Span[] = [];
  let open: Opener | undefined;
  for (let i = 0; i < text.length;) {
    const c = text.charCodeAt(i);
    if (c !== DOLLAR && c !== BACKSLASH) {
      // A paragraph ends what nobody closed: a lone dollar sign must not swallow the rest.
      if (c === NEWLINE && open?.closer === "$" && text.charCodeAt(i + 1) === NEWLINE) open = undefined;
      i++;
      continue;
    }
    const token = tokenAt(text, i);
    const end = i + token.length;
    if (open !== undefined && closes(text, open, token, i)) {
      const inner = text.slice(open.start + token.length, i);
      spans.push({ start: open.start, end, inner, display: token === "$$" || token === "\\]" });
      open = undefined;
    } else if (open === undefined || open.closer === "$") {
      const closer = CLOSER[token];
      if (closer !== undefined) open = { start: i, closer, spaced: isBlank(text[end]) };
    }
    i = end;
  }
  return spans;
}

const CLOSER: Readonly<Record<string, string>> = { "$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]" }; // prettier-ignore

/** A delimiter, or a backslash with what it escapes. */
function tokenAt(text: string, i: number): string {
  if (text[i] === "$") return text[i + 1] === "$" ? "$$" : "$";
  return text.slice(i, i + 2);
}

function closes(text: string, open: Opener, token: string, at: number): boolean {
  if (token !== open.closer) return false;
  if (token !== "$") return true;
  // "$5 and $6" are two prices.
  return open.spaced === isBlank(text[at - 1]) && at > open.start + 1;
}

const isBlank = (c: string | undefined): boolean => c === undefined || c === " " || c === "\n" || c === "\t";

/** All `**...**` of one line each, in order. One pass. */
export function boldSpans(text: string): Span[] {
  const spans: Span[] = [];
  let open = -1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\n") open = -1;
    if (text[i] !== "*" || text[i + 1] !== "*") continue;
    if (open >= 0 && i > open + 2) {
      spans.push({ start: open, end: i + 2, inner: text.slice(open + 2, i), display: false });
      open = -1;
    } else open = i;
    i++;
  }
  return spans;
}

const ENVIRONMENT = /\\(begin|end)\s?\{[a-zA-Z]{1,20}\*?\}/g;

/** From the first `\begin{...}` to the `\end{...}` that closes it, for each such block. One pass. */
export function environments(text: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  let depth = 0;
  let start = 0;
  for (const { index, 0: command, 1: kind } of text.matchAll(ENVIRONMENT)) {
    if (kind === "begin") {
      if (depth++ === 0) start = index;
    } else if (depth > 0 && --depth === 0) found.push({ start, end: index + command.length });
  }
  return found;
}
