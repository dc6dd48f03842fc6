/** The same learner learns the same from a live env in process, over a socket, and from files. */
import { join } from "node:path";
import { findAgent, qLearning, random, recordings, rollout, train, type Learner } from "dojang/agents";
import { connect, type Client } from "dojang/client";
import { local } from "dojang/client/local";
import { AUTORESET } from "dojang/protocol";
import { createRecorder } from "dojang/recording";
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { worlds } from "./worlds.ts";

const learnFrom = async (client: Client, autoreset: (typeof AUTORESET)[number]): Promise<Learner> =>
  (await train({ client, agentId: "sarsa", envId: "FrozenLake-v1", steps: 1_200, num: 6, seed: 2, autoreset })).learner;

async function remote(): Promise<Client> {
  const client = connect((await testServer()).url);
  onTestFinished(() => client.close());
  return client;
}

describe("a remote env", () => {
  for (const autoreset of AUTORESET) {
    it(`teaches the same tables as a local one, bit by bit, under ${autoreset}`, async () => {
      const there = await learnFrom(await remote(), autoreset);
      const here = await learnFrom(worlds(), autoreset);
      expect(there.save()).toEqual(here.save());
    });
  }

  it("resumes a run from its sealed snapshots", async () => {
    const client = await remote();
    const out = join(tempDir(), "run");
    const given = {
      client,
      agentId: "q-learning",
      envId: "Taxi-v4",
      num: 3,
      seed: 2,
      checkpointEvery: 300,
      logEvery: 300,
    };
    await train({ ...given, steps: 600, out });
    const resumed = await train({ client, out, resume: true, steps: 1_200 });
    const whole = await train({ ...given, steps: 1_200 });
    expect(resumed.learner.save()).toEqual(whole.learner.save());
  });
});

describe("recordings", () => {
  /** Q-learning from random play of one instance, live; everything is recorded on the way. */
  async function record(path: string, observations: boolean): Promise<Learner> {
    const client = local({ record: (env, batch) => createRecorder({ ...batch, path, env, observations }) });
    const env = await client.make("Taxi-v4", { num: 1, seed: 4 });
    const player = random(env.spaces, {}, { seed: 1 });
    const learner = qLearning(env.spaces, {}, { seed: 1 });
    await lastValueFrom(rollout(env, player.act, { steps: 700 }).pipe(learner.learn));
    await client.close();
    return learner;
  }
  const valuesOf = (learner: Learner): Float64Array =>
    (learner.save() as unknown as { q: { values: Float64Array } }).q.values;

  it("teach the same 3,000 values as the live env they are of, from observations and from digests", async () => {
    const folder = tempDir();
    const registry = new Registry();
    await addBuiltIns(registry);
    onTestFinished(() => registry.close());
    for (const observations of [true, false]) {
      const path = join(folder, `${String(observations)}.mcap`);
      const live = await record(path, observations);
      const learner = qLearning({ ...(await spacesOf()) }, {}, { seed: 1 });
      const build = (id: string, params: object) => registry.build(id, params as never);
      await lastValueFrom(recordings(path, { build }).pipe(learner.learn));
      expect(valuesOf(learner)).toEqual(valuesOf(live));
      expect(valuesOf(learner).some((value) => value !== 0)).toBe(true);
    }
  });

  const spacesOf = async () => (await worlds().make("Taxi-v4", { num: 1, seed: 1 })).spaces;

  it("are refused where no file matches, with the pattern", async () => {
    const pattern = join(tempDir(), "*.mcap");
    await expect(lastValueFrom(recordings(pattern).pipe(toArray()))).rejects.toMatchObject({ code: "BAD_RECORDING" });
    expect(findAgent("q-learning").needs).toEqual([]);
  });
});
