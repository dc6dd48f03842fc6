/** Training runs from recordings: what is learnt, how often it is read, resuming, and what is refused before there is a folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { train, type TrainOptions, type TrainResult } from "dojang/agents";
import { local } from "dojang/client/local";
import { Rng } from "dojang/env";
import { createRecorder } from "dojang/recording";
import { describe, expect, it, onTestFinished } from "vitest";
import { Registry } from "../../src/registry/registry.ts";
import { tempDir } from "../support/temp.ts";
import { corridor, loop, masked, worlds } from "./worlds.ts";

const ENV = corridor.id;
const QUICK = { hidden: [16], every: 8 };

/** A folder with a recording of 800 steps of two instances that walk to the right more often than not. */
async function recorded(options: { observations?: boolean; env?: string; restored?: boolean } = {}): Promise<string> {
  const { observations = false, env: id = ENV, restored = false } = options;
  const folder = join(tempDir(), "recordings");
  mkdirSync(folder);
  const path = join(folder, "one.mcap");
  const client = local({
    plugins: [corridor, masked, loop],
    record: (env, batch) => createRecorder({ ...batch, path, env, observations }),
  });
  const env = await client.make(id, { num: 2, seed: 3, autoreset: "same-step" });
  await env.reset();
  const rng = new Rng(1);
  for (let t = 0; t < 400; t++) {
    if (restored && t === 5) await env.restore(await env.snapshot());
    // To the left one time in four.
    await env.step(Int32Array.from([0, 1], () => Math.min(1, rng.int(4))));
  }
  await client.close();
  return folder;
}

/** Plays recordings of digests again. */
function build(): NonNullable<TrainOptions["build"]> {
  const registry = new Registry();
  for (const plugin of [corridor, masked]) registry.add(plugin, "test");
  onTestFinished(() => registry.close());
  return (id, params) => registry.build(id, params);
}

const learn = (options: Partial<TrainOptions> & { readonly from?: readonly string[] }): Promise<TrainResult> =>
  train({
    ...{ client: worlds(), agentId: "behaviour-cloning", envId: ENV, seed: 1, steps: 2_000, build: build() },
    ...{ checkpointEvery: 500, logEvery: 500, config: QUICK },
    ...options,
  });

/** metrics.jsonl without the wall times and rates. */
const metricsOf = (folder: string): unknown[] =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => {
    const numbers = Object.entries(JSON.parse(line) as Record<string, number>);
    return Object.fromEntries(numbers.filter(([name]) => !/wallSeconds|PerSecond/i.test(name)));
  }); // prettier-ignore

