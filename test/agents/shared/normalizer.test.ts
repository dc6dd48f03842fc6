/** Running normalisation: the moments of all that was seen, rewards scaled without a change of sign, and a state that can be put away. */
import { box, dict, discrete, Rng } from "dojang/env";
import type { Transitions } from "dojang/agents";
import { describe, expect, it } from "vitest";
import { featuresOf } from "../../../agents/nets/features.ts";
import { normalizedFeatures, RewardScale } from "../../../agents/shared/normalizer.ts";
import { RunningMoments } from "../../../agents/shared/running-moments.ts";
import { batchOf, type RowSpec } from "../batches.ts";

const features = featuresOf(box([2], -1_000, 1_000, "float32"), "test");
const rng = new Rng(5);
/** Rows around (100, -3) with deviations 5 and 0.1. */
const rows = (n: number): Float32Array =>
  Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 100 + 5 * rng.normal() : -3 + 0.1 * rng.normal()));
const written = (of: typeof features, batch: Float32Array): Float32Array => {
  const out = new Float32Array(batch.length);
  of.write(batch, batch.length / 2, out);
  return out;
};

describe("running moments", () => {
  it("are those of all rows and one of mean 0 and variance 1, however they were cut into batches", () => {
    const [whole, parts] = [new RunningMoments(2), new RunningMoments(2)];
    const all = rows(1_000);
    whole.see(all, 1_000);
    for (const [from, to] of [
      [0, 1],
      [1, 3],
      [3, 500],
      [500, 500],
      [500, 1_000],
    ] as const)
      // prettier-ignore
      parts.see(all.subarray(2 * from, 2 * to), to - from);
    const column = Array.from({ length: 1_000 }, (_, i) => Number(all[2 * i]));
    const mean = column.reduce((sum, x) => sum + x, 0) / 1_001;
    const variance = (1 + mean ** 2 + column.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / 1_001;
    for (const moments of [whole, parts]) {
      expect(moments.count).toBe(1_000);
      expect(moments.mean[0]).toBeCloseTo(mean, 9);
      expect(moments.variance[0]).toBeCloseTo(variance, 8);
    }
  });
});

describe("normalised observations", () => {
  it("are as they were before anything was seen, and when normalisation is off", () => {
    const batch = rows(3);
    for (const on of [true, false]) expect(written(normalizedFeatures(features, on), batch)).toEqual(batch);
    const off = normalizedFeatures(features, false);
    off.see(batch, 3);
    expect(written(off, batch)).toEqual(batch);
  });

  it("have mean 0 and deviation 1 after 20,000 rows, and are cut at 10", () => {
    const normal = normalizedFeatures(features, true);
    for (let k = 0; k < 20; k++) normal.see(rows(1_000), 1_000);
    const out = written(normal, rows(5_000));
    for (const k of [0, 1]) {
      const column = Array.from({ length: 5_000 }, (_, i) => Number(out[2 * i + k]));
      const mean = column.reduce((sum, x) => sum + x, 0) / 5_000;
      expect(Math.abs(mean)).toBeLessThan(0.06);
      expect(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 5_000).toBeCloseTo(1, 0);
    }
    expect(Array.from(written(normal, Float32Array.of(1_000, -1_000)))).toEqual([10, -10]);
  });

  it("are not moved by writing, only by seeing, and come back bit by bit from a saved state", () => {
    const [one, other] = [normalizedFeatures(features, true), normalizedFeatures(features, true)];
    one.see(rows(50), 50);
    const saved = one.save();
    written(one, rows(500));
    expect(one.save()).toEqual(saved);
    other.load(saved);
    const more = rows(70);
    for (const normal of [one, other]) normal.see(more, 70);
    expect(other.save()).toEqual(one.save());
    expect(written(other, more)).toEqual(written(one, more));
  });

  it("are written behind other rows without touching these", () => {
    const normal = normalizedFeatures(features, true);
    normal.see(rows(10), 10);
    const out = Float32Array.of(7, 8, 0, 0);
    normal.write(rows(1), 1, out, 1);
    expect(Array.from(out.subarray(0, 2))).toEqual([7, 8]);
  });
});

describe("scaled rewards", () => {
  /** 64 instances; each step pays `pay(env)`, an episode has 50 steps. */
  const step = (t: number, pay: (env: number) => number): Transitions =>
    batchOf(
      Array.from({ length: 64 }, (_, env): RowSpec => ({
        env,
        t: t % 50,
        r: pay(env),
        ...(t % 50 === 49 && { end: "truncated" }),
      })),
    );

  it("are the rewards over the deviation of the discounted return, which 500 steps tell to 10 %", () => {
    const scale = new RewardScale(0.9, true, discrete(4));
    const draws = new Rng(3);
    let returns = new Float64Array(64);
    const seen: number[] = [];
    for (let t = 0; t < 500; t++) {
      const batch = step(t, () => 100 * draws.normal() - 20);
      returns = returns.map((sum, i) => (t % 50 === 0 ? 0 : 0.9 * sum) + Number(batch.reward[i]));
      seen.push(...returns);
      scale.see(batch);
    }
    const mean = seen.reduce((sum, x) => sum + x, 0) / seen.length;
    const deviation = Math.sqrt(seen.reduce((sum, x) => sum + (x - mean) ** 2, 0) / seen.length);
    const [high, low] = scale.apply(
      batchOf([
        { t: 0, r: 100 },
        { env: 1, t: 0, r: -100 },
      ]),
    );
    expect(Number(high) / (100 / deviation)).toBeCloseTo(1, 1);
    expect(low).toBe(-Number(high));
  });

  it("of 1 step stay below 2 times what they were: it tells nothing of a deviation", () => {
    const { reward } = new RewardScale(0.9, true, discrete(4)).scaled(batchOf([{ t: 0, r: 1 }]));
    expect(Number(reward[0])).toBeLessThan(2);
  });

  it("have a deviation of their own in each game: one that pays a thousand times as much takes nothing from the other", () => {
    const observation = dict({ game: discrete(2) });
    const scale = new RewardScale(0.9, true, observation);
    const games = (t: number, pay: (env: number) => number): Transitions => {
      const batch = step(t, pay);
      return {
        ...batch,
        spaces: { ...batch.spaces, observation },
        obs: { game: Int32Array.from(batch.env, (env) => env % 2) },
      };
    };
    for (let t = 0; t < 500; t++) scale.see(games(t, (env) => (t % 3 === 0 ? (env % 2 === 0 ? 1 : 1_000) : 0)));
    const [small, large] = scale.apply(games(0, (env) => (env % 2 === 0 ? 1 : 1_000)));
    expect(Number(small) / Number(large)).toBeCloseTo(1, 1);
  });

  it("stay as they are when scaling is off", () => {
    const batch = step(0, () => 123);
    expect(new RewardScale(0.9, false, discrete(4)).scaled(batch)).toBe(batch);
  });

  it("go on from a saved state bit by bit, in mid-episode", () => {
    const [one, other] = [new RewardScale(0.9, true, discrete(4)), new RewardScale(0.9, true, discrete(4))];
    for (let t = 0; t < 30; t++) one.see(step(t, (env) => env));
    other.load(one.save());
    for (let t = 30; t < 60; t++) for (const scale of [one, other]) scale.see(step(t, (env) => env * t));
    expect(other.save()).toEqual(one.save());
  });
});
