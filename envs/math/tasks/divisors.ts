/** Greatest common divisors and least common multiples. */
import { gcd, lcm } from "./fraction.ts";
import { between, type Task } from "./task.ts";

export const divisors: Task = {
  name: "gcd-lcm",
  number: 5,
  make(rng, difficulty) {
    const common = between(rng, 1, 2 + 2 * difficulty);
    const parts = Array.from({ length: difficulty < 7 ? 2 : 3 }, () => common * between(rng, 2, 4 + 4 * difficulty));
    const greatest = rng.int(2) === 0;
    const [name, join] = greatest
      ? (["greatest common divisor", gcd] as const)
      : (["least common multiple", lcm] as const);
    const last = parts.at(-1);
    return {
      question: `What is the ${name} of ${parts.slice(0, -1).join(", ")} and ${last}?`,
      gold: `${parts.reduce(join)}`,
    };
  },
};
