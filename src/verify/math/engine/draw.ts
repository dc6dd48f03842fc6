/** Where unknowns are sampled: rational points that depend on nothing but their number, so that a verdict is the same each time. */

/** Points tried, and how many of them have to be good. */
export const POINTS = 12;
export const ENOUGH = 5;

/** Points with all unknowns between -1 and 1, where every function of people's formulas is real. */
const SMALL = 6;

/** Values of the unknowns: numerator and denominator. */
export type Point = ReadonlyMap<string, readonly [number, number]>;

/** A prime, so that a point is no root or pole of anything that people write. */
const DENOMINATOR = 997;

/** Operators that are only defined for counts. */
export const COUNTING: ReadonlySet<string> = new Set(["Factorial", "Factorial2", "Binomial", "Choose", "GCD", "LCM"]);

/** Largest count at each point: small ones, where binomials vanish or not, ordinary ones, and some beyond what is written. */
const COUNTS = [1, 2, 3, 3, 5, 5, 24, 24, 24, 300, 300, 300];

/** The point for unknowns that count something. */
export function countingPoint(number: number, unknowns: readonly string[]): Point {
  const draw = drawing(0x85ebca6b + number);
  const largest = COUNTS[number % COUNTS.length] ?? 1;
  return new Map(unknowns.map((name) => [name, [number === 0 ? 1 : Math.floor(draw() * (largest + 1)), 1]]));
}

/**
 * For each unknown a numerator and a denominator: absolute values of 0.2 to 0.9, later of 0.2 to 3.2. The first point of
 * either kind is positive, the second negative, in the others the signs are mixed.
 */
export function point(number: number, unknowns: readonly string[]): Point {
  const draw = drawing(0x9e3779b9 + number);
  const widest = number < SMALL ? 700 : 3_000;
  const kind = number % SMALL;
  const sign = (): number => (kind === 0 ? 1 : kind === 1 ? -1 : draw() < 0.5 ? 1 : -1);
  return new Map(unknowns.map((name) => [name, [sign() * (200 + Math.floor(draw() * widest)), DENOMINATOR]]));
}

/** mulberry32: small, and good enough to place points. */
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
