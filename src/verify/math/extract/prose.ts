/** Answers in sentences: where a sentence ends, what is a word of prose and what is mathematics, and the part that is meant. */
import { mathRun } from "./run.ts";
import { boldSpans, mathSpans, type Span } from "./scan.ts";
import { isProse, WORD } from "./words.ts";

export type Take = "first" | "last";

/** What the gold answer looks like, as far as it decides what to take of a sentence. */
export interface Wanted {
  /** Answers that it lists; 1 for a single one. */
  readonly listed: number;
  /** Whether it is the letter of a choice. */
  readonly letter: boolean;
}

/** Words in front of an answer that say nothing of it. */
const LEADING =
  /^(?:(?:so|thus|therefore|hence|then|just|simply|exactly|precisely|clearly|indeed|finally|we get|we have|equal to|given by|:|=(?=\s))[\s,:]+)/i;

/** Most characters of which the words are counted: a longer piece is prose or will not be read. */
const MAX_WORDS_IN = 4_000;

/** Words of prose outside of the mathematics. */
export function proseWords(text: string, spans: readonly Span[] = mathSpans(text)): number {
  let count = 0;
  let from = 0;
  const outside = (piece: string): void => {
    for (const [word] of stripText(piece.slice(0, MAX_WORDS_IN)).matchAll(WORD)) {
      if (isProse(word)) count++;
    }
  };
  for (const { start, end } of spans) {
    outside(text.slice(from, start));
    from = end;
  }
  outside(text.slice(from));
  return count;
}

/** Without `\text{...}` and names of environments: what stands in them belongs to the formula. */
const stripText = (text: string): string => text.replace(/\\(?:text|textbf|textrm|mathrm|mathbf|mbox|operatorname|begin|end)\s?\{[^{}]{0,200}\}(?:\{[lcr|\s]{1,40}\})?/g, ""); // prettier-ignore

/** Whether there is a digit, a command or a formula in it. */
export const hasMath = (text: string): boolean => /\d|\\[a-zA-Z(]|\$[^$]/.test(text);

/** Ends at the first line break, or after the first sentence; never inside of a formula. */
export function firstSentence(text: string): string {
  const spans = mathSpans(text);
  let next = 0;
  for (let i = 0; i < text.length; i++) {
    const span = spans[next];
    if (span !== undefined && i >= span.start) {
      i = span.end - 1;
      next++;
      continue;
    }
    if (text[i] === "\n" || (isStop(text[i]) && endsSentence(text, i))) return text.slice(0, i);
  }
  return text;
}

const isStop = (c: string | undefined): boolean => c === "." || c === "!" || c === "?" || c === "。";

/** A stop before the end, or before a blank and no small letter: "2.5", "7 p.m. today" and "5!" go on. */
function endsSentence(text: string, at: number): boolean {
  if (text[at] === "。") return true;
  if (text[at] === "!") return /^\s+[A-Z]/.test(text.slice(at + 1, at + 8));
  const behind = text.slice(at + 1, at + 8);
  return /^["')\]*]{0,3}(?:$|\s+(?![a-z\s]))/.test(behind);
}

/** Clauses behind an announced answer that explain it. */
const EXPLAINING = /(?:,\s|\s)(?:because|since|as there|which|so that|such that we|meaning|as required|as desired)\b/i;

/** The same at the end of a text, where "which" may well bring the answer. */
const GIVING_REASONS = /(?:,\s|\s)(?:because|since|as required|as desired)\b/i;

/** Words that say nothing and are peeled off, most. */
const MAX_ROUNDS = 8;

/** Without markdown, quotes, closing punctuation and words that say nothing. */
export function tidy(text: string): string {
  let piece = text.trim();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = piece;
    piece = trimEnds(piece).replace(LEADING, "").trim();
    if (piece === before) break;
  }
  return piece;
}

/** Characters by hand: a regular expression that ends in `+$` looks at every run of them again and again. */
function trimEnds(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && '*_`"“”:>#~ \t\n'.includes(text[from] ?? "")) from++;
  while (to > from && '*_`"“”.,;:~ \t\n。∎'.includes(text[to - 1] ?? "") && !text.endsWith("\\", to - 1)) to--;
  return text.slice(from, to);
}

