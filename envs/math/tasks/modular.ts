/** Remainders of sums, products and powers. */
import { between, type Task } from "./task.ts";

export const modular: Task = {
  name: "modular",
  number: 4,
  make(rng, difficulty) {
    const m = between(rng, 2 + difficulty, 7 + 6 * difficulty);
    const size = 10 ** Math.min(4, 1 + Math.ceil(difficulty / 3));
    const [a, b] = [BigInt(between(rng, 2, size)), BigInt(between(rng, 2, size))];
    const exponent = BigInt(between(rng, 2, 4 * difficulty));
    const [text, value] =
      difficulty < 4
        ? ([`${a} + ${b}`, a + b] as const)
        : difficulty < 7
          ? ([`${a} * ${b}`, a * b] as const)
          : ([`${a}^${exponent}`, a ** exponent] as const);
    return { question: `What is the remainder of ${text} divided by ${m}?`, gold: (value % BigInt(m)).toString() };
  },
};
