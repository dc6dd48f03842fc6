/** Answers in words: compared without regard to case, spaces and punctuation; a few set phrases mean the same. */
import { CONSTANTS, FUNCTIONS, GREEK, table } from "./names.ts";
import { knownUnit } from "./units.ts";

/** The words of a text in lower case, without commands, articles and punctuation. */
export function wordsOf(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|operatorname|emph)\s*\{([^{}]*)\}/g, " $1 ")
    .replace(/\\[,;:! ]|\\q?quad|~/g, " ")
    .toLowerCase()
    .replace(/[*_`"“”]/g, " ")
    .replace(/[^\p{L}\p{N}%$+\-/.' ]/gu, " ")
    .replace(/(?<!\d)[.](?!\d)|[.](?=\s|$)/g, " ")
    .replace(/\b(?:the|a|an)\s+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const PHRASES = new Map<string, string>(
  (
    [
      [
        "none",
        "no solution|no solutions|no real solution|no real solutions|none|empty set|does not exist|dne|no such value exists|no answer",
      ],
      [
        "reals",
        "all real numbers|all reals|all real|real numbers|reals|any real number|every real number|for all real numbers",
      ],
      ["undefined", "undefined|not defined|is undefined"],
      ["infinity", "infinity|infinite|positive infinity"],
      ["infinitely many", "infinitely many|infinitely many solutions|infinite solutions|infinite number of solutions"],
    ] as const
  ).flatMap(([meaning, list]) => list.split("|").map((phrase) => [phrase, meaning] as const)),
);

/** What a set phrase means ("no solution" and "none" both "none"), or the words themselves. */
export function meaningOf(words: string): string {
  return PHRASES.get(words) ?? PHRASES.get(words.replace(/^(?:there (?:is|are)|it) /, "")) ?? words;
}

const NUMBER_WORDS =
  table(`zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12
  thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20 thirty 30 forty 40
  fifty 50 sixty 60 seventy 70 eighty 80 ninety 90 hundred 100`);

/** "twenty-five" -> 25, for 0 to 100; null for other words. */
export function numberOfWords(words: string): number | null {
  const parts = words.split(/[ -]/);
  const values = parts.map((part) => NUMBER_WORDS.get(part));
  if (values.length === 1 && values[0] !== undefined) return Number(values[0]);
  const [tens, ones] = values.map(Number);
  const proper = values.length === 2 && tens! >= 20 && tens! < 100 && ones! > 0 && ones! < 10;
  return proper ? tens! + ones! : null;
}

/** Words of up to three letters that are words, not products of variables. */
const SHORT_WORDS = new Set(
  `no on yes odd all any one two six ten red tie day sun mon tue wed thu fri sat may not off up out in at it is by or and
   to of if so do go he we us she his her the man boy cat dog bob tom ann joe sam amy max min amy jan feb mar apr jun jul
   aug sep oct nov dec dne inf nan old new big hot low low top box bus car pen cup egg ice`.split(/\s+/),
);

/** Whether the text is plain language: words that are neither variables nor names of mathematics. */
export function isText(text: string): boolean {
  if (!/\p{L}/u.test(text)) return false;
  text = text.replace(/\\[,;:! ]|\\q?quad(?![a-zA-Z])|~/g, " ");
  const wrapped = /^\\(?:text|textbf|textit|textrm|mathrm|mbox|operatorname)\s*\{([^{}\\]*)\}$/.exec(text);
  const plain = (wrapped?.[1] ?? text).trim();
  if (!/^[\p{L}\p{M}\s.,;:!?'’&()-]+$/u.test(plain)) return false;
  const words = plain.split(/[^\p{L}\p{M}'’]+/u).filter((word) => word !== "");
  return words.some((word) => isLanguage(word, words.length === 1));
}

function isLanguage(word: string, alone: boolean): boolean {
  const lower = word.toLowerCase();
  if (FUNCTIONS.has(word) || CONSTANTS.has(word) || GREEK.has(word) || lower === "or" || lower === "and") return false;
  if (word.length >= 4) return alone || knownUnit(word) === null;
  if (SHORT_WORDS.has(lower)) return word.length > 1;
  // Two or three capitals name a segment, an angle or a person rather than a product.
  return alone && word.length > 1 && /^\p{Lu}/u.test(word);
}
