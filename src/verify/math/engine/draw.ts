/** Where unknowns are sampled: rational points that depend on nothing but their number, so that a verdict is the same each time. */

/** Points tried, and how many of them have to be good. */
export const POINTS = 9;
export const ENOUGH = 6;

/** Values of the unknowns: numerator and denominator. */
export type Point = ReadonlyMap<string, readonly [number, number]>;

/** A prime, so that a point is no root or pole of anything that people write. */
const DENOMINATOR = 997;

/** Operators that are only defined for counts. */
export const COUNTING: ReadonlySet<string> = new Set(["Factorial", "Factorial2", "Binomial", "Choose", "GCD", "LCM"]);

/** The point for unknowns that count something: 1 to 24. */
export function countingPoint(number: number, unknowns: readonly string[]): Point {
  const draw = drawing(0x85ebca6b + number);
  return new Map(unknowns.map((name) => [name, [1 + Math.floor(draw() * 24), 1]]));
}

/** For each unknown a numerator and a denominator: absolute values of 0.2 to 3.2, the first point positive, the second negative, the third within 0..1. */
export function point(number: number, unknowns: readonly string[]): Point {
  const draw = drawing(0x9e3779b9 + number);
  const values = unknowns.map((name): [string, readonly [number, number]] => {
    const size = number === 2 ? 200 + Math.floor(draw() * 700) : 200 + Math.floor(draw() * 3_000);
    const sign = number === 0 || number === 2 ? 1 : number === 1 ? -1 : draw() < 0.5 ? 1 : -1;
    return [name, [sign * size, DENOMINATOR]];
  });
  return new Map(values);
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
