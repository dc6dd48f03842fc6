/** Products of two numbers with as many digits each as the difficulty says: where small learners need a scratchpad. */
import { ofDigits, type Task } from "./task.ts";

export const multiplication: Task = {
  name: "multiplication",
  number: 12,
  make(rng, difficulty) {
    const [a, b] = [ofDigits(rng, difficulty), ofDigits(rng, difficulty)];
    return { question: `What is ${a} * ${b}?`, gold: `${a * b}` };
  },
};
