/** Finds the answer in a text: tries the kinds of places in order, and says which of them had it. */
import { boxes, neighbours } from "./boxed.ts";
import { DEFAULT_KINDS, DEFAULT_MAX_LENGTH, type ExtractOptions, type Kind } from "./options.ts";
import { announced } from "./phrase.ts";
import { hasMath, narrow, tidy, type Take, type Wanted } from "./prose.ts";
import { boldSpans, environments, mathSpans, type Span } from "./scan.ts";

export interface Extraction {
  readonly text: string;
  readonly from: Kind;
}

/**
 * The answer in a text, or undefined where there is none. Takes time linear in the text.
 * @param wanted what the gold answer looks like: as many neighbouring boxes as it lists are one list
 */
export function extract(text: string, options: ExtractOptions = {}, wanted: Wanted = ONE): Extraction | undefined {
  const { kinds = DEFAULT_KINDS, take = "last", count: listed = wanted.listed, thoughts = false } = options;
  const { maxLength = DEFAULT_MAX_LENGTH } = options;
  const near = take === "last" ? text.slice(-maxLength) : text.slice(0, maxLength);
  const plain = near.replace(TURNS, "\n");
  let scope: string | undefined = thoughts ? plain : behindThoughts(plain);
  for (const kind of kinds) {
    if (scope === undefined) return undefined;
    if (kind === "tag") {
      const inside = tagged(scope, take);
      if (inside !== undefined) scope = inside;
      continue;
    }
    const found = FIND[kind](scope, take, { ...wanted, listed });
    if (found !== undefined && found !== "") return { text: found, from: kind };
  }
  return undefined;
}

/** Marks of turns that a model left in its text. */
const TURNS = /<\|[a-z_]{1,20}\|>(?:user|assistant|system)?|<\/s>/g;

const ONE: Wanted = { listed: 1, letter: false };

type Find = (text: string, take: Take, wanted: Wanted) => string | undefined;

const FIND: Readonly<Record<Exclude<Kind, "tag">, Find>> = {
  boxed,
  hashes,
  phrase: announced,
  text: closing,
  display: (text, take) => tidyOf(pick(mathSpans(text).filter(({ display }) => display), take)), // prettier-ignore
  inline: (text, take) => tidyOf(pick(mathSpans(text).filter(({ display }) => !display), take)), // prettier-ignore
  bold: (text, take) => tidyOf(pick(boldSpans(text), take)),
};

const pick = <T>(items: readonly T[], take: Take): T | undefined => items.at(take === "first" ? 0 : -1);
const tidyOf = (span: Span | undefined): string | undefined => (span === undefined ? undefined : tidy(span.inner));

const THOUGHTS = "<think>";
const THOUGHTS_END = "</think>";

/** What follows the thoughts; undefined where they were never closed, for then there is no answer yet. */
function behindThoughts(text: string): string | undefined {
  const end = text.lastIndexOf(THOUGHTS_END);
  if (end >= 0) return text.slice(end + THOUGHTS_END.length);
  const begin = text.indexOf(THOUGHTS);
  return begin < 0 ? text : text.slice(0, begin).trim() === "" ? undefined : text.slice(0, begin);
}

const TAG = "<answer>";
const TAG_END = "</answer>";

function tagged(text: string, take: Take): string | undefined {
  if (take === "first") {
    const begin = text.indexOf(TAG);
    const end = begin < 0 ? -1 : text.indexOf(TAG_END, begin);
    return end < 0 ? undefined : text.slice(begin + TAG.length, end);
  }
  const end = text.lastIndexOf(TAG_END);
  const begin = end < 0 ? -1 : text.lastIndexOf(TAG, end);
  return begin < 0 ? undefined : text.slice(begin + TAG.length, end);
}

/** One box, unless exactly as many as are wanted stand side by side: more would be a list of guesses. */
function boxed(text: string, take: Take, { listed: count }: Wanted): string | undefined {
  const all = boxes(text);
  const chosen = take === "first" ? 0 : all.length - 1;
  const box = all[chosen];
  if (box === undefined || count === 1) return box?.inner;
  const group = count === Infinity ? all : neighbours(text, all, chosen);
  return group.length === count || count === Infinity ? group.map(({ inner }) => inner).join(", ") : box.inner;
}

function hashes(text: string, take: Take): string | undefined {
  const at = take === "first" ? text.indexOf("####") : text.lastIndexOf("####");
  if (at < 0) return undefined;
  const end = text.indexOf("\n", at);
  return tidy(text.slice(at + 4, end < 0 ? undefined : end));
}

/** Characters that are looked at for a closing line. */
const REACH = 20_000;

/** Most lines that are looked at for mathematics, from the end or the beginning. */
const MAX_LINES = 12;

/** The last line that holds mathematics, a formula over several lines as one; where none does, the last line. */
function closing(whole: string, take: Take, wanted: Wanted): string | undefined {
  const text = take === "last" ? whole.slice(-REACH) : whole.slice(0, REACH);
  const lines = nonEmptyLines(text, take);
  const line = lines.find(({ content }) => hasMath(content)) ?? lines[0];
  if (line === undefined) return undefined;
  const around = mathSpans(text).find(({ display, start, end }) => display && start < line.end && end > line.start);
  // The formula of a line inside a display is the display; a line around one keeps its words.
  if (around !== undefined && (around.start <= line.start || around.end >= line.end)) return tidy(around.inner);
  const block = aroundEnvironment(text, line);
  const found = narrow(take === "last" && block === line.content ? lastSentence(block) : block, take, wanted);
  // A box that is empty or was cut off is no answer.
  return /\\(?:boxed|fbox)/.test(found) ? undefined : found;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

/** The line, or all lines of the matrix that it is a row of. */
function aroundEnvironment(text: string, line: Line): string {
  const block = environments(text).find(({ start, end }) => start < line.end && end > line.start);
  if (block === undefined) return line.content;
  const [from] = lineBefore(text, block.start);
  const [, to] = lineFrom(text, block.end);
  return text.slice(Math.min(from, line.start), Math.max(to, line.end));
}

/** Nearest first. Fences, rules and closing boxes of a proof are not lines. */
function nonEmptyLines(text: string, take: Take): Line[] {
  const found: Line[] = [];
  let start = take === "first" ? 0 : text.length;
  while (found.length < MAX_LINES && (take === "first" ? start < text.length : start > 0)) {
    const [from, to] = take === "first" ? lineFrom(text, start) : lineBefore(text, start);
    start = take === "first" ? to + 1 : from - 1;
    const content = text.slice(from, to);
    if (tidy(content.replace(/^-{3,}$/, "")) !== "") found.push({ start: from, end: to, content });
  }
  return found;
}

function lineFrom(text: string, from: number): [number, number] {
  const to = text.indexOf("\n", from);
  return [from, to < 0 ? text.length : to];
}

function lineBefore(text: string, to: number): [number, number] {
  return [to === 0 ? 0 : text.lastIndexOf("\n", to - 1) + 1, to];
}

/** The last sentence with mathematics in it, where a line has several. */
function lastSentence(line: string): string {
  const stops = Array.from(line.matchAll(/[.!?]\s+(?=[A-Z$\\])/g), ({ index }) => index + 1);
  let end = line.length;
  for (const at of stops.reverse().slice(0, MAX_LINES)) {
    const sentence = line.slice(at, end);
    if (hasMath(sentence)) return sentence;
    end = at;
  }
  return line.slice(0, end);
}
