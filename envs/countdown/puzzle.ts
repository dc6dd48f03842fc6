/** Draws Countdown puzzles that have a solution. */
import type { Rng } from "dojang/env";

export interface Puzzle {
  readonly numbers: readonly number[];
  readonly target: number;
}

export interface PuzzleOptions {
  /** How many numbers are given. */
  readonly numbers: number;
  /** Largest of them; the smallest is 1. */
  readonly maxNumber: number;
  /** Largest target; the smallest is 1. */
  readonly maxTarget: number;
}

/** Puzzles drawn before an easy one is taken. */
const MAX_ATTEMPTS = 100;

const OPERATORS = ["+", "-", "*", "/"] as const;

/**
 * Draws the numbers, then joins two values at random by a random operator until one is left: that is the target, if it
 * and every value on the way are integers from 1 on and it is at most maxTarget; else all is drawn again. After 100
 * attempts, which only options far apart can use up (two numbers up to 1,000, targets up to 1), all numbers are 1.
 */
export function drawPuzzle(rng: Rng, options: PuzzleOptions): Puzzle {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const numbers = drawNumbers(rng, options);
    const target = drawTarget(rng, numbers, options.maxTarget);
    if (target !== undefined) return { numbers, target };
  }
  return easyPuzzle(options);
}

const drawNumbers = (rng: Rng, { numbers, maxNumber }: PuzzleOptions): number[] =>
  Array.from({ length: numbers }, () => 1 + rng.int(maxNumber));

/** What random operations make of all numbers; undefined where a value on the way is no integer from 1 on, or the last is too large. */
function drawTarget(rng: Rng, numbers: readonly number[], maxTarget: number): number | undefined {
  const values = [...numbers];
  while (values.length > 1) {
    const [left] = values.splice(rng.int(values.length), 1);
    const [right] = values.splice(rng.int(values.length), 1);
    const value = join(left!, rng.choice(OPERATORS), right!);
    if (!(Number.isSafeInteger(value) && value >= 1)) return undefined;
    values.push(value);
  }
  const [target] = values;
  return target! <= maxTarget ? target : undefined;
}

function join(left: number, operator: (typeof OPERATORS)[number], right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

/** All ones, whose product is 1: fits any options. */
const easyPuzzle = ({ numbers }: PuzzleOptions): Puzzle => ({ numbers: new Array<number>(numbers).fill(1), target: 1 });
