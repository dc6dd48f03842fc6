/** Sums of two numbers with as many digits each as the difficulty says: the task on which small learners are compared. */
import { ofDigits, type Task } from "./task.ts";

export const addition: Task = {
  name: "addition",
  number: 11,
  make(rng, difficulty) {
    const [a, b] = [ofDigits(rng, difficulty), ofDigits(rng, difficulty)];
    return { question: `What is ${a} + ${b}?`, gold: `${a + b}` };
  },
};
