/** Compares what two sides say: dates with dates, choices with choices, words with words, trees with trees. */
import type { Node } from "./ast.ts";
import type { Choice } from "./choice.ts";
import { compareNodes } from "./compare.ts";
import { foldRational } from "./fold.ts";
import type { Settings } from "./quantities.ts";
import { type Reading, read } from "./reading.ts";
import type { Verdict } from "./scalar.ts";
import { meaningOf, numberOfWords } from "./text.ts";

/** @throws {TooLarge}; {Malformed} and {Unsupported} where a comparison meets something undefined or unknown */
export function compareReadings(gold: Reading, answer: Reading, settings: Settings): Verdict {
  if (gold.choice !== null && gold.choice.rest === "") return againstLetter(gold, gold.choice, answer, settings);
  if (gold.choice !== null && answer.choice !== null) return compareOptions(gold.choice, answer.choice);
  if (answer.choice?.marked === true && answer.choice.rest !== "") {
    const rest = read(answer.choice.rest, settings);
    const found = compareReadings(gold, rest, settings);
    if (found.equal === true) return found;
  }
  if (gold.date !== null && answer.date !== null) return { equal: gold.date === answer.date, rule: "date" };
  if (gold.time !== null && answer.time !== null && (gold.time.sure || answer.time.sure)) {
    return { equal: gold.time.seconds === answer.time.seconds, rule: "time" };
  }
  if (gold.time !== null && answer.time !== null) return timesOrRatios(gold, answer, settings);
  if (gold.isText || answer.isText) return compareTexts(gold, answer, settings);
  if (gold.node !== null && answer.node !== null) return compareNodes(gold.node, answer.node, settings);
  return { equal: null, rule: "undecided" };
}

/** 1:20 and 2:40 are the same ratio, but not the same time of day. */
function timesOrRatios(gold: Reading, answer: Reading, settings: Settings): Verdict {
  if (gold.time?.seconds === answer.time?.seconds) return { equal: true, rule: "time" };
  const found = gold.node && answer.node ? compareNodes(gold.node, answer.node, settings) : null;
  return found?.equal === false ? found : { equal: null, rule: "undecided" };
}

/** The gold is one letter: a choice if the answer is one too, else a variable or a vitamin. */
function againstLetter(gold: Reading, letter: Choice, answer: Reading, settings: Settings): Verdict {
  if (answer.choice !== null) {
    return { equal: letter.letter === answer.choice.letter, rule: "choice" };
  }
  if (gold.node !== null && answer.node !== null && !answer.isText)
    return compareNodes(gold.node, answer.node, settings);
  return { equal: false, rule: "choice" };
}

function compareOptions(gold: Choice, answer: Choice): Verdict {
  const plain = (text: string): string => text.toLowerCase().replace(/\s+|[.$]/g, "");
  const sameText = answer.rest === "" || gold.rest === "" || plain(gold.rest) === plain(answer.rest);
  return {
    equal: gold.letter === answer.letter && sameText ? true : gold.letter === answer.letter ? null : false,
    rule: "choice",
  };
}

/** Set phrases that stand for something mathematical. */
const MEANT = new Map<string, Node>([
  ["none", { k: "set", items: [] }],
  ["reals", { k: "known", name: "R" }],
  ["infinity", { k: "const", name: "inf" }],
]);

/** At least one side is words. */
function compareTexts(gold: Reading, answer: Reading, settings: Settings): Verdict {
  const [g, a] = [meaningOf(gold.words), meaningOf(answer.words)];
  if (g === a) return { equal: true, rule: "text" };
  if (gold.isText && answer.isText) return { equal: squeezed(g) === squeezed(a), rule: "text" };
  const [words, tree] = gold.isText ? [g, answer.node] : [a, gold.node];
  if (tree === null) return { equal: null, rule: "undecided" };
  const meant = MEANT.get(words);
  if (meant !== undefined)
    return gold.isText ? compareNodes(meant, tree, settings) : compareNodes(tree, meant, settings);
  const letters = /^[A-J]{2,6}$/.test((gold.isText ? gold : answer).text) ? lettersOf(tree) : null;
  if (letters !== null) return { equal: letters === Array.from(words).sort().join(""), rule: "choice" };
  const number = numberOfWords(words);
  if (number !== null) {
    const value = foldRational(tree);
    if (value !== null) return { equal: value.d === 1n && value.n === BigInt(number), rule: "text" };
  }
  return { equal: false, rule: "text" };
}

/** "A, C" as "ac": several letters of a choice; null for any other list. */
function lettersOf(tree: Node): string | null {
  if (tree.k !== "list" || !tree.items.every((item) => item.k === "sym" && /^[A-J]$/.test(item.name))) return null;
  return tree.items
    .map((item) => (item.k === "sym" ? item.name.toLowerCase() : ""))
    .sort()
    .join("");
}

/** Without spaces and hyphens: "south-east", "south east" and "southeast" are one word. */
function squeezed(words: string): string {
  return words.replace(/[\s-]/g, "");
}
