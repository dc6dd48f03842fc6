/** Exact rational numbers on BigInt, always reduced, the denominator positive. */
import { absInt, bitLength, gcd, powInt } from "./integers.ts";
import { allowBits, Malformed } from "./work.ts";

export interface Rat {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Rat = { n: 0n, d: 1n };
export const ONE: Rat = { n: 1n, d: 1n };
export const HALF: Rat = { n: 1n, d: 2n };

/** n / d in lowest terms. @throws {Malformed} when d is 0 */
export function rat(n: bigint | number, d: bigint | number = 1n): Rat {
  const top = BigInt(n);
  const bottom = BigInt(d);
  if (bottom === 1n) return { n: top, d: 1n };
  if (bottom === 0n) throw new Malformed("division by zero");
  const g = gcd(top, bottom);
  const sign = bottom < 0n ? -1n : 1n;
  return { n: (sign * top) / g, d: (sign * bottom) / g };
}

const SAFE = 1n << 64n;

// Products of large numbers are paid for; small ones are the rule and cost nothing worth counting.
function pay(a: bigint, b: bigint): void {
  if (absInt(a) > SAFE || absInt(b) > SAFE) allowBits(bitLength(a) + bitLength(b));
}

export function addRat(a: Rat, b: Rat): Rat {
  if (a.d === 1n && b.d === 1n) return { n: a.n + b.n, d: 1n };
  pay(a.n, b.d);
  pay(b.n, a.d);
  return rat(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function negRat(a: Rat): Rat {
  return { n: -a.n, d: a.d };
}

export function subRat(a: Rat, b: Rat): Rat {
  return addRat(a, negRat(b));
}

export function mulRat(a: Rat, b: Rat): Rat {
  pay(a.n, b.n);
  if (a.d === 1n && b.d === 1n) return { n: a.n * b.n, d: 1n };
  pay(a.d, b.d);
  return rat(a.n * b.n, a.d * b.d);
}

/** @throws {Malformed} when b is 0 */
export function divRat(a: Rat, b: Rat): Rat {
  if (b.n === 0n) throw new Malformed("division by zero");
  pay(a.n, b.d);
  pay(a.d, b.n);
  return rat(a.n * b.d, a.d * b.n);
}

/** a to a whole power. @throws {TooLarge} before a result that is too long */
export function powRat(a: Rat, k: bigint): Rat {
  if (k >= 0n) return { n: powInt(a.n, k), d: powInt(a.d, k) };
  if (a.n === 0n) throw new Malformed("division by zero");
  const sign = a.n < 0n ? -1n : 1n;
  return { n: powInt(sign * a.d, -k), d: powInt(absInt(a.n), -k) };
}

export function equalRat(a: Rat, b: Rat): boolean {
  return a.n === b.n && a.d === b.d;
}

/** -1, 0 or 1. */
export function compareRat(a: Rat, b: Rat): number {
  pay(a.n, b.d);
  pay(b.n, a.d);
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isWhole(a: Rat): boolean {
  return a.d === 1n;
}

export function floorRat(a: Rat): bigint {
  const q = a.n / a.d;
  return a.n < 0n && q * a.d !== a.n ? q - 1n : q;
}

export function showRat(a: Rat): string {
  return a.d === 1n ? String(a.n) : `${String(a.n)}/${String(a.d)}`;
}
