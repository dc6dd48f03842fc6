/** Labelled pairs as a trainer sends them: answers of every family that the tests have, bare or at the end of a text. */
import { Draws } from "../../test/verify/math/pairs/draws.ts";
import { FAMILIES } from "../../test/verify/math/pairs/index.ts";

export interface Labelled {
  readonly family: string;
  readonly gold: string;
  /** A whole text. */
  readonly answer: string;
  readonly equal: boolean;
}

/** About 1,200 characters, as solutions are. */
const REASONING = "First we write $f(x) = 2x + 1$ and note that $f(3) = 7$, so the first condition holds.\nNext, \\[ 3 \\cdot 4 + 5 = 17 \\] which leaves 17 of them for **step two**. ".repeat(8); // prettier-ignore

const WRITINGS: readonly ((answer: string) => string)[] = [
  (answer) => answer,
  (answer) => `\\boxed{${answer}}`,
  (answer) => `${REASONING}\nThe final answer is $\\boxed{${answer}}$.`,
  (answer) => `<think>${REASONING}</think>\n<answer>${answer}</answer>`,
];

/** @param perFamily pairs of each of the families, half of them equal */
export function mixedPairs(perFamily: number): Labelled[] {
  const pairs = FAMILIES.flatMap((family) => family.pairs(new Draws(7), perFamily));
  return new Draws(11).shuffle(
    pairs.map(({ family, gold, answer, equal }, i) => ({ family, gold, answer: WRITINGS[i % WRITINGS.length]!(answer), equal })), // prettier-ignore
  );
}
