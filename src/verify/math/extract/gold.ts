/** The gold answer: data, so it is taken as it is, unless it is a whole solution that ends in a box or behind ####. */
import { extract } from "./extract.ts";
import type { Wanted } from "./prose.ts";

export interface Gold extends Wanted {
  readonly text: string;
}

/** Reads a gold answer. Linear in its text. */
export function readGold(gold: string): Gold {
  const last = { listed: 1, letter: false };
  const text = extract(gold, { kinds: ["boxed", "hashes"], thoughts: true }, last)?.text ?? gold.trim();
  return { text, listed: countListed(text), letter: /^(?:\\text\s?\{)?\(?[A-J]\)?\}?$/.test(text) };
}

/** How many answers a text lists at its top level: "1, 2" two, "(1, 2)" and "1,234" one. */
export function countListed(gold: string): number {
  const text = inside(gold.replaceAll("$", "").replace(WORDS, " $1 ").trim());
  let depth = 0;
  let count = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    else if (depth <= 0 && separates(text, i, c)) count++;
  }
  return count;
}

const WORDS = /\\(?:text|textrm|mathrm|mbox)\s?\{([^{}]{0,60})\}/g;

/** Between the braces of a set, which lists its elements. */
const inside = (text: string): string => /^\\(?:left\s?\\)?\{([^]*)\\(?:right\s?\\)?\}$/.exec(text)?.[1] ?? text;

function separates(text: string, at: number, c: string): boolean {
  if (c === ";") return true;
  // 1,234 and 1,\!234 are one number.
  if (c === ",") return !(isDigit(text[at - 1]) && /^(?:\\!)?\d{3}(?!\d)/.test(text.slice(at + 1, at + 7)));
  return (c === "a" || c === "o") && /^(?:and|or)[\s}\\]/.test(text.slice(at, at + 4)) && !/[a-z\\]/i.test(text[at - 1] ?? ""); // prettier-ignore
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= "0" && c <= "9";
