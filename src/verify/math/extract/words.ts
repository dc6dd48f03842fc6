/** Which words belong to an answer and which are prose around it. */
import { knownUnit } from "../exact/units.ts";

/** Words that join answers or are part of them; a text of these and mathematics is taken whole. */
const BELONGING = new Set("and or to by mod of pi e i no solution solutions real numbers infinity inf true false yes none am pm a.m p.m sin cos tan cot sec csc log ln exp sqrt cbrt abs gcd lcm min max arcsin arccos arctan sinh cosh tanh asin acos atan floor ceil factorial binom choose union cap cup intersection emptyset all if except where when for with plus minus times over squared cubed half degrees degree radians rad percent dollars dollar cents cent hours hour minutes minute seconds second days day weeks week months month years year meters meter metres metre feet foot inches inch miles mile square cubic units unit cm mm km kg mg lb lbs oz ft yd mph ml".split(" ")); // prettier-ignore

/** A word of two letters or more that is not part of a command and not written on to a number. */
export const WORD = /(?<![\w^\\])\\?[A-Za-z][A-Za-z']+/g;

/** Names of months and days, long and short: a date is an answer. */
const CALENDAR =
  /^(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?|noon|midnight|o'clock|st|nd|rd|th)$/i;

/** Words of prose that are also written for units. */
const NO_UNIT = new Set("are bar hand hands stone rod rods point points chain chains".split(" "));

/** Words of two letters that are prose; others are products of unknowns, or units. */
const SHORT = new Set("an as at be do go he hi if in is it me my no of oh on so up us we".split(" "));

/** @param word a match of {@link WORD} */
export function isProse(word: string): boolean {
  const lower = word.toLowerCase();
  if (word.startsWith("\\") || BELONGING.has(lower) || CALENDAR.test(word)) return false;
  if (word.length === 2) return SHORT.has(lower);
  return NO_UNIT.has(lower) || knownUnit(word) === null;
}
