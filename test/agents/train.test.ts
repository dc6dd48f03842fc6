/** Training runs: a run that was stopped, however rudely, goes on as if nothing had happened. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client, StepOptions } from "dojang/client";
import {
  agents,
  evaluate,
  makeForRun,
  openTrained,
  train,
  type Plain,
  type TrainOptions,
  type TrainResult,
} from "dojang/agents";
import { defineEnv, discrete, rules } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import { describe, expect, it } from "vitest";
import { run } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";
import { learnsInLockstep } from "./players.ts";
import { settings, settingsOf } from "./run-settings.ts";
import { wrapClient, wrapEnv } from "./wrap-env.ts";
import { worlds } from "./worlds.ts";

const script = fileURLToPath(new URL("killed-run.ts", import.meta.url));

/** metrics.jsonl without the wall times and rates. */
const metricsOf = (folder: string): unknown[] =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const numbers = Object.entries(JSON.parse(line) as Record<string, number>);
      return Object.fromEntries(numbers.filter(([name]) => !/wallSeconds|PerSecond/i.test(name)));
    });

const go = (options: Partial<TrainOptions>): Promise<TrainResult> =>
  train({ client: worlds(), ...settings, ...options });

/** A client whose envs abort a run in their `calls`-th step. */
function aborting(abort: AbortController, calls: number): Client {
  const client = worlds();
  let count = 0;
  const make: Client["make"] = async (id, options) => {
    const env = await client.make(id, options);
    const step = (actions: BatchOf<Space>, given?: StepOptions) => {
      if (++count === calls) abort.abort();
      return env.step(actions, given);
    };
    return wrapEnv(env, { step });
  };
  return wrapClient(client, make);
}

