/** Whole answers in a base: 204_5, (204)_5, 1A_{16}, 101_{\text{two}}, "101 (base 2)", "204 base five". */
import type { Node } from "./ast.ts";

const SUBSCRIPT =
  /^(?:\(\s*([0-9A-Za-z]+)\s*\)|([0-9A-Za-z]+))_\s*(?:\{\s*(?:\\text\s*\{)?\s*\(?([0-9]+|[a-z]+)\)?\s*\}?\s*\}|([0-9]{1,2}))$/;
const IN_WORDS =
  /^(?:\\text\s*\{\s*)?([0-9A-Za-z]+)\s*(?:\\(?:text|mathrm)\s*\{)?\s*\(?\s*(?:in )?base[ -]([0-9]+|[a-z]+)\s*\)?\s*\}?$/;
const NAMES = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/** The numeral, or null where the text is something else. */
export function readBaseNumeral(text: string): Node | null {
  const found = SUBSCRIPT.exec(text);
  const words = found === null ? IN_WORDS.exec(text.replaceAll("~", " ")) : null;
  const digits = found?.[1] ?? found?.[2] ?? words?.[1];
  const named = found?.[3] ?? found?.[4] ?? words?.[2];
  if (digits === undefined || named === undefined || digits.length > 1000) return null;
  const base = /^\d/.test(named) ? Number(named) : NAMES.indexOf(named);
  if (base < 2 || base > 36) return null;
  const lower = digits.toLowerCase();
  if (!Array.from(lower).every((digit) => parseInt(digit, 36) < base)) return null;
  // x_1 and A_{12} are symbols; FF_{16} is not.
  if (!/^\d/.test(digits) && (digits.length < 2 || digits !== digits.toUpperCase())) return null;
  return { k: "base", digits: lower.replace(/^0+(?=.)/, ""), base };
}
