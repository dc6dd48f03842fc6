/** Proves two expressions different by balls that do not touch, or equal by a separation bound. */
import { type Node, some, variablesOf } from "../ast.ts";
import type { Rat } from "../rational.ts";
import { rat } from "../rational.ts";
import { spend } from "../work.ts";
import { attempt } from "./attempt.ts";
import { type Ball, signB, smallness, withPrecision } from "./ball.ts";
import { addC, type Complex, isReal, negC } from "./complex.ts";
import { evaluateBall, NO_POINT, type Point } from "./evaluate.ts";
import { separationBits } from "./separation.ts";

/** Bits of the first look (77 digits) and of the second. */
const PRECISIONS = [256, 1024];
/** Longest precision that a separation bound may ask for. */
const MOST_BITS = 8000;
const MOST_POINTS = 8;

/** true: proven different somewhere; false: equal within the balls wherever tried; null: closed and not told apart. */
export function differs(a: Node, b: Node): boolean | null {
  const names = [...variablesOf(a, variablesOf(b))].sort();
  if (names.length === 0) return closedDiffer(a, b) ? true : null;
  const imaginary = [a, b].some((node) => some(node, (part) => part.k === "const" && part.name === "i"));
  for (let trial = 0; trial < MOST_POINTS; trial++) {
    const point: Point = { values: pointFor(names, trial), realOnly: !imaginary };
    if (apartAt(a, b, point, PRECISIONS[0]!)) return true;
  }
  return false;
}

function closedDiffer(a: Node, b: Node): boolean {
  return PRECISIONS.some((precision) => apartAt(a, b, NO_POINT, precision));
}

function apartAt(a: Node, b: Node, point: Point, precision: number): boolean {
  const difference = differenceAt(a, b, point, precision);
  return difference !== null && (nonZero(difference.re) || nonZero(difference.im));
}

function differenceAt(a: Node, b: Node, point: Point, precision: number): Complex | null {
  return attempt(() =>
    withPrecision(precision, () => {
      const [x, y] = [evaluateBall(a, point), evaluateBall(b, point)];
      return addC(x, negC(y));
    }),
  );
}

function nonZero(value: Ball): boolean {
  const sign = signB(value);
  return sign === 1 || sign === -1;
}

/** Values for the variables: fixed, of mixed signs and sizes, the same in every run. */
function pointFor(names: readonly string[], trial: number): ReadonlyMap<string, Rat> {
  const values = new Map<string, Rat>();
  let state = 0x9e3779b9 ^ (trial * 0x85ebca6b);
  for (const name of names) {
    for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x7f4a7c15) >>> 0;
    spend(1);
    // Positive ones first, where most functions are defined; then small ones, then negative ones.
    const size =
      trial < 3 ? rat((state % 1991) + 7, 331) : trial < 5 ? rat((state % 311) + 1, 331) : rat(-(state % 997) - 5, 331);
    values.set(name, trial % 2 === 1 && trial > 5 && state % 3 === 0 ? rat(-size.n, size.d) : size);
  }
  return values;
}

/** Whether two closed algebraic expressions are equal: so close that only zero is closer. */
export function equalBySeparation(a: Node, b: Node): boolean {
  const needed = separationBits(a, b);
  if (needed === null || needed > MOST_BITS) return false;
  for (let precision = 256; precision <= 2 * MOST_BITS; precision *= 2) {
    if (precision < needed + 32) continue;
    const difference = differenceAt(a, b, NO_POINT, precision);
    if (difference === null || nonZero(difference.re) || nonZero(difference.im)) return false;
    const small = Math.min(smallness(difference.re), isReal(difference) ? Infinity : smallness(difference.im) - 1);
    if (small > needed) return true;
  }
  return false;
}
