/** Arithmetic and geometric progressions: a term, or the sum of the first terms. */
import type { Rng } from "dojang/env";
import { fraction, latex } from "./fraction.ts";
import { between, nonZero, type Draft, type Task } from "./task.ts";

export const series: Task = {
  name: "series",
  number: 6,
  make: (rng, difficulty) => {
    if (difficulty >= 8 && rng.int(2) === 0) return infinite(rng, difficulty);
    return difficulty >= 5 && rng.int(2) === 0 ? geometric(rng, difficulty) : arithmetic(rng, difficulty);
  },
};

const shown = (terms: readonly number[]): string => terms.slice(0, 3).join(", ");

function arithmetic(rng: Rng, difficulty: number): Draft {
  const [first, step] = [between(rng, -5 * difficulty, 10 * difficulty), nonZero(rng, -3 - difficulty, 3 + difficulty)];
  const n = between(rng, 4, 5 + 5 * difficulty);
  const start = `The arithmetic progression ${shown([first, first + step, first + 2 * step])}, ...`;
  if (difficulty < 4)
    return { question: `${start} goes on. What is its term number ${n}?`, gold: `${first + (n - 1) * step}` };
  return {
    question: `${start} goes on. What is the sum of its first ${n} terms?`,
    gold: `${(n * (2 * first + (n - 1) * step)) / 2}`,
  };
}

function geometric(rng: Rng, difficulty: number): Draft {
  const [first, by] = [between(rng, 1, difficulty), rng.choice([2, 3, -2, 4])];
  const n = between(rng, 4, 3 + Math.floor(difficulty / 2));
  const terms = Array.from({ length: n }, (_, i) => first * by ** i);
  return {
    question: `What is the sum of the first ${n} terms of the geometric progression ${shown(terms)}, ...?`,
    gold: `${terms.reduce((sum, term) => sum + term, 0)}`,
  };
}

/** first / (1 - p/q) for 0 < p < q. */
function infinite(rng: Rng, difficulty: number): Draft {
  const q = between(rng, 2, difficulty);
  const ratio = fraction(between(rng, 1, q - 1), q);
  const first = between(rng, 1, 3 * difficulty);
  return {
    question: `What is the sum of the infinite geometric series with first term ${first} and ratio $${latex(ratio)}$?`,
    gold: latex(fraction(first * ratio.d, ratio.d - ratio.n)),
  };
}
