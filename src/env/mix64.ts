/** SplitMix64 (Steele, Lea & Flood, 2014) on pairs of 32-bit halves: BigInt gives the same numbers and is some fifty times slower. */

/** A 64-bit unsigned integer. */
export interface Word64 {
  hi: number;
  lo: number;
}

/** `seed` (an integer, 0 .. 2^53-1) as 64 bits. */
export const wordOf = (seed: number): Word64 => ({ hi: Math.floor(seed / 2 ** 32) >>> 0, lo: seed >>> 0 });

/** The next output of SplitMix64; `state` moves on by one increment. */
export function splitMix64(state: Word64): Word64 {
  advance(state);
  // In signed halves, which engines keep as plain integers: z ^= z >> 30, z *= C1, z ^= z >> 27, z *= C2, z ^= z >> 31.
  let { hi, lo } = { hi: state.hi | 0, lo: state.lo | 0 };
  lo ^= (lo >>> 30) | (hi << 2);
  hi ^= hi >>> 30;
  hi = timesHigh(hi, lo, 0xbf58476d, 0x1ce4e5b9);
  lo = Math.imul(lo, 0x1ce4e5b9);
  lo ^= (lo >>> 27) | (hi << 5);
  hi ^= hi >>> 27;
  hi = timesHigh(hi, lo, 0x94d049bb, 0x133111eb);
  lo = Math.imul(lo, 0x133111eb);
  lo ^= (lo >>> 31) | (hi << 1);
  hi ^= hi >>> 31;
  return { hi: hi >>> 0, lo: lo >>> 0 };
}

/** Adds the golden-ratio increment 0x9e3779b97f4a7c15 to `word`, in place. */
function advance(word: Word64): void {
  const lo = word.lo + 0x7f4a7c15;
  word.hi = (word.hi + 0x9e3779b9 + (lo > 0xffffffff ? 1 : 0)) >>> 0;
  word.lo = lo >>> 0;
}

/** The high half of (hi, lo) * (byHi, byLo) mod 2^64. */
function timesHigh(hi: number, lo: number, byHi: number, byLo: number): number {
  const [a0, a1, b0, b1] = [lo & 0xffff, lo >>> 16, byLo & 0xffff, byLo >>> 16];
  // No product of two 16-bit numbers plus one more such number reaches 2^32: nothing is lost before the shifts.
  const middle = (Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16)) | 0;
  const cross = (Math.imul(a0, b1) + (middle & 0xffff)) | 0;
  const carry = Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16);
  return (carry + Math.imul(hi, byLo) + Math.imul(lo, byHi)) | 0;
}
