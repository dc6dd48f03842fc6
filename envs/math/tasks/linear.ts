/** Linear equations in one unknown, and systems of two at the hard end. */
import { fraction, latex } from "./fraction.ts";
import { between, nonZero, type Draft, type Task } from "./task.ts";
import type { Rng } from "dojang/env";

export const linear: Task = {
  name: "linear",
  number: 3,
  make: (rng, difficulty) => (difficulty < 8 ? oneUnknown(rng, difficulty) : twoUnknowns(rng, difficulty)),
};

/** a x + b = c x + d, with a different from c. */
function oneUnknown(rng: Rng, difficulty: number): Draft {
  const size = 4 + 3 * difficulty;
  const c = difficulty < 4 ? 0 : nonZero(rng, -size, size);
  let a = nonZero(rng, -size, size);
  if (a === c) a = -c;
  const [b, d] = [between(rng, -size, size), between(rng, -size, size)];
  const x = fraction(d - b, a - c);
  return { question: `Solve for x: $${side(a, "x", b)} = ${side(c, "x", d)}$.`, gold: latex(x) };
}

/** p x + q y = r, s x + t y = u, drawn around a whole solution. */
function twoUnknowns(rng: Rng, difficulty: number): Draft {
  const size = difficulty;
  const [x, y] = [between(rng, -size, size), between(rng, -size, size)];
  const [p, q, s] = [nonZero(rng, -size, size), nonZero(rng, -size, size), nonZero(rng, -size, size)];
  let t = nonZero(rng, -size, size);
  if (p * t === q * s) t = -t;
  const equation = (a: number, b: number): string => `${side(a, "x", 0)} ${term(b, "y")} = ${a * x + b * y}`;
  return {
    question: `Solve the system $${equation(p, q)}$ and $${equation(s, t)}$. Give the answer as a pair (x, y).`,
    gold: `(${x}, ${y})`,
  };
}

/** "3x - 4", "-x", "7" */
function side(a: number, name: string, b: number): string {
  if (a === 0) return `${b}`;
  const first = `${a === 1 ? "" : a === -1 ? "-" : a}${name}`;
  return b === 0 ? first : `${first} ${b < 0 ? "-" : "+"} ${Math.abs(b)}`;
}

/** "+ 3y", "- y" */
const term = (b: number, name: string): string => `${b < 0 ? "-" : "+"} ${Math.abs(b) === 1 ? "" : Math.abs(b)}${name}`;
