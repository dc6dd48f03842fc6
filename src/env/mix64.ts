/** SplitMix64 (Steele, Lea & Flood, 2014) on pairs of 32-bit halves: BigInt gives the same numbers and is some thirty times slower. */

/** A 64-bit unsigned integer. */
export interface Word64 {
  hi: number;
  lo: number;
}

/** `seed` (an integer, 0 .. 2^53-1) as 64 bits. */
export const wordOf = (seed: number): Word64 => ({ hi: Math.floor(seed / 2 ** 32) >>> 0, lo: seed >>> 0 });

/** Adds the golden-ratio increment 0x9e3779b97f4a7c15 to `word`, in place. */
function advance(word: Word64): void {
  const lo = word.lo + 0x7f4a7c15;
  word.hi = (word.hi + 0x9e3779b9 + (lo > 0xffffffff ? 1 : 0)) >>> 0;
  word.lo = lo >>> 0;
}

/** word := word * (hi, lo) mod 2^64 */
function multiply(word: Word64, hi: number, lo: number): void {
  const a0 = word.lo & 0xffff;
  const a1 = word.lo >>> 16;
  const b0 = lo & 0xffff;
  const b1 = lo >>> 16;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  // Each partial sum stays below 2^33, so doubles are exact; the division carries what 32-bit shifts would drop.
  const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
  const high = (Math.imul(word.hi, lo) + Math.imul(word.lo, hi)) | 0;
  word.hi = (carry + high) >>> 0;
  word.lo = (((cross & 0xffff) << 16) | (low & 0xffff)) >>> 0;
}

/** word := word xor (word >> bits), for bits in 1 .. 31 */
function foldRight(word: Word64, bits: number): void {
  word.lo = (word.lo ^ ((word.lo >>> bits) | (word.hi << (32 - bits)))) >>> 0;
  word.hi = (word.hi ^ (word.hi >>> bits)) >>> 0;
}

/** The next output of SplitMix64; `state` moves on by one increment. */
export function splitMix64(state: Word64): Word64 {
  advance(state);
  const z = { hi: state.hi, lo: state.lo };
  foldRight(z, 30);
  multiply(z, 0xbf58476d, 0x1ce4e5b9);
  foldRight(z, 27);
  multiply(z, 0x94d049bb, 0x133111eb);
  foldRight(z, 31);
  return z;
}
