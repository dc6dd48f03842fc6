/** Whole-number arithmetic on BigInt: gcd, roots, factorials, binomials, factoring by trial, all metered. */
import { allowBits, spend } from "./work.ts";

/** Number of bits of |n|; 0 for 0. */
export function bitLength(n: bigint): number {
  const m = n < 0n ? -n : n;
  if (m < 9007199254740992n) return m === 0n ? 0 : Math.floor(Math.log2(Number(m))) + 1 + bump(m);
  const hex = m.toString(16);
  return (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0]!, 16)));
}

// log2 of a double may round up to the next power of two just below it.
function bump(m: bigint): number {
  const guess = Math.floor(Math.log2(Number(m)));
  return 2 ** guess > Number(m) ? -1 : 2 ** (guess + 1) <= Number(m) ? 1 : 0;
}

export function absInt(n: bigint): bigint {
  return n < 0n ? -n : n;
}

export function gcd(a: bigint, b: bigint): bigint {
  a = absInt(a);
  b = absInt(b);
  if (a < b) [a, b] = [b, a];
  while (b > 9007199254740991n) {
    // Each round of Euclid costs a division of numbers of this size.
    spend(1 + bitsRoughly(b) / 512);
    [a, b] = [b, a % b];
  }
  if (b === 0n) return a;
  let x = Number(b);
  let y = Number(a % b);
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}

function bitsRoughly(n: bigint): number {
  return n < 1n << 128n ? 64 : n < 1n << 1024n ? 512 : bitLength(n);
}

/** log2 of |n|, to within one for long numbers. */
function log2(n: bigint): number {
  const m = absInt(n);
  return m < 9007199254740992n ? Math.log2(Number(m)) : bitLength(m);
}

/** base ** exponent for exponent >= 0, its size checked first. @throws {TooLarge} */
export function powInt(base: bigint, exponent: bigint): bigint {
  if (base === 1n || exponent === 0n) return 1n;
  if (base === 0n) return 0n;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  if (exponent > 1n << 40n) allowBits(Infinity);
  allowBits(log2(base) * Number(exponent));
  return base ** exponent;
}

/** floor(n ** (1/k)) for n >= 0, k >= 1, by Newton's method from above. */
export function rootFloor(n: bigint, k: number): bigint {
  if (n < 2n || k === 1) return n;
  const bits = bitLength(n);
  if (k >= bits) return 1n;
  spend(10 + bits / 16);
  if (k === 2 && bits <= 52) return BigInt(Math.floor(Math.sqrt(Number(n))));
  const K = BigInt(k);
  let x = 1n << BigInt(Math.ceil(bits / k));
  for (;;) {
    spend(1 + bits / 256);
    const y = ((K - 1n) * x + n / x ** (K - 1n)) / K;
    if (y >= x) return x;
    x = y;
  }
}

/** The k-th root of n >= 0 when it is whole, else null. */
export function exactRoot(n: bigint, k: number): bigint | null {
  const root = rootFloor(n, k);
  return root ** BigInt(k) === n ? root : null;
}

/** n! with its size estimated first (Stirling). @throws {TooLarge} */
export function factorial(n: bigint): bigint {
  if (n > 100_000n) allowBits(Infinity);
  const m = Number(n);
  allowBits(m < 2 ? 1 : m * Math.log2(m / Math.E) + Math.log2(2 * Math.PI * m) / 2 + 2);
  return product(1, m);
}

// Halving keeps the factors of like size, which is what BigInt multiplies fastest.
function product(low: number, high: number): bigint {
  spend(1);
  if (low > high) return 1n;
  if (high - low < 8) {
    let all = BigInt(low);
    for (let k = low + 1; k <= high; k++) all *= BigInt(k);
    return all;
  }
  const middle = (low + high) >> 1;
  return product(low, middle) * product(middle + 1, high);
}

/** n over k for whole n >= 0. @throws {TooLarge} */
export function binomial(n: bigint, k: bigint): bigint {
  if (k < 0n || k > n) return 0n;
  if (k > n - k) k = n - k;
  if (k > 100_000n) allowBits(Infinity);
  const m = Number(k);
  allowBits(m === 0 ? 1 : m * (bitLength(n) - Math.log2(m) + 1.45));
  let all = 1n;
  for (let j = 0n; j < k; j++) {
    if ((j & 63n) === 0n) spend(64 + bitLength(all) / 4);
    all = (all * (n - j)) / (j + 1n);
  }
  return all;
}

/** Trial divisors stop here: what is left over is kept as one base, which is right but less canonical. */
const LARGEST_DIVISOR = 2000;

const LARGE = 1n << 512n;
const small = new Map<bigint, readonly (readonly [bigint, number])[]>();

/** Factors n >= 1 as [base, exponent] pairs by trial division; a large rest is tried as a perfect power. */
export function factor(n: bigint): readonly (readonly [bigint, number])[] {
  const known = small.get(n);
  if (known !== undefined) return known;
  const found: [bigint, number][] = [];
  let rest = n;
  for (let d = 2; d <= LARGEST_DIVISOR && BigInt(d) * BigInt(d) <= rest; d += d === 2 ? 1 : 2) {
    spend(rest > LARGE ? 4 : 0.5);
    const p = BigInt(d);
    let times = 0;
    while (rest % p === 0n) {
      spend(1);
      rest /= p;
      times++;
    }
    if (times > 0) found.push([p, times]);
  }
  if (rest > 1n) found.push(asPower(rest));
  if (n < 10_000n && small.size < 4096) small.set(n, found);
  return found;
}

function asPower(n: bigint): [bigint, number] {
  const bits = bitLength(n);
  if (bits > 1024) return [n, 1];
  for (let k = Math.floor(bits / 11); k >= 2; k--) {
    const root = exactRoot(n, k);
    if (root !== null) return [root, k];
  }
  return [n, 1];
}
