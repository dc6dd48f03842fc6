/** Real numbers as balls: a midpoint and a radius in BigInt, so that a result that excludes zero is a proof. */
import { absInt, bitLength, rootFloor } from "../integers.ts";
import type { Rat } from "../rational.ts";
import { spend } from "../work.ts";

/** Every x with |x - m * 2 ** e| <= r * 2 ** e. */
export interface Ball {
  readonly m: bigint;
  readonly r: bigint;
  readonly e: number;
}

/** The value cannot be told apart from where the function is not defined; more precision may help. */
export class Imprecise extends Error {
  override readonly name = "Imprecise";
}

export const EXACT_ZERO: Ball = { m: 0n, r: 0n, e: 0 };

let precision = 256;

/** Bits that a midpoint keeps. */
export function bits(): number {
  return precision;
}

/** Runs `task` with midpoints of `count` bits. */
export function withPrecision<T>(count: number, task: () => T): T {
  const outer = precision;
  precision = count;
  try {
    return task();
  } finally {
    precision = outer;
  }
}

function pay(): void {
  spend(2 + (precision * precision) / 500_000);
}

/** Cuts the midpoint to the working precision; what is cut off goes to the radius. */
export function ball(m: bigint, r: bigint, e: number): Ball {
  const extra = bitLength(m) - precision;
  if (extra <= 32 && r < 1n << 64n) return { m, r, e };
  // A midpoint finer than its own radius says nothing more.
  const shift = Math.max(extra, bitLength(r) - 32);
  if (shift <= 0) return { m, r, e };
  const s = BigInt(shift);
  return { m: m >> s, r: (r >> s) + 2n, e: e + shift };
}

export function fromInt(n: bigint): Ball {
  return ball(n, 0n, 0);
}

export function fromRatio({ n, d }: Rat): Ball {
  return d === 1n ? fromInt(n) : divB(fromInt(n), fromInt(d));
}

export function negB(a: Ball): Ball {
  return { m: -a.m, r: a.r, e: a.e };
}

export function addB(a: Ball, b: Ball): Ball {
  pay();
  if (a.m === 0n && a.r === 0n) return b;
  if (b.m === 0n && b.r === 0n) return a;
  const [high, low] = a.e >= b.e ? [a, b] : [b, a];
  const gap = high.e - low.e;
  if (gap > 2 * precision + bitLength(low.m) + bitLength(low.r)) {
    // The lower one lies far below the last bit that is kept.
    const fine = BigInt(precision);
    return { m: high.m << fine, r: (high.r << fine) + 1n, e: high.e - precision };
  }

  const s = BigInt(gap);
  return ball((high.m << s) + low.m, (high.r << s) + low.r, low.e);
}

export function subB(a: Ball, b: Ball): Ball {
  return addB(a, negB(b));
}

export function mulB(a: Ball, b: Ball): Ball {
  pay();
  return ball(a.m * b.m, absInt(a.m) * b.r + absInt(b.m) * a.r + a.r * b.r, a.e + b.e);
}

/** @throws {Imprecise} when b may be zero */
export function divB(a: Ball, b: Ball): Ball {
  pay();
  const under = absInt(b.m);
  if (under <= b.r) throw new Imprecise("division");
  const shift = BigInt(Math.max(0, precision + 8 + bitLength(b.m) - bitLength(a.m)));
  const m = (a.m << shift) / b.m;
  const r = ((a.r * under + absInt(a.m) * b.r) << shift) / (under * (under - b.r)) + 2n;
  return ball(m, r, a.e - b.e - Number(shift));
}

/** The n-th root of a ball that is not negative as a whole; one that may be zero gives a ball around zero. */
export function rootB(a: Ball, n: number): Ball {
  pay();
  if (a.m <= 2n * a.r) return smallRoot(a, n);
  let shift = Math.max(0, n * (precision + 8) - bitLength(a.m));
  shift += (((a.e - shift) % n) + n) % n;
  const scaled = a.m << BigInt(shift);
  const root = rootFloor(scaled, n);
  return ball(root, (root * a.r) / a.m + 2n, (a.e - shift) / n);
}

function smallRoot(a: Ball, n: number): Ball {
  const top = a.m + a.r;
  if (top < 0n) throw new Imprecise("root of a negative number");
  const shift = (((a.e % n) + n) % n) + 8 * n;
  return { m: 0n, r: rootFloor(top << BigInt(shift), n) + 1n, e: (a.e - shift) / n };
}

export function powB(a: Ball, k: bigint): Ball {
  if (k < 0n) return divB(fromInt(1n), powB(a, -k));
  let result = fromInt(1n);
  let square = a;
  for (let rest = k; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mulB(result, square);
    if (rest > 1n) square = mulB(square, square);
  }
  return result;
}

/** 1 or -1 where the whole ball has that sign, 0 for exact zero, null where it cannot be told. */
export function signB(a: Ball): -1 | 0 | 1 | null {
  if (a.m > a.r) return 1;
  if (-a.m > a.r) return -1;
  return a.m === 0n && a.r === 0n ? 0 : null;
}

/** The midpoint as a whole multiple of 2 ** -w, and the radius likewise, rounded up. */
export function fixed(a: Ball, w: number): { readonly m: bigint; readonly r: bigint } {
  const shift = a.e + w;
  if (shift > 1 << 20) throw new Imprecise("too large");
  if (shift >= 0) return { m: a.m << BigInt(shift), r: a.r << BigInt(shift) };
  const s = BigInt(Math.min(-shift, 1 << 20));
  return { m: a.m >> s, r: (a.r >> s) + 2n };
}

/** -log2 of an upper bound of |a|: how small the ball shows the number to be. */
export function smallness(a: Ball): number {
  const most = absInt(a.m) + a.r;
  return most === 0n ? Infinity : -(bitLength(most) + a.e);
}