describe("a run from recordings", () => {
  it("clones what was done most in them: -3 in the corridor, from observations and from digests alike", async () => {
    const [seen, digests] = [await recorded({ observations: true }), await recorded()];
    const runs = [await learn({ from: [seen], build: undefined, evalEvery: 1_000 }), await learn({ from: [digests], evalEvery: 1_000 })]; // prettier-ignore
    expect(runs.map(({ evaluation }) => evaluation?.mean)).toEqual([-3, -3]);
    expect(runs[0]?.learner.save()).toEqual(runs[1]?.learner.save());
  });

  it("teaches agents of action values, too: their greedy policy takes 3 steps to the end", async () => {
    const from = [await recorded()];
    for (const [agentId, config] of [
      ["dqn", { ...QUICK, learningRate: { from: 0.01, to: 0.01 }, start: 100, target: 20, gamma: 0.9 }],
      ["q-learning", { gamma: 0.9 }],
    ] as const)
      // prettier-ignore
      expect((await learn({ from, agentId, config, steps: 4_000, evalEvery: 4_000 })).evaluation?.mean).toBe(-3);
  });

  it("reads 800 recorded steps again until 2,000 are learnt, and tells no returns: they are another's", async () => {
    const out = join(tempDir(), "run");
    const result = await learn({ from: [await recorded()], out });
    expect(result).toMatchObject({ status: "done", recentReturn: undefined });
    // Batches are cut at the ends of episodes, and after 64 steps.
    expect(result.steps).toBeGreaterThanOrEqual(2_000);
    expect(result.steps).toBeLessThan(2_064);
    expect(existsSync(join(out, "best.safetensors"))).toBe(false);
    expect(metricsOf(out).every((line) => !/return|reward/.test(JSON.stringify(line)))).toBe(true);
  });

  it.each(["behaviour-cloning", "dqn", "q-learning"])(
    "of %s that is resumed in its second reading equals an uninterrupted one bit by bit",
    async (agentId) => {
      const folder = tempDir();
      const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
      const config = agentId === "dqn" ? { ...QUICK, start: 100 } : agentId === "q-learning" ? {} : QUICK;
      const given = { agentId, from: [await recorded()], config };
      const expected = await learn({ ...given, out: whole });
      await learn({ ...given, out: parts, steps: 1_100 });
      const resumed = await train({ client: worlds(), out: parts, resume: true, steps: 2_000, build: build() });
      expect(resumed.learner.save()).toEqual(expected.learner.save());
      expect(resumed.steps).toBe(expected.steps);
      expect(metricsOf(parts)).toEqual(metricsOf(whole));
    },
  );

  it("stops at the target of an evaluation, and keeps the best checkpoint by evaluations", async () => {
    const out = join(tempDir(), "run");
    const result = await learn({ from: [await recorded()], out, steps: 20_000, target: -3, evalEvery: 1_000 });
    expect(result.target).toMatchObject({ of: "evaluation", value: -3 });
    expect(result.steps).toBeLessThan(19_000);
    expect(existsSync(join(out, "best.safetensors"))).toBe(true);
  });

  it("leaves episodes out that cannot be played again, says which once, and learns from the others", async () => {
    const skipped: string[] = [];
    const result = await learn({ from: [await recorded({ restored: true })], onSkip: (why) => skipped.push(why) });
    expect(result.status).toBe("done");
    expect(skipped).toHaveLength(2);
    expect(skipped[0]).toMatch(/^episode \d+ of instance \d: it was put back from a snapshot/);
  });
});

describe("a run from recordings is refused, before there is a folder,", () => {
  const refused = async (options: Parameters<typeof learn>[0], message: RegExp): Promise<void> => {
    const out = join(tempDir(), "run");
    await expect(learn({ ...options, out })).rejects.toThrow(message);
    expect(existsSync(out)).toBe(false);
  };

  it("where there is no such file or folder, none in it, and where one is no recording", async () => {
    const folder = tempDir();
    await refused(
      { from: [join(folder, "none")] },
      /train: from: expected a recording or a folder of recordings, got ".*none"$/,
    );
    await refused(
      { from: [folder] },
      /train: from: expected a file that matches, or a folder with \.mcap files, got \["/,
    );
    writeFileSync(join(folder, "x.mcap"), "no recording");
    await refused({ from: [folder] }, /x\.mcap: /);
  });

  it("for recordings of another env, also beside right ones, and of other params", async () => {
    const other = await recorded({ env: loop.id });
    await refused(
      { from: [await recorded(), other] },
      /one\.mcap: env: expected test\/Corridor-v0, got "test\/Loop-v0"\. Name/,
    );
    await refused(
      { from: [await recorded()], params: { length: 5 } },
      /param length: expected 5, got 4\. Give the recorded one/,
    );
  });

  it("for digests where there is no env to play them again with", async () => {
    await refused(
      { from: [await recorded()], build: undefined },
      /train: from: expected an episode to learn from, got "episode \d+ of instance \d: it holds digests only/,
    );
  });

  it("for agents that need more than a recording of another has", async () => {
    await refused(
      { from: [await recorded()], agentId: "ppo", config: {} },
      /ppo: extras: expected a column "logProb", got \[\]/,
    );
    await refused(
      { from: [await recorded()], agentId: "evolution-strategies", config: {} },
      /expected a column "generation"/,
    );
  });

  it("beside options of own play", async () => {
    const from = [await recorded()];
    await refused({ from, num: 4 }, /train: num: expected none beside recordings to learn from, got 4/);
    await refused({ from, online: true, steps: undefined }, /train: online: expected none beside recordings/);
    await refused(
      { from, target: 1, targetOf: "training" },
      /train: targetOf: expected evaluation: recorded returns are another's/,
    );
  });
});
