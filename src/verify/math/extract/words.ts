/** Which words belong to an answer and which are prose around it. */

/** Words that join answers or are part of them; a text of these and mathematics is taken whole. */
const BELONGING = new Set("and or to by mod of pi e i no solution solutions real numbers infinity inf true false yes none am pm a.m p.m sin cos tan cot sec csc log ln exp sqrt cbrt abs gcd lcm min max arcsin arccos arctan sinh cosh tanh asin acos atan floor ceil factorial binom choose union cap cup intersection emptyset all if except where when for with plus minus times over squared cubed half degrees degree radians rad percent dollars dollar cents cent hours hour minutes minute seconds second days day weeks week months month years year meters meter metres metre feet foot inches inch miles mile square cubic units unit cm mm km kg mg lb lbs oz ft yd mph ml".split(" ")); // prettier-ignore

/** A word of two letters or more that is not part of a command or a number's exponent. */
export const WORD = /\\?[A-Za-z][A-Za-z']+/g;

/** @param word a match of {@link WORD} */
export const isProse = (word: string): boolean => !word.startsWith("\\") && !BELONGING.has(word.toLowerCase());
