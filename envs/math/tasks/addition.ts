/** Sums of two numbers with as many digits each as the difficulty says: the task on which small learners are compared. */
import type { Rng } from "dojang/env";
import { between, type Task } from "./task.ts";

export const addition: Task = {
  name: "addition",
  number: 11,
  make(rng, difficulty) {
    const [a, b] = [draw(rng, difficulty), draw(rng, difficulty)];
    return { question: `What is ${a} + ${b}?`, gold: `${a + b}` };
  },
};

/** A number of exactly so many digits. */
function draw(rng: Rng, digits: number): bigint {
  const rest = Array.from({ length: digits - 1 }, () => rng.int(10));
  return BigInt([between(rng, 1, 9), ...rest].join(""));
}
