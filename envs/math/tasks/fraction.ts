/** Fractions of integers as problems and answers write them. */

/** n / d in lowest terms, d at least 1. */
export interface Fraction {
  readonly n: number;
  readonly d: number;
}

/** @throws {RangeError} when d is 0 or a part is no safe integer: a generator that draws such numbers is broken. */
export function fraction(n: number, d: number): Fraction {
  if (d === 0 || !Number.isSafeInteger(n) || !Number.isSafeInteger(d))
    throw new RangeError(`fraction: expected safe integers and no 0 below the line, got ${n}/${d}`);
  const by = gcd(n, d) * Math.sign(d);
  return { n: n / by + 0, d: d / by };
}

export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a: Fraction, b: Fraction): Fraction => add(a, { n: -b.n, d: b.d });
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
/** @throws {RangeError} when b is 0. */
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);

/** "\frac{3}{4}", "-2" */
export const latex = ({ n, d }: Fraction): string =>
  d === 1 ? `${n}` : `${n < 0 ? "-" : ""}\\frac{${Math.abs(n)}}{${d}}`;

export const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

export const lcm = (a: number, b: number): number => Math.abs(a / gcd(a, b)) * Math.abs(b);
