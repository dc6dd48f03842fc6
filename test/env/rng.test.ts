/** Random numbers against vectors that were computed elsewhere, and against 64-bit arithmetic in BigInt. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { highHalf, mix64, type Word64 } from "../../src/env/mix64.ts";
import { episodeSeed, Rng, type RngState } from "../../src/env/rng.ts";

interface Vectors {
  readonly splitMix64: readonly { readonly state: string; readonly output: string }[];
  readonly streams: readonly {
    readonly seed: number;
    readonly state: readonly [string, string];
    readonly draws: readonly number[];
    readonly uniforms: readonly number[];
    readonly ints: { readonly n: readonly number[]; readonly values: readonly number[] };
  }[];
  readonly episodeSeeds: readonly { makeSeed: number; instance: number; episode: number; seed: number }[];
}
const vectors = JSON.parse(
  readFileSync(new URL("../../protocol/vectors/rng.json", import.meta.url), "utf8"),
) as Vectors;

const MASK = (1n << 64n) - 1n;
const bigOf = ([hi = 0, lo = 0]: Word64): bigint => (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
const wordFrom = (big: bigint): Word64 => Int32Array.of(Number(big >> 32n), Number(big & 0xffffffffn));
const mixed = (big: bigint): bigint => {
  const word = wordFrom(big);
  mix64(word);
  return bigOf(word);
};

/** One output of SplitMix64 for `state`, straight from the paper. */
function reference(state: bigint): bigint {
  let z = (state + 0x9e3779b97f4a7c15n) & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const words = fc.bigInt({ min: 0n, max: MASK });

describe("mix64", () => {
  it.each(vectors.splitMix64)("maps $state to $output", ({ state, output }) => {
    expect(
      mixed(BigInt(`0x${state}`))
        .toString(16)
        .padStart(16, "0"),
    ).toBe(output);
  });

  it("equals 64-bit arithmetic on any word", () => {
    fc.assert(
      fc.property(words, (word) => {
        expect(mixed(word)).toBe(reference(word));
      }),
      { numRuns: 500, examples: [[0n], [MASK], [0xffffffffn], [0x61c8864680b583ebn]] },
    );
  });

  it("takes any seed up to 2^53-1 as 64 bits", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(bigOf(Int32Array.of(highHalf(seed), seed))).toBe(BigInt(seed));
      }),
      { numRuns: 200 },
    );
  });
});

describe("Rng", () => {
  it.each(vectors.streams)("gives the vectors' stream for seed $seed", ({ seed, state, uniforms, ints }) => {
    const [hi1, lo1, hi2, lo2] = new Rng(seed).state.map((word) => (word >>> 0).toString(16).padStart(8, "0"));
    expect([`${hi1}${lo1}`, `${hi2}${lo2}`]).toEqual(state);
    const rng = new Rng(seed);
    expect(uniforms.map(() => rng.uniform())).toEqual(uniforms);
    const other = new Rng(seed);
    expect(ints.n.map((n) => other.int(n))).toEqual(ints.values);
  });

  it.each(vectors.streams)("draws the vectors' 32-bit integers for seed $seed", ({ seed, draws }) => {
    const rng = new Rng(seed);
    expect(draws.map(() => rng.int(2 ** 32))).toEqual(draws);
  });

  it("draws what pure-rand's xoroshiro128+ draws from the same state, for any seed and 100 draws", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = new Rng(seed);
        const other = xoroshiro128plusFromState(rng.state);
        for (let i = 0; i < 100; i++) expect(rng.int(2 ** 32)).toBe(other.next() >>> 0);
        expect(rng.state).toEqual(other.getState());
      }),
      { numRuns: 50, examples: [[0], [1], [2 ** 32], [2 ** 53 - 1]] },
    );
  });

  it("draws integers below n as the documented redrawing does, also where most draws are redrawn", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
        const [rng, other] = [new Rng(seed), new Rng(seed)];
        const limit = 2 ** 32 - (2 ** 32 % n);
        for (let i = 0; i < 20; i++) {
          let draw = other.int(2 ** 32);
          while (draw >= limit) draw = other.int(2 ** 32);
          expect(rng.int(n)).toBe(draw % n);
        }
      }),
      { numRuns: 100, examples: [[1, 2 ** 31 + 1], [1, 2 ** 31], [2, 2 ** 32 - 1], [3, 13], [4, 2 ** 32]] }, // prettier-ignore
    );
  });

  it("gives seeds 1 and 2^32+1 different streams", () => {
    expect(new Rng(1).uniform()).not.toBe(new Rng(2 ** 32 + 1).uniform());
  });

  it("continues from its state as if nothing had happened", () => {
    fc.assert(
      fc.property(seeds, fc.nat(20), (seed, skip) => {
        const rng = new Rng(seed);
        for (let i = 0; i < skip; i++) rng.uniform();
        const state = JSON.parse(JSON.stringify(rng.state)) as RngState;
        const other = Rng.fromState(state);
        expect([other.uniform(), other.normal(), other.int(7)]).toEqual([rng.uniform(), rng.normal(), rng.int(7)]);
      }),
      { numRuns: 50 },
    );
  });

  it("draws integers without bias: 3 buckets of 30,000 differ by less than 5 standard deviations", () => {
    const rng = new Rng(7);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[rng.int(3)]!++;
    for (const count of counts)
      expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (1 / 3) * (2 / 3)));
  });

  it("draws normals of mean 0 and variance 1 within 4 standard errors over 20,000", () => {
    const rng = new Rng(3);
    const draws = Array.from({ length: 20_000 }, () => rng.normal());
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53, "1", null])("refuses %s as a seed", (seed) => {
    expect(() => new Rng(seed as number)).toThrow(/seed: expected an integer in 0\.\.2\^53-1/);
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1])("refuses int(%s)", (n) => {
    expect(() => new Rng(0).int(n)).toThrow(RangeError);
  });
});

describe("episodeSeed", () => {
  it.each(vectors.episodeSeeds)("is $seed for seed $makeSeed, instance $instance, episode $episode", (vector) => {
    expect(episodeSeed(vector.makeSeed, vector.instance, vector.episode)).toBe(vector.seed);
  });

  it("is the documented hash for any seed, instance and episode", () => {
    fc.assert(
      fc.property(seeds, fc.nat(2 ** 31 - 1), seeds, (seed, instance, episode) => {
        const hash = [BigInt(instance), BigInt(episode)].reduce(
          (h, word) => reference(h ^ word),
          reference(BigInt(seed)),
        );
        expect(BigInt(episodeSeed(seed, instance, episode))).toBe(hash >> 11n);
      }),
      { numRuns: 200 },
    );
  });
});
