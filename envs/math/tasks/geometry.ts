/** Areas, lengths and volumes with exact answers: whole numbers, roots, multiples of pi. */
import type { Rng } from "dojang/env";
import { fraction, latex } from "./fraction.ts";
import { between, type Draft, type Task } from "./task.ts";

export const geometry: Task = {
  name: "geometry",
  number: 8,
  make: (rng, difficulty) => {
    const shapes =
      difficulty < 4
        ? [rectangle, triangle]
        : difficulty < 7
          ? [triangle, circle, hypotenuse]
          : [hypotenuse, cone, equilateral];
    return rng.choice(shapes)(rng, 2 + 3 * difficulty);
  },
};

function rectangle(rng: Rng, size: number): Draft {
  const [a, b] = [between(rng, 1, size), between(rng, 1, size)];
  const area = rng.int(2) === 0;
  return {
    question: `A rectangle has sides ${a} and ${b}. What is its ${area ? "area" : "perimeter"}?`,
    gold: `${area ? a * b : 2 * (a + b)}`,
  };
}

function triangle(rng: Rng, size: number): Draft {
  const [base, height] = [between(rng, 1, size), between(rng, 1, size)];
  return {
    question: `A triangle has base ${base} and height ${height}. What is its area?`,
    gold: latex(fraction(base * height, 2)),
  };
}

function circle(rng: Rng, size: number): Draft {
  const r = between(rng, 1, size);
  const area = rng.int(2) === 0;
  return {
    question: `A circle has radius ${r}. What is its ${area ? "area" : "circumference"}, in terms of pi?`,
    gold: `${area ? r * r : 2 * r}\\pi`,
  };
}

function hypotenuse(rng: Rng, size: number): Draft {
  const [a, b] = [between(rng, 1, size), between(rng, 1, size)];
  return {
    question: `The legs of a right triangle are ${a} and ${b}. How long is its hypotenuse? Give the exact value.`,
    gold: root(a * a + b * b),
  };
}

function cone(rng: Rng, size: number): Draft {
  const [r, h] = [between(rng, 1, size), between(rng, 1, size)];
  const { n, d } = fraction(r * r * h, 3);
  return {
    question: `A cone has a base of radius ${r} and height ${h}. What is its volume, in terms of pi?`,
    gold: d === 1 ? `${n}\\pi` : `\\frac{${n}\\pi}{${d}}`,
  };
}

function equilateral(rng: Rng, size: number): Draft {
  const a = between(rng, 1, size);
  const { n, d } = fraction(a * a, 4);
  const top = `${n === 1 ? "" : n}\\sqrt{3}`;
  return {
    question: `An equilateral triangle has sides of length ${a}. What is its area? Give the exact value.`,
    gold: d === 1 ? top : `\\frac{${top}}{${d}}`,
  };
}

/** The square root with no square left under the root: "5", "2\sqrt{3}". */
export function root(of: number): string {
  let outside = 1;
  let inside = of;
  for (let i = 2; i * i <= inside; i++)
    while (inside % (i * i) === 0) {
      inside /= i * i;
      outside *= i;
    }
  if (inside === 1) return `${outside}`;
  return `${outside === 1 ? "" : outside}\\sqrt{${inside}}`;
}
