/** A3C: actors in other processes, gradients that are older than the weights they move, actors that die, envs that are not to be had. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate, findAgent, openTrained, rollout, train, type TrainOptions, type TrainResult } from "dojang/agents";
import type { Client } from "dojang/client";
import { local } from "dojang/client/local";
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";

type Born = Parameters<NonNullable<TrainOptions["onActor"]>>[0];

function client(): Client {
  const made = local();
  onTestFinished(() => made.close());
  return made;
}

const folder = (): string => join(tempDir(), "run");

/** Small and quick. */
const SMALL = { hidden: [32, 32], learningRate: { from: 2e-3, to: 2e-3, over: 0 } };

const cartPole = ({ config, ...options }: Partial<TrainOptions> = {}): Promise<TrainResult> =>
  train({
    ...{ client: client(), agentId: "a3c", envId: "CartPole-v1", num: 4, seed: 1, steps: 2_000 },
    ...{ ...options, config: { ...SMALL, ...config } },
  });

/** Every line of a run's metrics. */
const metricsOf = (out: string): Readonly<Record<string, number>>[] =>
  readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Record<string, number>); // prettier-ignore

/** Is there a process of this id? */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("A3C with actors in other processes", () => {
  it("learns CartPole, from gradients of which some are of older weights, and leaves no process behind", async () => {
    const born: Born[] = [];
    const out = folder();
    const { recentReturn } = await cartPole({ out, num: 8, steps: 25_000, onActor: (one) => born.push(one) });
    // Random play comes to 22.
    expect(recentReturn).toBeGreaterThan(60);
    const lines = metricsOf(out);
    expect(lines.at(-1)?.["lagMax"]).toBeGreaterThanOrEqual(1);
    expect(lines.every(({ lag = -1, lagMax = -1 }) => lag >= 0 && lag <= lagMax)).toBe(true);
    expect(born.map(({ index, generation }) => [index, generation])).toEqual([[0, 0], [1, 0]]); // prettier-ignore
    await expect.poll(() => born.filter(({ pid }) => isAlive(pid))).toEqual([]);
  }, 120_000);

  it("replaces an actor that is killed, and goes on to the end with all its steps", async () => {
    const born: Born[] = [];
    const out = folder();
    let killed = 0;
    const onProgress = ({ step }: { readonly step: number }): void => {
      if (killed === 0 && step >= 400) process.kill((killed = born[0]?.pid ?? 0), "SIGKILL");
    };
    const result = await cartPole({ out, steps: 6_000, logEvery: 20, onProgress, onActor: (one) => born.push(one) });
    expect(killed).toBeGreaterThan(0);
    expect(born[2]).toMatchObject({ index: 0, generation: 1, after: "SIGKILL" });
    expect(result).toMatchObject({ status: "done" });
    expect(result.steps).toBeGreaterThanOrEqual(6_000);
    expect(metricsOf(out).at(-1)).toMatchObject({ replaced: 1, faults: 0 });
  }, 120_000);

  it("goes on from a checkpoint with the weights, the number of their version and the steps", async () => {
    const out = folder();
    const first = await cartPole({ out, steps: 1_000, config: { actors: 1 } });
    const again = await cartPole({ out, steps: 2_000, resume: true });
    expect(again.steps).toBeGreaterThanOrEqual(2_000);
    expect(again.learner.shared?.version()).toBeGreaterThan(first.learner.shared?.version() ?? Infinity);
    const env = await client().make("CartPole-v1", { num: 4, seed: 3, autoreset: "disabled" });
    const { learner } = await openTrained(out, env.spaces);
    expect(learner.shared?.weights()).toEqual(again.learner.shared?.weights());
    expect((await evaluate(env, learner.policy, { episodes: 4 })).mean).toBeGreaterThan(5);
  }, 120_000);

  it("ends where three processes of one actor die before their first gradient, though the others go on", async () => {
    const born: Born[] = [];
    const onActor = (one: Born): void => {
      born.push(one);
      if (one.index === 1) process.kill(one.pid, "SIGKILL");
    };
    await expect(cartPole({ steps: 1e9, onActor })).rejects.toThrow(
      'actor 1: expected a first gradient, got "3 processes that ended before it, the last by SIGKILL"',
    );
    expect(born.map(({ index, generation }) => [index, generation])).toEqual([[0, 0], [1, 0], [1, 1], [1, 2]]); // prettier-ignore
    await expect.poll(() => born.filter(({ pid }) => isAlive(pid))).toEqual([]);
  }, 60_000);

  it("keeps what was learnt where its actors fail for good, and goes on from there", async () => {
    const out = folder();
    const born: Born[] = [];
    const fate = { sealed: false };
    const onActor = (one: Born): void => {
      born.push(one);
      if (fate.sealed) process.kill(one.pid, "SIGKILL");
    };
    const onProgress = ({ step }: { readonly step: number }): void => {
      if (fate.sealed || step < 400) return;
      fate.sealed = true;
      for (const { pid } of born) process.kill(pid, "SIGKILL");
    };
    const failed = cartPole({ out, steps: 1e9, onActor, onProgress });
    await expect(failed).rejects.toThrow(
      /first gradient.* What was learnt in [\d,]+ steps is kept: go on with --resume/,
    );
    const { steps } = await cartPole({ out, steps: 1, resume: true });
    expect(steps).toBeGreaterThanOrEqual(400);
  }, 120_000);

  it("drops gradients that are older than maxLag, and takes no step along them", async () => {
    const out = folder();
    const { learner } = await cartPole({ out, num: 4, steps: 4_000, config: { maxLag: 0 } });
    const dropped = metricsOf(out).some((line) => (line["dropped"] ?? 0) > 0);
    expect(dropped).toBe(true);
    // 10 rows a gradient: two instances, five steps.
    expect(learner.shared?.version()).toBeLessThan(4_000 / 10);
  }, 120_000);

  it("steps envs of a server", async () => {
    const server = await testServer();
    const result = await cartPole({ steps: 400, home: { server: server.url }, config: { actors: 1 } });
    expect(result.steps).toBeGreaterThanOrEqual(400);
    await expect(cartPole({ steps: 400, home: { server: "ws://127.0.0.1:9" } })).rejects.toThrow(/127\.0\.0\.1:9/);
  }, 120_000);

  it("refuses instances that cannot be shared out, in one line, before there is a folder", async () => {
    const out = folder();
    await expect(cartPole({ num: 3, out })).rejects.toThrow("a3c: num: expected a multiple of the 2 actors, got 3");
    expect(existsSync(out)).toBe(false);
  });

  it("ends with the actor's own error where its env is not to be had, and starts no actor again", async () => {
    const born: Born[] = [];
    const training = cartPole({ home: { plugins: ["./no-such-plugin.ts"] }, onActor: (one) => born.push(one) });
    await expect(training).rejects.toThrow(/no-such-plugin\.ts/);
    expect(born).toHaveLength(2);
  }, 60_000);
});

describe("A3C in one process", () => {
  it("takes a step for each gradient, and the same ones for the same seed", async () => {
    const once = async () => {
      const env = await client().make("CartPole-v1", { num: 4, seed: 2 });
      const learner = findAgent("a3c").create(env.spaces, {}, { seed: 5 });
      const metrics = await lastValueFrom(rollout(env, learner.act, { steps: 400 }).pipe(learner.learn, toArray()));
      return { metrics, version: learner.shared?.version(), saved: learner.save() };
    };
    const first = await once();
    expect(first.version).toBe(20);
    expect(first.metrics).toHaveLength(20);
    expect(await once()).toEqual(first);
  });
});