describe("a resumed run", () => {
  // What actors in other processes had begun is lost with a run: it goes on, but not bit by bit.
  const inLockstep = Object.values(agents).filter(learnsInLockstep);
  for (const agentId of inLockstep.map(({ id }) => id).filter((id) => id !== "random")) {
    it(`of ${agentId} equals an uninterrupted one bit by bit after SIGKILL between two checkpoints`, async () => {
      const folder = tempDir();
      const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
      const expected = await go({ ...settingsOf(agentId), agentId, out: whole });
      const child = await run(process.execPath, ["--conditions=dojang-source", script, killed, "777", agentId]);
      expect(child.signal).toBe("SIGKILL");
      const resumed = await train({ client: worlds(), out: killed, resume: true });
      expect(resumed.steps).toBe(8_000);
      expect(resumed.learner.save()).toEqual(expected.learner.save());
      expect(metricsOf(killed)).toEqual(metricsOf(whole));
      // Some report once a step, others once an update.
      expect(metricsOf(killed).length).toBeGreaterThan(10);
    });
  }

  it("equals an uninterrupted one after it was aborted 3 times", async () => {
    const folder = tempDir();
    const expected = await go({ agentId: "sarsa", out: join(folder, "whole") });
    const out = join(folder, "stopped");
    const seen: [string, number][] = [];
    for (const calls of [101, 200, 400]) {
      const abort = new AbortController();
      const start = seen.length === 0 ? { ...settings, agentId: "sarsa" } : { resume: true };
      const result = await train({ client: aborting(abort, calls), ...start, out, signal: abort.signal });
      seen.push([result.status, result.steps]);
    }
    // 5 instances: the step under way is still taken and learnt from.
    expect(seen).toEqual([["interrupted", 505], ["interrupted", 1_505], ["interrupted", 3_505]]); // prettier-ignore
    const result = await train({ client: worlds(), out, resume: true });
    expect(result.status).toBe("done");
    expect(result.learner.save()).toEqual(expected.learner.save());
    expect(metricsOf(out)).toEqual(metricsOf(join(folder, "whole")));
  });

  it("can be made longer, and then equals a run that was as long from the start", async () => {
    const folder = tempDir();
    const [short, long] = [join(folder, "short"), join(folder, "long")];
    await go({ agentId: "q-learning", out: short, steps: 4_000 });
    const resumed = await train({ client: worlds(), out: short, resume: true, steps: 8_000 });
    const expected = await go({ agentId: "q-learning", out: long });
    expect(resumed.learner.save()).toEqual(expected.learner.save());
    expect(metricsOf(short)).toEqual(metricsOf(long));
  });

  it("that was done already does nothing and says so", async () => {
    const out = join(tempDir(), "run");
    const first = await go({ agentId: "random", out });
    const again = await train({ client: worlds(), out, resume: true });
    expect([again.status, again.steps, again.episodes]).toEqual(["done", first.steps, first.episodes]);
  });

  it("refuses other settings than it was started with, and names the first", async () => {
    const out = join(tempDir(), "run");
    await go({ agentId: "q-learning", out });
    const resume = (given: Partial<TrainOptions>) => train({ client: worlds(), out, resume: true, ...given });
    await expect(resume({ seed: 12 })).rejects.toThrow(/seed: expected 11, with which the run was started, got 12/);
    await expect(resume({ config: { epsilon: { to: 0.3 } } })).rejects.toThrow(/config\.epsilon\.to: expected 0\.1/);
    await expect(resume({ agentId: "sarsa" })).rejects.toMatchObject({ code: "BAD_RUN" });
    const still = join(tempDir(), "still");
    await go({ agentId: "q-learning", out: still, config: { epsilon: 0.2 } });
    await train({ client: worlds(), out: still, resume: true, config: { epsilon: 0.2 } });
    const changed = train({ client: worlds(), out: still, resume: true, config: { epsilon: 0.3 } });
    await expect(changed).rejects.toThrow(/config\.epsilon\.from: expected 0\.2, with which .*, got 0\.3/);
  });

  it("is refused where there is no run, and where the checkpoint is cut short", async () => {
    const folder = tempDir();
    await expect(train({ client: worlds(), out: join(folder, "none"), resume: true })).rejects.toMatchObject({
      code: "BAD_RUN",
    });
    const out = join(folder, "run");
    await go({ agentId: "q-learning", out });
    const file = join(out, "checkpoint.safetensors");
    writeFileSync(file, readFileSync(file).subarray(0, -50));
    await expect(train({ client: worlds(), out, resume: true })).rejects.toThrow(/expected a whole safetensors file/);
  });
});

