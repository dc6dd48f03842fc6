/** Random numbers for environments: xoroshiro128+ (Blackman & Vigna, 2018) from pure-rand, with a seed expansion of our own and a state of four integers. */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { checkSeed } from "../../protocol/seed.ts";
import { splitMix64, wordOf, type Word64 } from "./mix64.ts";

/** Four 32-bit integers. */
export type RngState = readonly [number, number, number, number];

/** A stream of random numbers. Draws are scalar and happen in the order of the calls; the cost of each is documented so that other implementations can follow. */
export class Rng {
  #generator: ReturnType<typeof xoroshiro128plusFromState>;

  /** @param seed integer in 0 .. 2^53-1; 0 is a seed like any other. @throws {GymError} BAD_SEED */
  constructor(seed: number) {
    this.#generator = xoroshiro128plusFromState(expandSeed(checkSeed(seed)));
  }

  static fromState(state: RngState): Rng {
    const rng = new Rng(0);
    rng.restore(state);
    return rng;
  }

  /** A double in [0, 1) with 53 random bits: two 32-bit draws a, b give ((a >>> 5) * 2^26 + (b >>> 6)) / 2^53. */
  uniform(): number {
    const a = this.#generator.next() >>> 5;
    const b = this.#generator.next() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** An integer in 0 .. n-1, without bias, for n in 1 .. 2^32: 32-bit draws, redrawn while >= the largest multiple of n, then modulo n. */
  int(n: number): number {
    if (!(n >= 1 && n <= 4294967296 && Number.isInteger(n)))
      throw new RangeError(`rng.int: expected an integer in 1..2^32, got ${n}`);
    const limit = 4294967296 - (4294967296 % n);
    let draw = this.#generator.next() >>> 0;
    while (draw >= limit) draw = this.#generator.next() >>> 0;
    return draw % n;
  }

  /** A standard normal: Box-Muller's cosine branch from two uniforms u, v: sqrt(-2 ln(1-u)) cos(2 pi v). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** One element: array[int(length)]. */
  choice<T>(array: readonly T[]): T {
    return array[this.int(array.length)] as T;
  }

  /** Fisher-Yates in place, from the last element down: swaps i with int(i+1). Returns the array. */
  shuffle<T>(array: T[]): T[] {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = array[i] as T;
      array[i] = array[j] as T;
      array[j] = held;
    }
    return array;
  }

  get state(): RngState {
    const [a, b, c, d] = this.#generator.getState();
    return [a as number, b as number, c as number, d as number];
  }

  restore(state: RngState): void {
    this.#generator = xoroshiro128plusFromState(state);
  }

  clone(): Rng {
    return Rng.fromState(this.state);
  }
}

/** Two SplitMix64 outputs of the seed as four words, high half first. Never all zero: SplitMix64 is a bijection and yields 0 once per period. */
function expandSeed(seed: number): RngState {
  const word = wordOf(seed);
  const a = splitMix64(word);
  const b = splitMix64(word);
  return [a.hi | 0, a.lo | 0, b.hi | 0, b.lo | 0];
}

/** The seed of an episode that was not given one: h = mix(makeSeed); h = mix(h xor instance); h = mix(h xor episode); the top 53 bits. `mix` is one output of SplitMix64. */
export function episodeSeed(makeSeed: number, instance: number, episode: number): number {
  const first = splitMix64(wordOf(makeSeed));
  const second = splitMix64(xor(first, wordOf(instance)));
  const third = splitMix64(xor(second, wordOf(episode)));
  return third.hi * 2097152 + (third.lo >>> 11);
}

const xor = (a: Word64, b: Word64): Word64 => ({ hi: (a.hi ^ b.hi) >>> 0, lo: (a.lo ^ b.lo) >>> 0 });
