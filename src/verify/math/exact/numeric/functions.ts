/** exp, log, sin, cos, atan and pi for balls: series in fixed point with guard bits, the radius carried along. */
import { absInt } from "../integers.ts";
import { spend } from "../work.ts";
import { addB, type Ball, ball, bits, divB, fixed, fromInt, Imprecise, negB, rootB, subB, mulB } from "./ball.ts";

const GUARD = 64;
/** Errors of a series stay far below 2 ** SLACK units of the last guard bit. */
const SLACK = 40n;

const cache = new Map<string, { w: number; value: bigint }>();

/** A constant as a whole multiple of 2 ** -w, right to a few units; longer ones are kept and cut. */
function cached(name: string, w: number, compute: (w: number) => bigint): bigint {
  const known = cache.get(name);
  if (known !== undefined && known.w >= w) return known.value >> BigInt(known.w - w);
  spend(w / 2);
  const value = compute(w + GUARD) >> BigInt(GUARD);
  cache.set(name, { w, value });
  return value;
}

/** sum of sign ** k / ((2 k + 1) q ** (2 k + 1)). */
function inverseTangent(q: bigint, w: number, sign: 1n | -1n): bigint {
  let power = (1n << BigInt(w)) / q;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = (sign * power) / (q * q);
    sum += power / k;
  }
  return sum;
}

const piFixed = (w: number): bigint =>
  cached("pi", w, (v) => 16n * inverseTangent(5n, v, -1n) - 4n * inverseTangent(239n, v, -1n));
const ln2Fixed = (w: number): bigint =>
  cached(
    "ln2",
    w,
    (v) => 18n * inverseTangent(26n, v, 1n) - 2n * inverseTangent(4801n, v, 1n) + 8n * inverseTangent(8749n, v, 1n),
  );

export function piB(): Ball {
  const w = bits() + GUARD;
  return ball(piFixed(w), 1n << SLACK, -w);
}

/** Largest |x| whose exponential is computed. */
const LARGEST_EXPONENT = 2 ** 40;

export function expB(a: Ball): Ball {
  const w = bits() + GUARD + 48;
  const { m, r } = fixed(a, w);
  const one = 1n << BigInt(w);
  const ln2 = ln2Fixed(w);
  const k = m / ln2;
  if (absInt(k) > BigInt(LARGEST_EXPONENT)) throw new Imprecise("exponent");
  if (r >= one) throw new Imprecise("exponential of a wide ball");
  const halvings = 16;
  const x = (m - k * ln2) >> BigInt(halvings);
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n && n < 4000n; n++) {
    spend(0.5 + w / 2000);
    term = (term * x) / (n << BigInt(w));
    sum += term;
    if (absInt(term) < 2n) break;
  }
  for (let n = 0; n < halvings; n++) sum = (sum * sum) >> BigInt(w);
  // The error of k * ln2 grows with k, which is why w holds 48 bits more than the guard.
  const radius = ((sum * r * 2n) >> BigInt(w)) + (1n << (SLACK + 44n));
  return ball(sum, radius, Number(k) - w);
}

/** @throws {Imprecise} when the ball is not positive as a whole */
export function logB(a: Ball): Ball {
  if (a.m <= 2n * a.r) throw new Imprecise("logarithm");
  const w = bits() + GUARD;
  const length = a.m.toString(2).length;
  // a = y * 2 ** k with y in [1/2, 1)
  const shift = w - length;
  const y = shift >= 0 ? a.m << BigInt(shift) : a.m >> BigInt(-shift);
  const k = a.e + length;
  const one = 1n << BigInt(w);
  const z = ((y - one) << BigInt(w)) / (y + one);
  const z2 = (z * z) >> BigInt(w);
  let power = z;
  let sum = z;
  for (let n = 3n; absInt(power) > 1n; n += 2n) {
    spend(0.5 + w / 2000);
    power = (power * z2) >> BigInt(w);
    sum += power / n;
  }
  const radius = ((2n * a.r) << BigInt(w)) / a.m + (1n << SLACK);
  return addB(ball(2n * sum, radius, -w), mulB(fromInt(BigInt(k)), ball(ln2Fixed(w), 1n << SLACK, -w)));
}

/** sin and cos at once. */
export function sinCosB(a: Ball): { readonly sin: Ball; readonly cos: Ball } {
  const w = bits() + GUARD + Math.max(0, a.e + bits());
  if (w > 4 * bits() + 400) throw new Imprecise("angle");
  const { m, r } = fixed(a, w);
  const quarter = piFixed(w + GUARD) >> BigInt(GUARD + 1);
  const turns = (2n * m + quarter) / (2n * quarter);
  const x = m - turns * quarter;
  const radius = r + (1n << SLACK) + absInt(turns) * 4n;
  const one = 1n << BigInt(w);
  const even = series(one, x, w, 1n);
  const odd = series(x, x, w, 2n);
  const [s, c] = [ball(odd, radius, -w), ball(even, radius, -w)];
  const quadrant = Number(((turns % 4n) + 4n) % 4n);
  if (quadrant === 0) return { sin: s, cos: c };
  if (quadrant === 1) return { sin: c, cos: negB(s) };
  if (quadrant === 2) return { sin: negB(s), cos: negB(c) };
  return { sin: negB(c), cos: s };
}

/** first * (1 - x^2 / (n (n + 1)) + ...) */
function series(first: bigint, x: bigint, w: number, start: bigint): bigint {
  const x2 = (x * x) >> BigInt(w);
  let term = first;
  let sum = first;
  for (let n = start; absInt(term) > 1n; n += 2n) {
    spend(0.5 + w / 2000);
    term = -((term * x2) >> BigInt(w)) / (n * (n + 1n));
    sum += term;
  }
  return sum;
}

export function atanB(a: Ball): Ball {
  const sign = a.m < 0n ? -1 : 1;
  const x = sign < 0 ? negB(a) : a;
  const large = x.m > x.r && subB(x, fromInt(1n)).m > 0n;
  const inner = smallAtan(large ? divB(fromInt(1n), x) : x);
  const half = { ...piB(), e: piB().e - 1 };
  const value = large ? subB(half, inner) : inner;
  return sign < 0 ? negB(value) : value;
}

/** atan x for |x| up to about 1: three halvings of the angle, then the series. */
function smallAtan(a: Ball): Ball {
  let x: Ball = { m: a.m, r: 0n, e: a.e };
  for (let k = 0; k < 3; k++) {
    const root = rootB(addB(fromInt(1n), mulB(x, x)), 2);
    x = divB(x, addB(fromInt(1n), root));
  }
  const w = bits() + GUARD;
  const { m, r } = fixed(x, w);
  const x2 = (m * m) >> BigInt(w);
  let power = m;
  let sum = m;
  for (let n = 3n; absInt(power) > 1n; n += 2n) {
    spend(0.5 + w / 2000);
    power = -((power * x2) >> BigInt(w));
    sum += power / n;
  }
  const mid = ball(sum << 3n, ((r + (1n << SLACK)) << 3n) + 1n, -w);
  // The derivative of atan is at most 1.
  return addB(mid, { m: 0n, r: a.r, e: a.e });
}
