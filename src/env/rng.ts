/** Random numbers for environments: xoroshiro128+ (Blackman & Vigna, 2018), the same numbers as pure-rand's, with a seed expansion of our own and a state of four integers. */
import { checkSeed } from "../../protocol/seed.ts";
import { highHalf, increment, mix64, xorInto } from "./mix64.ts";

/** Four 32-bit integers. */
export type RngState = readonly [number, number, number, number];

/** For the halves of one 64-bit word at a time. */
const WORD = new Int32Array(2);

/** A stream of random numbers. Draws are scalar and happen in the order of the calls; the cost of each is documented so that other implementations can follow. */
export class Rng {
  // The generator's two 64-bit words, high half first, here and not in an object of their own: half of a short episode's cost was making those.
  #a1 = 0;
  #a0 = 0;
  #b1 = 0;
  #b0 = 0;

  /** @param seed integer in 0 .. 2^53-1; 0 is a seed like any other. @throws {GymError} BAD_SEED */
  constructor(seed: number) {
    this.reseed(seed);
  }

  static fromState(state: RngState): Rng {
    const rng = new Rng(0);
    rng.restore(state);
    return rng;
  }

  /** Begins the stream of another seed. @throws {GymError} BAD_SEED */
  reseed(seed: number): void {
    checkSeed(seed);
    // Two SplitMix64 outputs of the seed. Never all zero: SplitMix64 is a bijection and yields 0 once per period.
    setWord(seed);
    mix64(WORD);
    this.#a1 = WORD[0]!;
    this.#a0 = WORD[1]!;
    setWord(seed);
    increment(WORD);
    mix64(WORD);
    this.#b1 = WORD[0]!;
    this.#b0 = WORD[1]!;
  }

  /** A double in [0, 1) with 53 random bits: two 32-bit draws a, b give ((a >>> 5) * 2^26 + (b >>> 6)) / 2^53. */
  uniform(): number {
    const a = this.#next() >>> 5;
    const b = this.#next() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** An integer in 0 .. n-1, without bias, for n in 1 .. 2^32: 32-bit draws, redrawn while >= the largest multiple of n, then modulo n. */
  int(n: number): number {
    const below = n | 0;
    if (below !== n || below < 1) return this.#intBelow(n);
    let draw = this.#next() >>> 0;
    // The largest multiple of n lies within n of 2^32 (which is -n, unsigned): few draws need to know where.
    if (draw > -below >>> 0) {
      const limit = 4294967296 - (4294967296 % below);
      while (draw >= limit) draw = this.#next() >>> 0;
    }
    // The remainder in floating point, exact for 32-bit integers: processors take many times as long to divide integers.
    return (draw - Math.floor(draw / below) * below) | 0;
  }

  /** The same for n from 2^31 on. */
  #intBelow(n: number): number {
    if (!(n >= 1 && n <= 4294967296 && Number.isInteger(n)))
      throw new RangeError(`rng.int: expected an integer in 1..2^32, got ${n}`);
    const limit = 4294967296 - (4294967296 % n);
    let draw = this.#next() >>> 0;
    while (draw >= limit) draw = this.#next() >>> 0;
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
    return [this.#a1, this.#a0, this.#b1, this.#b0];
  }

  restore([a1, a0, b1, b0]: RngState): void {
    this.#a1 = a1 | 0;
    this.#a0 = a0 | 0;
    this.#b1 = b1 | 0;
    this.#b0 = b0 | 0;
  }

  clone(): Rng {
    return Rng.fromState(this.state);
  }

  /** The low half of a + b; then x = a ^ b, a = rotl(a, 24) ^ x ^ (x << 16), b = rotl(x, 37). */
  #next(): number {
    const a1 = this.#a1;
    const a0 = this.#a0;
    const x1 = this.#b1 ^ a1;
    const x0 = this.#b0 ^ a0;
    const draw = (a0 + this.#b0) | 0;
    this.#a0 = (a0 << 24) ^ (a1 >>> 8) ^ x0 ^ (x0 << 16);
    this.#a1 = (a1 << 24) ^ (a0 >>> 8) ^ x1 ^ ((x1 << 16) | (x0 >>> 16));
    this.#b0 = (x1 << 5) ^ (x0 >>> 27);
    this.#b1 = (x0 << 5) ^ (x1 >>> 27);
    return draw;
  }
}

function setWord(n: number): void {
  WORD[0] = highHalf(n);
  WORD[1] = n;
}

/** The seed of an episode that was not given one: h = mix(makeSeed); h = mix(h xor instance); h = mix(h xor episode); the top 53 bits. `mix` is one output of SplitMix64. */
export function episodeSeed(makeSeed: number, instance: number, episode: number): number {
  instanceWord(makeSeed, instance);
  return seedAfter(episode);
}

/** WORD := the hash before the episode number enters it. */
function instanceWord(makeSeed: number, instance: number): void {
  setWord(makeSeed);
  mix64(WORD);
  xorInto(WORD, instance);
  mix64(WORD);
}

function seedAfter(episode: number): number {
  xorInto(WORD, episode);
  mix64(WORD);
  return (WORD[0]! >>> 0) * 2097152 + (WORD[1]! >>> 11);
}

/** `episodeSeed` for the instances of one batch, two of its three mixes done beforehand. */
export class EpisodeSeeds {
  readonly #words: Int32Array;

  /** @param firstRow number of the first of the `num` instances */
  constructor({ seed, num, firstRow }: { readonly seed: number; readonly num: number; readonly firstRow: number }) {
    this.#words = new Int32Array(2 * num);
    for (let row = 0; row < num; row++) {
      instanceWord(seed, firstRow + row);
      this.#words.set(WORD, 2 * row);
    }
  }

  of(row: number, episode: number): number {
    WORD[0] = this.#words[2 * row]!;
    WORD[1] = this.#words[2 * row + 1]!;
    return seedAfter(episode);
  }
}
