/** Evaluation counts each episode once, long or short. */
import { evaluate, type Act } from "dojang/agents";
import { defineEnv, discrete, rules } from "dojang/env";
import { AUTORESET } from "dojang/protocol";
import { describe, expect, it } from "vitest";
import { worlds } from "./worlds.ts";

const still: Act = ({ n }) => ({ action: new Int32Array(n) });

/** Half of the episodes last 1 step, half 30; +1 a step. */
const uneven = defineEnv({
  id: "test/Uneven-v0",
  build: () =>
    rules({
      action: discrete(1),
      observation: discrete(40),
      reset: (rng) => ({ t: 0, end: rng.int(2) === 0 ? 1 : 30 }),
      step: (state) => ({ state: { ...state, t: state.t + 1 }, reward: 1, terminated: state.t + 1 === state.end }),
      observe: ({ t }) => t,
    }),
});

describe("evaluate", () => {
  it("gives the same 101 returns for 1, 4 and 200 instances and for every autoreset mode", async () => {
    const client = worlds(uneven);
    const seen = [];
    for (const autoreset of AUTORESET) {
      for (const num of [1, 4, 200]) {
        const env = await client.make("test/Uneven-v0", { num, seed: num, autoreset });
        seen.push(await evaluate(env, still, { episodes: 101, seed: 3 }));
      }
    }
    for (const result of seen) expect(result).toEqual(seen[0]);
    expect(seen[0]?.returns).toHaveLength(101);
  });

  it("has no bias towards short episodes: 2,000 of them are half long", async () => {
    const env = await worlds(uneven).make("test/Uneven-v0", { num: 64, seed: 1 });
    const { mean, standardError, lengths } = await evaluate(env, still, { episodes: 2_000, seed: 1 });
    expect(standardError).toBeCloseTo(14.5 / Math.sqrt(2_000), 2);
    expect(Math.abs(mean - 15.5)).toBeLessThan(4 * standardError);
    expect(new Set(lengths)).toEqual(new Set([1, 30]));
  });

  it("steps no instance whose share is played: 3 episodes on 2 instances take as many steps as they are long", async () => {
    const env = await worlds(uneven).make("test/Uneven-v0", { num: 2, seed: 1 });
    let rows = 0;
    const { lengths } = await evaluate(env, (view) => ((rows += view.n), still(view)), { episodes: 3, seed: 4 });
    expect(rows).toBe(lengths.reduce((sum, length) => sum + length, 0));
  });

  it("stops with the env's error instead of counting a failed episode", async () => {
    const env = await worlds().make("test/Faulty-v0", { num: 2, seed: 1 });
    await expect(evaluate(env, still, { episodes: 3 })).rejects.toThrow(/Faulty-v0: evaluation stopped: .*bad step 2/);
  });

  it("refuses 0 episodes", async () => {
    const env = await worlds().make("test/Loop-v0", { num: 1, seed: 1 });
    await expect(evaluate(env, still, { episodes: 0 })).rejects.toThrow(/episodes: expected an integer >= 1, got 0/);
  });
});
