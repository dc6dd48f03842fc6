/** What a generator of problems is: a pure function of random draws and a difficulty. */
import { episodeSeed, Rng } from "dojang/env";

/** Hardest difficulty; 1 is the easiest. */
export const MAX_DIFFICULTY = 10;

/** One problem with its answer. */
export interface Problem {
  /** Names the problem in errors and logs: task, item and difficulty, or file and line. */
  readonly id: string;
  /** The family that results are reported by. */
  readonly task: string;
  readonly question: string;
  /** The right answer, in LaTeX or plain. For a puzzle with many right answers, one of them. */
  readonly gold: string;
  /** Countdown: the answer is an expression of exactly these numbers with this value, not `gold`. */
  readonly puzzle?: { readonly numbers: readonly number[]; readonly target: number };
}

export type Draft = Omit<Problem, "id" | "task">;

export interface Task {
  readonly name: string;
  /** Part of the seed, so that no two tasks draw the same numbers; never changed, never used again. */
  readonly number: number;
  /** @param difficulty 1 .. 10 */
  make(rng: Rng, difficulty: number): Draft;
}

/** Items of one task and difficulty: 0 .. 2^40 - 1. */
export const MAX_ITEM = 2 ** 40;

/**
 * Item `item` of a task: the same for the same (seed, item, difficulty) on every machine, whatever was asked for before.
 * @param seed 0 .. 2^53 - 1
 */
export function problemOf(task: Task, seed: number, item: number, difficulty: number): Problem {
  const rng = new Rng(episodeSeed(seed, item, task.number * 16 + difficulty));
  return { id: `${task.name}-${difficulty}-${item}`, task: task.name, ...task.make(rng, difficulty) };
}

/** An integer in low .. high, both included. */
export const between = (rng: Rng, low: number, high: number): number => low + rng.int(high - low + 1);

/** The same, but never 0. */
export function nonZero(rng: Rng, low: number, high: number): number {
  for (;;) {
    const drawn = between(rng, low, high);
    if (drawn !== 0) return drawn;
  }
}

/** A number of exactly so many digits. @param digits from 1 on */
export function ofDigits(rng: Rng, digits: number): bigint {
  const rest = Array.from({ length: digits - 1 }, () => rng.int(10));
  return BigInt([between(rng, 1, 9), ...rest].join(""));
}