/** The letter of a choice in front of what it stands for: "(C) 5 apples", "C. 5". */
const CHOICE = /^(?:option|choice)?\s?(?:\(([A-J])\)|([A-J])[).:])(?=\s|$)/i;

/**
 * The part of a sentence that is meant as its answer: the whole where it is mathematics with joining words, else the bold
 * part, else its formula, else its number, else what stands behind "is". `take` says which of several.
 */
export function narrow(sentence: string, take: Take, wanted: Wanted): string {
  const [clause = ""] = sentence.split(take === "first" ? EXPLAINING : GIVING_REASONS, 1);
  const whole = withoutRemark(tidy(clause).replace(/(?:입니다|이다|です)$/, ""));
  const [, bracketed, bare] = (wanted.letter ? CHOICE.exec(whole) : null) ?? [];
  if (bracketed !== undefined || bare !== undefined) return bracketed ?? bare ?? "";
  const spans = mathSpans(whole);
  const said = proseWords(whole, spans) === 0 ? whole : statement(whole, spans);
  return partOf(said, said === whole ? spans : mathSpans(said), take, wanted);
}

/** What is said of a thing: behind the last "is" outside of formulas that has mathematics behind it; else all. */
function statement(text: string, spans: readonly Span[]): string {
  const lastMath = Math.max(spans.at(-1)?.start ?? -1, text.search(/\d(?=\D*$)/));
  let said = text;
  let next = 0;
  for (const { index, 0: verb } of text.matchAll(/\b(?:is|are|equals)\b:?\s(?!not\b)/g)) {
    while (next < spans.length && (spans[next]?.end ?? 0) <= index) next++;
    const isInFormula = (spans[next]?.start ?? Infinity) < index;
    if (!isInFormula && index < lastMath) said = text.slice(index + verb.length);
  }
  return said;
}

function partOf(whole: string, spans: readonly Span[], take: Take, wanted: Wanted): string {
  const [only] = spans;
  if (only?.start === 0 && only.end === whole.length) return tidy(only.inner);
  if (proseWords(whole, spans) === 0) return tidy(whole);
  const bold = pick(
    boldSpans(whole).filter(({ inner }) => hasMath(inner) && !inner.trimEnd().endsWith(":")),
    take,
  );
  if (bold !== undefined) return tidy(bold.inner);
  const formula = pick(
    spans.filter(({ inner }) => proseWords(inner, []) < 3),
    take,
  );
  if (formula !== undefined) return tidy(withSign(whole, formula));
  return mathRun(whole, take, wanted.listed) ?? tidy(/^[^]*\b(?:is|are|equals)\b:?\s([^]*)$/.exec(whole)?.[1] ?? whole);
}

/** Without a remark in brackets at its end: "12 ways (see above for 3 cases)"; and "minus 2" as -2. */
function withoutRemark(text: string): string {
  const at = text.endsWith(")") ? text.lastIndexOf(" (") : -1;
  const remark = at > 0 && proseWords(text.slice(at)) > 0;
  return (remark ? text.slice(0, at) : text).replace(/^(?:minus|negative)\s+(?=[\d$\\.])/i, "-");
}

const pick = <T>(items: readonly T[], take: Take): T | undefined => items.at(take === "first" ? 0 : -1);

/** A percent sign or a degree behind a formula changes its value, so it is taken along. */
function withSign(text: string, { inner, end }: Span): string {
  return `${inner}${/^\s?(?:\\?%|°)/.exec(text.slice(end, end + 3))?.[0] ?? ""}`;
}
