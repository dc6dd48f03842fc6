/** Evaluation during training: it changes nothing, ends a run at its target, keeps the best checkpoint, and survives SIGKILL. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  evaluate,
  makeForRun,
  openTrained,
  readMetrics,
  readRun,
  seedFor,
  train,
  type TrainOptions,
} from "dojang/agents";
import { defineEnv, discrete, rules } from "dojang/env";
import { describe, expect, it } from "vitest";
import { run } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";
import { readEvents } from "./results/read-events.ts";
import { settings } from "./run-settings.ts";
import { worlds } from "./worlds.ts";
import { wrapClient } from "./wrap-env.ts";

const script = fileURLToPath(new URL("killed-run.ts", import.meta.url));

const go = (options: Partial<TrainOptions>) =>
  train({ client: worlds(), agentId: "q-learning", ...settings, ...options });

const evaluationsIn = async (folder: string) =>
  (await readMetrics(folder)).flatMap((line) => ("evaluation/return" in line ? [line] : []));

/** What a run wrote, without what is wall time. */
const timeless = async (folder: string) =>
  (await readMetrics(folder)).map((line) =>
    Object.fromEntries(Object.entries(line).filter(([name]) => !/wallSeconds|PerSecond/i.test(name))),
  );

/** Pays 1 a step from the 302nd episode on: the return steps from 0 to 5. */
const risingWith = (starts: { count: number }) =>
  defineEnv({
    id: "test/Rising-v0",
    build: () =>
      rules({
        action: discrete(1),
        observation: discrete(1),
        maxSteps: 5,
        reset: (): number => (starts.count++ > 300 ? 1 : 0),
        step: (pay) => ({ state: pay, reward: pay, terminated: false }),
        observe: () => 0,
      }),
  });

describe("evaluation during training", () => {
  it.each(["q-learning", "ppo"])("leaves what %s learns as it is, bit by bit", async (agentId) => {
    const config = agentId === "ppo" ? { steps: 32, minibatch: 32, hidden: [8] } : {};
    const plain = await go({ agentId, config, steps: 2_000 });
    const evaluated = await go({ agentId, config, steps: 2_000, evalEvery: 300, evalEpisodes: 3 });
    expect(evaluated.learner.save()).toEqual(plain.learner.save());
    expect([evaluated.episodes, evaluated.recentReturn]).toEqual([plain.episodes, plain.recentReturn]);
  });

  it("comes every 2,000 steps and at the end, over the same 7 episodes, and is in metrics and receipt", async () => {
    const out = join(tempDir(), "run");
    const { evaluation } = await go({ out, steps: 5_000, evalEvery: 2_000, evalEpisodes: 7 });
    const lines = await evaluationsIn(out);
    expect(lines.map(({ step }) => step)).toEqual([2_000, 4_000, 5_000]);
    expect(evaluation).toMatchObject({ step: 5_000, episodes: 7, mean: lines.at(-1)?.["evaluation/return"] });
    const { result } = await readRun(out);
    expect(result?.evaluation).toEqual(evaluation);
    // The seed is what makes evaluations alike: that of the run under way, given to an evaluation afterwards.
    const env = await makeForRun(worlds(), out, 4);
    const { learner } = await openTrained(out, env.spaces);
    const seed = seedFor(settings.seed, "evaluate");
    expect((await evaluate(env, learner.policy, { episodes: 7, seed })).mean).toBe(evaluation?.mean);
  });

  it("has other episodes than evaluations of the finished run, which are the same each time", async () => {
    const out = join(tempDir(), "run");
    const client = worlds();
    const seeds: unknown[] = [];
    const watched = wrapClient(client, (id, options) => {
      seeds.push(options?.seed);
      return client.make(id, options);
    });
    await go({ client: watched, out, steps: 1_000, evalEvery: 500, evalEpisodes: 2 });
    expect(seeds).toEqual([seedFor(settings.seed, "env"), seedFor(settings.seed, "evaluate")]);
    const [first, second] = [await makeForRun(client, out, 1), await makeForRun(client, out, 4)];
    expect(first.seed).toBe(second.seed);
    expect(seeds).not.toContain(first.seed);
  });

  it("cuts the episodes of a world without end after 10,000 steps", async () => {
    const endless = defineEnv({
      id: "test/Endless-v0",
      build: () =>
        rules({
          action: discrete(2),
          observation: discrete(2),
          reset: () => 0,
          step: () => ({ state: 0, reward: 1, terminated: false }),
          observe: (state) => state,
        }),
    });
    const client = worlds(endless);
    const { evaluation } = await go({ client, envId: "test/Endless-v0", steps: 50, evalEvery: 50, evalEpisodes: 1 });
    expect(evaluation?.mean).toBe(10_000);
  });

  it("is refused without sense in one line", async () => {
    await expect(go({ evalEvery: 0 })).rejects.toThrow(/evalEvery: expected an integer >= 1, got 0/);
    await expect(go({ evalEpisodes: 3 })).rejects.toThrow(/evalEpisodes: expected a evalEvery beside it/);
    await expect(go({ targetOf: "training" })).rejects.toThrow(/targetOf: expected a target beside it/);
    await expect(go({ target: NaN })).rejects.toThrow(/target: expected a finite number, got NaN/);
  });
});

