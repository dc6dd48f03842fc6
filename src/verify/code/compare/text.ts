/** Whether what a script printed is what was expected. */
import type { Rules } from "./rules.ts";
import { sameNumber } from "./numbers.ts";

/** Line by line, all of them: a right beginning is not enough. With a tolerance, numbers may differ within it. */
export function sameText(actual: string, expected: string, rules: Rules): boolean {
  if (rules.exactText) return actual === expected;
  const [a, b] = [linesOf(actual), linesOf(expected)];
  if (a.length !== b.length) return false;
  return a.every((line, i) => line === b[i] || (rules.textTolerance && sameWords(line, b[i]!, rules)));
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;

function sameWords(actual: string, expected: string, { tolerance }: Rules): boolean {
  const [a, b] = [words(actual), words(expected)];
  return a.length === b.length && a.every((word, i) => word === b[i] || sameNumberWord(word, b[i]!));

  function sameNumberWord(x: string, y: string): boolean {
    if (!NUMBER.test(x) || !NUMBER.test(y)) return false;
    return sameNumber({ float: Number(x) }, { float: Number(y) }, tolerance, false);
  }
}

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== "");
