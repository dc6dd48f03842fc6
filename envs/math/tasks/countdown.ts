/** Countdown as one of the tasks: any expression of the given numbers with the right value is right. */
import { drawPuzzle } from "../../countdown/index.ts";
import type { Task } from "./task.ts";

export const countdown: Task = {
  name: "countdown",
  number: 10,
  make(rng, difficulty) {
    const puzzle = drawPuzzle(rng, {
      numbers: difficulty < 3 ? 2 : difficulty < 6 ? 3 : difficulty < 9 ? 4 : 5,
      maxNumber: 9 + 10 * (difficulty - 1),
      maxTarget: 20 * difficulty,
    });
    return {
      question: `Use each of the numbers ${puzzle.numbers.join(", ")} exactly once, with + - * / and parentheses, to make ${puzzle.target}.`,
      gold: `${puzzle.target}`,
      puzzle: { numbers: puzzle.numbers, target: puzzle.target },
    };
  },
};
