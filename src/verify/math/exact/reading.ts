/** What one side says: a tree, words, a choice, a date, a time of day; or that it is broken. */
import type { Node } from "./ast.ts";
import { type Choice, readChoice } from "./choice.ts";
import { readDate, readTime, type Time } from "./dates.ts";
import { readBaseNumeral } from "./base-numeral.ts";
import { parse } from "./parse.ts";
import type { Settings } from "./quantities.ts";
import { strip } from "./strip.ts";
import { isText, wordsOf } from "./text.ts";
import { Malformed, TooLarge, Unsupported } from "./work.ts";

export interface Reading {
  /** The stripped text. */
  readonly text: string;
  /** Words in lower case, for answers in plain language. */
  readonly words: string;
  readonly isText: boolean;
  readonly choice: Choice | null;
  readonly date: string | null;
  readonly time: Time | null;
  /** The tree; null where the text is words, or could not be read. */
  readonly node: Node | null;
  /** Why there is no tree: broken, or something that only another tier may know. */
  readonly failure: "broken" | "unknown" | null;
}

/** @throws {TooLarge} */
export function read(raw: string, settings: Settings): Reading {
  const text = strip(raw);
  const base = { text, words: wordsOf(text), choice: readChoice(text), date: readDate(text), time: readTime(text) };
  const numeral = readBaseNumeral(text);
  if (numeral !== null) return { ...base, isText: false, node: numeral, failure: null };
  if (isText(text)) return { ...base, isText: true, node: null, failure: null };
  try {
    return { ...base, isText: false, node: parse(text, settings), failure: null };
  } catch (error) {
    if (error instanceof TooLarge || !(error instanceof Malformed || error instanceof Unsupported)) throw error;
    const failure = error instanceof Malformed ? "broken" : "unknown";
    // Letters without mathematics around them are words after all.
    const isWords = /\p{L}{2}/u.test(text) && !/[\\^_={}<>|]/.test(text);
    return { ...base, isText: isWords, node: null, failure: isWords ? null : failure };
  }
}