describe("a run that was killed with SIGKILL", () => {
  it(
    "goes on with the same evaluations, the same best checkpoint, and no step twice in metrics or events",
    { timeout: 240_000 },
    async () => {
      const folder = tempDir();
      const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
      const given = { evalEvery: 700, evalEpisodes: 3 };
      const expected = await go({ out: whole, ...given });
      const child = await run(process.execPath, ["--conditions=dojang-source", script, killed, "1099", "q-learning", JSON.stringify(given)]); // prettier-ignore
      expect(child.signal).toBe("SIGKILL");
      expect((await readRun(killed)).status).toBe("killed");
      const written = (await readMetrics(killed)).length;
      const resumed = await train({ client: worlds(), out: killed, resume: true });
      expect(resumed.learner.save()).toEqual(expected.learner.save());
      expect([resumed.evaluation, resumed.best]).toEqual([expected.evaluation, expected.best]);
      expect(await timeless(killed)).toEqual(await timeless(whole));
      expect((await evaluationsIn(killed)).length).toBeGreaterThan(10);
      expect(written).toBeLessThan((await readMetrics(killed)).length);
      const [ours, theirs] = [killed, whole].map((one) => readEvents(join(one, "events.out.tfevents.dojang")));
      expect(ours?.map(({ step }) => step)).toEqual(theirs?.map(({ step }) => step));
      const best = (one: string) => readFileSync(join(one, "best.safetensors"));
      expect(best(killed).length).toBeGreaterThan(1_000);
      const env = await makeForRun(worlds(), killed, 1);
      const [a, b] = [await openTrained(killed, env.spaces, "best"), await openTrained(whole, env.spaces, "best")];
      expect(a.learner.save()).toEqual(b.learner.save());
    },
  );
});

describe("a target", () => {
  it("of training ends the run when the mean of the last 100 returns reaches it, with a checkpoint of that step", async () => {
    const out = join(tempDir(), "run");
    const client = worlds(risingWith({ count: 0 }));
    const result = await go({ client, agentId: "random", envId: "test/Rising-v0", num: 1, steps: 100_000, target: 4, out }); // prettier-ignore
    // From the 302nd start on an episode pays 5: 80 of the last 100 do so when episode 381 ends, after 5 steps each.
    expect(result).toMatchObject({
      status: "done",
      steps: 1_905,
      target: { of: "training", value: 4, reachedAt: 1_905 },
    });
    expect(result.best).toMatchObject({ of: "training", step: 1_905, mean: 4 });
    expect(statSync(join(out, "best.safetensors")).ino).toBe(statSync(join(out, "checkpoint.safetensors")).ino);
    const again = await train({ client, out, resume: true });
    expect(again).toMatchObject({ status: "done", steps: 1_905 });
  });

  it("of an evaluation ends the run at the first evaluation that reaches it", async () => {
    const result = await go({ envId: "test/Corridor-v0", steps: 50_000, target: -3, evalEvery: 500, evalEpisodes: 2, config: { epsilon: { over: 1_000 } } }); // prettier-ignore
    expect(result.target).toMatchObject({ of: "evaluation", value: -3 });
    expect(result.target?.reachedAt).toBe(result.steps);
    expect(result.steps).toBeLessThan(10_000);
    expect(result.steps % 500).toBe(0);
  });

  it("that is never reached leaves the run as long as it was to be, without the step of it", async () => {
    const result = await go({ agentId: "random", envId: "test/Loop-v0", steps: 2_000, target: 6 });
    expect(result).toMatchObject({ status: "done", steps: 2_000, recentReturn: 5 });
    expect(result.target).toEqual({ of: "training", value: 6 });
  });

  it("can be raised on resume, and the run goes on", async () => {
    const out = join(tempDir(), "run");
    const client = worlds();
    const first = await go({ client, agentId: "random", envId: "test/Loop-v0", steps: 5_000, target: 5, out });
    expect(first.steps).toBeLessThan(5_000);
    const next = await train({ client, out, resume: true, target: 6 });
    expect(next).toMatchObject({ status: "done", steps: 5_000 });
    await expect(train({ client, out, resume: true, targetOf: "evaluation" })).rejects.toThrow(
      /targetOf: expected "training"/,
    );
  });
});

describe("the receipt", () => {
  it("counts env steps, evaluation steps, gradient steps, processor and wall seconds, memory, energy and price", async () => {
    const out = join(tempDir(), "run");
    const costs = { wattsPerCore: 20, pricePerCoreHour: 0.5 };
    await go({ agentId: "ppo", config: { steps: 32, minibatch: 32, epochs: 2, hidden: [8] }, steps: 640, num: 2, out, costs, evalEvery: 640, evalEpisodes: 2 }); // prettier-ignore
    const { costs: found } = (await readRun(out)).result as unknown as { costs: Record<string, number> };
    // 10 updates of 64 transitions: 2 minibatches, 2 epochs.
    expect(found).toMatchObject({ envSteps: 640, gradientSteps: 40, wattsPerCore: 20, pricePerCoreHour: 0.5 });
    expect(found["evaluationSteps"]).toBeGreaterThan(1);
    expect(found["cpuSeconds"]).toBeGreaterThan(0);
    expect(found["wallSeconds"]).toBeGreaterThan(0);
    expect(found["peakMemoryBytes"]).toBeGreaterThan(30e6);
    expect(found["kWh"]).toBeCloseTo((found["cpuSeconds"]! * 20) / 3.6e6, 15);
    expect(found["price"]).toBeCloseTo((found["cpuSeconds"]! / 3_600) * 0.5, 15);
  });
});
