/** Word problems of two to four steps: trade, speed, sharing, age. */
import type { Rng } from "dojang/env";
import { fraction, latex } from "./fraction.ts";
import { between, type Draft, type Task } from "./task.ts";

const NAMES = ["Ana", "Ben", "Chloe", "Dae", "Emil", "Fatima", "Goro", "Hana", "Ivo", "Jun"];
const THINGS = ["apples", "pencils", "stickers", "marbles", "books", "coins"];

export const words: Task = {
  name: "word-problems",
  number: 9,
  make: (rng, difficulty) => {
    const stories =
      difficulty < 4 ? [shopping, sharing] : difficulty < 8 ? [shopping, travel, ages] : [travel, ages, together];
    return rng.choice(stories)(rng, difficulty);
  },
};

function shopping(rng: Rng, difficulty: number): Draft {
  const [name, thing] = [rng.choice(NAMES), rng.choice(THINGS)];
  const [had, boxes, each] = [
    between(rng, 2, 10 * difficulty),
    between(rng, 2, 4 + difficulty),
    between(rng, 2, 6 + difficulty),
  ];
  const given = between(rng, 1, had + boxes * each - 1);
  return {
    question: `${name} has ${had} ${thing}, buys ${boxes} boxes with ${each} ${thing} each and then gives ${given} away. How many ${thing} are left?`,
    gold: `${had + boxes * each - given}`,
  };
}

function sharing(rng: Rng, difficulty: number): Draft {
  const [thing, friends, each] = [
    rng.choice(THINGS),
    between(rng, 2, 3 + difficulty),
    between(rng, 2, 8 + 4 * difficulty),
  ];
  const rest = between(rng, 0, friends - 1);
  return {
    question: `${friends} friends share ${friends * each + rest} ${thing} so that all get the same whole number and as few as possible are left over. How many are left over?`,
    gold: `${rest}`,
  };
}

function travel(rng: Rng, difficulty: number): Draft {
  const [first, second] = [between(rng, 20, 40 + 10 * difficulty), between(rng, 20, 40 + 10 * difficulty)];
  const [hours, more] = [between(rng, 1, 2 + difficulty), between(rng, 1, 2 + difficulty)];
  return {
    question: `A train goes ${hours} hours at ${first} km/h and then ${more} hours at ${second} km/h. What is its average speed in km/h over the whole way? Give the exact value.`,
    gold: latex(fraction(first * hours + second * more, hours + more)),
  };
}

function ages(rng: Rng, difficulty: number): Draft {
  const [older, younger] = rng.shuffle([...NAMES]);
  const [times, age, years] = [
    between(rng, 2, 3 + Math.floor(difficulty / 3)),
    between(rng, 3, 5 + 3 * difficulty),
    between(rng, 2, 4 + difficulty),
  ];
  return {
    question: `${older} is ${times} times as old as ${younger}. In ${years} years they will be ${times * age + age + 2 * years} years old together. How old is ${younger} now?`,
    gold: `${age}`,
  };
}

/** Two workers at once. */
function together(rng: Rng, difficulty: number): Draft {
  const [one, other] = [rng.choice(NAMES), between(rng, 2, 4 + difficulty)];
  const alone = between(rng, 2, 4 + difficulty);
  return {
    question: `${one} paints a fence in ${alone} hours, a neighbour needs ${other} hours for it. How many hours do they take together? Give the exact value.`,
    gold: latex(fraction(alone * other, alone + other)),
  };
}
