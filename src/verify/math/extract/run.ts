/** The mathematics in plain prose ("so the area is 25 pi in all"): a run of words that are none. */
import { isProse, WORD } from "./words.ts";
import type { Take } from "./prose.ts";

/** Most characters that are looked at, from the end that is wanted. */
const REACH = 4_000;

/** A number, whatever is written on to it: 5cm, $18, -3x. */
const NUMBER = /^[-−+(]{0,3}[$€£¥]?\.?\d/;

/** Words that may stand inside of a run but not at its edge. */
const EDGE = /^(?:and|or|to|by|of|for|when|with|if|plus|minus|times|over|all|except|where|a|i|e|am|=|,)$/i;

/** Words that only mean something behind a number. */
const BEHIND = /^[a-z]{2,}[²³]?$/i;

/** The first or last run with a digit in it; of a list of another length than `listed`, its first or last item. */
export function mathRun(sentence: string, take: Take, listed: number): string | undefined {
  const text = take === "last" ? sentence.slice(-REACH) : sentence.slice(0, REACH);
  const found = runs(text.split(/\s+/)).map(trimEdges).filter((run) => run.some((word) => /\d/.test(word))); // prettier-ignore
  const run = take === "last" ? found.at(-1) : found[0];
  if (run === undefined) return undefined;
  const parts = run.join(" ").split(/,\s|;\s|\s(?:and|or)\s/);
  const value = parts.length === 1 || parts.length === listed ? run.join(" ") : (parts.at(take === "last" ? -1 : 0) ?? ""); // prettier-ignore
  return result(value).replace(/[.,;:!?]+$/, "");
}

function runs(words: readonly string[]): string[][] {
  const found: string[][] = [[]];
  for (const word of words) {
    if (belongs(word)) found.at(-1)?.push(word);
    else found.push([]);
  }
  return found;
}

/** "Total:" names what follows. */
const LABEL = /^[^\d\\]*:$/;

const belongs = (word: string): boolean =>
  NUMBER.test(word) || !(LABEL.test(word) || (word.match(WORD) ?? []).some((part) => isProse(part)));

function trimEdges(run: readonly string[]): string[] {
  let from = 0;
  let to = run.length;
  const isEdge = (word: string, next: string | undefined): boolean => EDGE.test(word) && next !== "=";
  while (from < to && (isEdge(run[from] ?? "", run[from + 1]) || BEHIND.test(run[from] ?? ""))) from++;
  while (to > from && EDGE.test(run[to - 1] ?? "")) to--;
  return run.slice(from, to);
}

/** Of a sum that was carried out ("3 + 4 = 7") its result; "x = 7" stays as it is. */
function result(text: string): string {
  const at = text.lastIndexOf("=");
  return at > 0 && /^[^a-z=]*=/i.test(text) ? text.slice(at + 1).trim() : text;
}
