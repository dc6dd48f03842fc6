/** SplitMix64 (Steele, Lea & Flood, 2014) on pairs of 32-bit halves: BigInt gives the same numbers and is some fifty times slower. */

/** A 64-bit integer as two 32-bit halves, high half first: as an array, so that no object is made for each of millions of episodes. */
export type Word64 = Int32Array;

/** `word` := the output of SplitMix64 in the state `word`, which is to say after one increment. */
export function mix64(word: Word64): void {
  increment(word);
  let hi = word[0]!;
  let lo = word[1]!;
  // z ^= z >> 30, z *= C1, z ^= z >> 27, z *= C2, z ^= z >> 31.
  lo ^= (lo >>> 30) | (hi << 2);
  hi ^= hi >>> 30;
  hi = timesHigh(hi, lo, 0xbf58476d, 0x1ce4e5b9);
  lo = Math.imul(lo, 0x1ce4e5b9);
  lo ^= (lo >>> 27) | (hi << 5);
  hi ^= hi >>> 27;
  hi = timesHigh(hi, lo, 0x94d049bb, 0x133111eb);
  lo = Math.imul(lo, 0x133111eb);
  word[0] = hi ^ (hi >>> 31);
  word[1] = lo ^ ((lo >>> 31) | (hi << 1));
}

/** `word` += 0x9e3779b97f4a7c15, the golden ratio's increment. */
export function increment(word: Word64): void {
  const lo = (word[1]! >>> 0) + 0x7f4a7c15;
  word[1] = lo;
  word[0] = word[0]! + 0x9e3779b9 + (lo > 0xffffffff ? 1 : 0);
}

/** `word` ^= `n` (an integer, 0 .. 2^53-1). */
export function xorInto(word: Word64, n: number): void {
  word[0]! ^= highHalf(n);
  word[1]! ^= n;
}

/** Bits 32 .. 52 of `n`. */
export const highHalf = (n: number): number => (n <= 0xffffffff ? 0 : Math.floor(n / 4294967296));

/** The high half of (hi, lo) * (byHi, byLo) mod 2^64. */
function timesHigh(hi: number, lo: number, byHi: number, byLo: number): number {
  const a0 = lo & 0xffff;
  const a1 = lo >>> 16;
  const b0 = byLo & 0xffff;
  const b1 = byLo >>> 16;
  // No product of two 16-bit numbers plus one more such number reaches 2^32: nothing is lost before the shifts.
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const cross = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  const carry = Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16);
  return (carry + Math.imul(hi, byLo) + Math.imul(lo, byHi)) | 0;
}