describe("a run folder", () => {
  it("holds config, metrics in two forms, the last and the best checkpoint and a receipt with versions and seed, and no leftovers", async () => {
    const out = join(tempDir(), "deep", "run");
    await go({ agentId: "q-learning", out });
    expect(readdirSync(out).toSorted()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "events.out.tfevents.dojang",
      "metrics.jsonl",
      "receipt.json",
    ]);
    expect(readdirSync(join(out, ".."))).toEqual(["run"]);
    const receipt = JSON.parse(readFileSync(join(out, "receipt.json"), "utf8")) as Record<string, unknown>;
    expect(receipt).toMatchObject({
      status: "done",
      steps: 8_000,
      seed: 11,
      versions: { node: process.versions.node },
    });
  });

  it("is never written over", async () => {
    const out = join(tempDir(), "run");
    await go({ agentId: "random", out });
    await expect(go({ agentId: "random", out })).rejects.toThrow(/expected a folder that does not exist yet.*--resume/);
  });

  it("remembers the time limit it was given: episodes of 7 steps after a resume, too", async () => {
    const out = join(tempDir(), "run");
    const given = { agentId: "random", envId: "test/Loop-v0", num: 1, maxSteps: 7, out };
    const first = await go({ ...given, steps: 70 });
    const resumed = await train({ client: worlds(), out, resume: true, steps: 140 });
    expect([first.episodes, resumed.episodes]).toEqual([10, 20]);
    expect((await makeForRun(worlds(), out, 1)).maxSteps).toBe(7);
    await expect(train({ client: worlds(), out, resume: true, maxSteps: 8 })).rejects.toThrow(/maxSteps: expected 7/);
  });

  it("that cannot be written is refused in one line", async () => {
    const file = join(tempDir(), "file");
    writeFileSync(file, "");
    await expect(go({ agentId: "random", out: join(file, "run") })).rejects.toThrow(
      /expected a folder that can be written to, got "ENOTDIR/,
    );
  });

  it("is not made when env, agent or a setting is wrong", async () => {
    const out = join(tempDir(), "run");
    await expect(go({ agentId: "q-learning", envId: "FrozenLak-v1", out })).rejects.toMatchObject({
      code: "UNKNOWN_ENV",
    });
    await expect(go({ agentId: "q-lerning", out })).rejects.toMatchObject({ code: "UNKNOWN_AGENT" });
    await expect(go({ agentId: "q-learning", config: { alpha: 2 }, out })).rejects.toMatchObject({ code: "BAD_PARAM" });
    expect(readdirSync(join(out, ".."))).toEqual([]);
  });

  it("keeps the last good checkpoint when learning breaks down, and the receipt says why", async () => {
    // A reward near the largest double: finite, so the env may give it; the table overflows at the second visit.
    const huge = defineEnv({
      id: "test/Huge-v0",
      build: () =>
        rules({
          action: discrete(1),
          observation: discrete(1),
          reset: () => 0,
          step: (t) => ({ state: t + 1, reward: t < 500 ? 1 : 1.7e308, terminated: false }),
          observe: () => 0,
        }),
    });
    const out = join(tempDir(), "run");
    const broken = train({ client: worlds(huge), agentId: "q-learning", envId: "test/Huge-v0", out, steps: 1_000, num: 1, checkpointEvery: 100, config: { alpha: 1, gamma: 1 } }); // prettier-ignore
    await expect(broken).rejects.toMatchObject({ code: "NOT_A_NUMBER" });
    const env = await worlds(huge).make("test/Huge-v0", { num: 1 });
    const { learner } = await openTrained(out, env.spaces);
    const { q } = learner.save() as unknown as { q: { values: Float64Array } };
    expect(q.values[0]).toBe(500);
    const receipt = JSON.parse(readFileSync(join(out, "receipt.json"), "utf8")) as Record<string, unknown>;
    expect(receipt["status"]).toBe("failed");
    expect(receipt["error"]).toMatch(/table q, state 0, action 0/);
  });

  it("gives its policy back for evaluation: the returns are those of the learner that was trained", async () => {
    const out = join(tempDir(), "run");
    const client = worlds();
    const { learner } = await train({ client, agentId: "q-learning", envId: "Taxi-v4", steps: 20_000, seed: 1, out });
    const env = await makeForRun(client, out, 8);
    const opened = await openTrained(out, env.spaces);
    const [a, b] = [
      await evaluate(env, learner.policy, { episodes: 20 }),
      await evaluate(env, opened.learner.policy, { episodes: 20 }),
    ];
    expect(b.returns).toEqual(a.returns);
  });

  it("seeds another run that begins with what it had learnt", async () => {
    const out = join(tempDir(), "run");
    const client = worlds();
    const first = await go({ agentId: "q-learning", out });
    const next = await train({ client, ...settings, agentId: "q-learning", steps: 5, initFrom: out });
    const valuesOf = (state: Plain): Float64Array => (state as unknown as { q: { values: Float64Array } }).q.values;
    const changed = valuesOf(next.learner.save()).filter((value, i) => value !== valuesOf(first.learner.save())[i]);
    expect(changed.length).toBeLessThanOrEqual(5);
    await expect(train({ client, ...settings, agentId: "sarsa", initFrom: out })).rejects.toThrow(
      /expected a run of sarsa, got "q-learning"/,
    );
    rmSync(out, { recursive: true });
  });
});
