/** Behaviour cloning: the policy of another agent, from recordings of it, from arrays and while it plays; never its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  evaluate,
  findAgent,
  fromEpisodes,
  recordings,
  rollout,
  train,
  type Learner,
  type RecordedEpisode,
} from "dojang/agents";
import { local } from "dojang/client/local";
import { box } from "dojang/env";
import { createRecorder } from "dojang/recording";
import { lastValueFrom, repeat } from "rxjs";
import { describe, expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";
import { worlds } from "./worlds.ts";

const QUICK = { hidden: [32], learningRate: { from: 0.01, to: 0.01 }, every: 8 };

async function table(envId: string): Promise<Learner> {
  return (await train({ client: worlds(), agentId: "q-learning", envId, steps: 20_000, num: 8, seed: 3 })).learner;
}

/** Plays the greedy policy and writes down what it did, states included. @returns the states that were seen */
async function record(teacher: Learner, envId: string, path: string): Promise<Set<number>> {
  const client = local({ record: (env, batch) => createRecorder({ ...batch, path, env, observations: true }) });
  const env = await client.make(envId, { num: 1, seed: 8 });
  const seen = new Set<number>();
  await lastValueFrom(
    rollout(
      env,
      (view) => {
        seen.add(Number((view.obs as Int32Array)[0]));
        return teacher.policy(view);
      },
      { steps: 1_500 },
    ),
  );
  await client.close();
  return seen;
}

const greedy = async (learner: Learner, states: readonly number[]): Promise<number[]> => {
  const n = states.length;
  const view = { n, obs: Int32Array.from(states), first: new Uint8Array(n).fill(1), env: new Uint32Array(n), episode: new Float64Array(n), t: new Int32Array(n) }; // prettier-ignore
  return Array.from((await learner.policy(view)).action as Int32Array);
};

describe("behaviour cloning", () => {
  it("of recordings of a Q-table takes its greedy action in every state of slippery FrozenLake that was seen", async () => {
    const path = join(tempDir(), "table.mcap");
    const teacher = await table("FrozenLake-v1");
    const states = [...(await record(teacher, "FrozenLake-v1", path))].toSorted((a, b) => a - b);
    expect(states.length).toBeGreaterThan(8);
    const { spaces } = await worlds().make("FrozenLake-v1", { num: 1, seed: 1 });
    const clone = findAgent("behaviour-cloning").create(spaces, QUICK, { seed: 1 });
    await lastValueFrom(recordings(path).pipe(repeat(4), clone.learn));
    expect(await greedy(clone, states)).toEqual(await greedy(teacher, states));
  });

  it("while another agent plays, exploring, earns what that one earns at its best: -3 in the corridor", async () => {
    const client = worlds();
    const teacher = await table("test/Corridor-v0");
    const env = await client.make("test/Corridor-v0", { num: 4, seed: 1 });
    const clone = findAgent("behaviour-cloning").create(env.spaces, QUICK, { seed: 1 });
    await lastValueFrom(rollout(env, teacher.act, { steps: 4_000 }).pipe(clone.learn));
    const { mean } = await evaluate(await client.make("test/Corridor-v0", { num: 4, seed: 2 }), clone.policy, {
      episodes: 20,
    });
    expect(mean).toBe(-3);
  });

  it("of actions in a box takes them within a tenth, from arrays in memory", async () => {
    const spaces = { observation: box([1], -1, 1), action: box([1], -4, 0) };
    const n = 400;
    const observations = Float32Array.from({ length: n + 1 }, (_, i) => Math.sin(i));
    const episode: RecordedEpisode = {
      ...{ spaces, env: 0, episode: 0, observations, rewards: new Float64Array(n), terminated: false, truncated: true },
      actions: observations.subarray(0, n).map((x) => -2 - 1.5 * x),
    };
    const source = fromEpisodes((async function* () { for (let i = 0; i < 10; i++) yield await Promise.resolve(episode); })()); // prettier-ignore
    const clone = findAgent("behaviour-cloning").create(spaces, QUICK, { seed: 1 });
    await lastValueFrom(source.pipe(clone.learn));
    const obs = Float32Array.of(-0.9, -0.3, 0.2, 0.8);
    const view = { n: 4, obs, first: new Uint8Array(4), env: new Uint32Array(4), episode: new Float64Array(4), t: new Int32Array(4) }; // prettier-ignore
    const actions = (await clone.policy(view)).action as Float32Array;
    obs.forEach((x, i) => expect(Math.abs(Number(actions[i]) - (-2 - 1.5 * x))).toBeLessThan(0.1));
  });

  it("refuses what it chose itself, in one line, and a run of it before there is a folder", async () => {
    const given = {
      client: worlds(),
      agentId: "behaviour-cloning",
      envId: "test/Corridor-v0",
      steps: 64,
      num: 2,
      seed: 1,
      out: join(tempDir(), "run"),
    };
    const refusal = /behaviour-cloning: transitions: expected actions that another agent chose, got "its own"\. Learn from recordings/; // prettier-ignore
    await expect(train(given)).rejects.toThrow(refusal);
    expect(existsSync(given.out)).toBe(false);
    const env = await given.client.make(given.envId, { num: 2, seed: 1 });
    const clone = findAgent("behaviour-cloning").create(env.spaces, QUICK, { seed: 1 });
    await expect(lastValueFrom(rollout(env, clone.act, { steps: 64 }).pipe(clone.learn))).rejects.toThrow(refusal);
  });
});
