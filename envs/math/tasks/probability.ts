/** Probabilities of dice, coins and urns, as exact fractions. */
import type { Rng } from "dojang/env";
import { fraction, latex } from "./fraction.ts";
import { between, type Draft, type Task } from "./task.ts";

const END = "Give the answer as a fraction in lowest terms.";

export const probability: Task = {
  name: "probability",
  number: 7,
  make: (rng, difficulty) => {
    if (difficulty < 4) return ball(rng, difficulty);
    if (difficulty < 7) return rng.int(2) === 0 ? dice(rng) : coins(rng, difficulty);
    return urn(rng, difficulty);
  },
};

function ball(rng: Rng, difficulty: number): Draft {
  const [red, blue] = [between(rng, 1, 4 * difficulty), between(rng, 1, 4 * difficulty)];
  return {
    question: `A bag holds ${red} red and ${blue} blue balls. One is drawn at random. What is the probability that it is red? ${END}`,
    gold: latex(fraction(red, red + blue)),
  };
}

function dice(rng: Rng): Draft {
  const sum = between(rng, 2, 12);
  return {
    question: `Two fair six-sided dice are thrown. What is the probability that they show ${sum} in all? ${END}`,
    gold: latex(fraction(6 - Math.abs(7 - sum), 36)),
  };
}

function coins(rng: Rng, difficulty: number): Draft {
  const n = between(rng, 3, difficulty + 2);
  const heads = between(rng, 0, n);
  return {
    question: `A fair coin is thrown ${n} times. What is the probability of exactly ${heads} heads? ${END}`,
    gold: latex(fraction(choose(n, heads), 2 ** n)),
  };
}

/** Several drawn at once: all of them red. */
function urn(rng: Rng, difficulty: number): Draft {
  const drawn = difficulty < 9 ? 2 : 3;
  const [red, blue] = [between(rng, drawn, difficulty + 4), between(rng, 1, difficulty + 4)];
  return {
    question: `An urn holds ${red} red and ${blue} blue balls. ${drawn} are drawn without putting any back. What is the probability that all are red? ${END}`,
    gold: latex(fraction(choose(red, drawn), choose(red + blue, drawn))),
  };
}

export const choose = (n: number, k: number): number =>
  Array.from({ length: k }, (_, i) => i).reduce((product, i) => (product * (n - i)) / (i + 1), 1);
