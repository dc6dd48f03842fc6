/** Reads a unit written in words and signs: "cm^2", "m/s", "square meters", "miles per hour", "red balls". */
import { countedNoun, knownUnit, NO_UNIT, timesUnit, type Unit } from "./units.ts";

const LEXEME = /°|\p{L}+|\d+|-|\^|[/*·]|[^\s]/gu;
const MOST_LEXEMES = 16;

/** The unit that the whole text spells, or null. `nouns`: unknown words count as things. */
export function readUnit(text: string, nouns: boolean): Unit | null {
  const plain = text
    .replaceAll("{", "")
    .replaceAll("}", "")
    .replace(/\b(sq|cu)\./g, "$1")
    .replace(/[.,]\s*$/, "")
    .trim();
  const words = plain.match(LEXEME);
  if (words === null || words.length > MOST_LEXEMES) return null;
  return readFactors(words) ?? (nouns && /^\p{L}+(?:[ -]\p{L}+){0,3}$/u.test(plain) ? countedNoun(plain) : null);
}

function readFactors(words: readonly string[]): Unit | null {
  let unit: Unit | null = null;
  let at = 0;
  let sign = 1;
  while (at < words.length) {
    const word = words[at]!;
    if (word === "/" || word.toLowerCase() === "per") {
      if (unit === null) return null;
      sign = -1;
      at++;
      continue;
    }
    if (word === "*" || word === "·") {
      at++;
      continue;
    }
    const factor = readFactor(words, at);
    if (factor === null) return null;
    unit = timesUnit(unit ?? NO_UNIT, factor.unit, sign * factor.power);
    sign = 1;
    at = factor.end;
  }
  return sign === 1 ? unit : null;
}

const POWERS: Readonly<Record<string, number>> = { square: 2, sq: 2, cubic: 3, cu: 3, squared: 2, cubed: 3 };

function readFactor(words: readonly string[], start: number): { unit: Unit; power: number; end: number } | null {
  let at = start;
  let power = POWERS[words[at]!.toLowerCase()] ?? 1;
  if (power !== 1) at++;
  const unit = words[at] === "°" ? knownUnit(degrees(words[at + 1])) : knownUnit(words[at] ?? "");
  if (unit === null) return null;
  at += words[at] === "°" && words[at + 1] !== undefined ? 2 : 1;
  const after = POWERS[words[at] ?? ""];
  if (after !== undefined && words[at]!.endsWith("d")) [power, at] = [power * after, at + 1];
  if (words[at] === "^") {
    const negative = words[at + 1] === "-";
    const digits = words[at + (negative ? 2 : 1)] ?? "";
    if (!/^[1-9]$/.test(digits)) return null;
    [power, at] = [power * Number(digits) * (negative ? -1 : 1), at + (negative ? 3 : 2)];
  }
  return { unit, power, end: at };
}

function degrees(letter: string | undefined): string {
  return letter === "C" ? "celsius" : letter === "F" ? "fahrenheit" : "degree";
}
