/** The same learner learns the same from a live env in process, over a socket, and from files. */
import { join } from "node:path";
import { findAgent, qLearning, random, recordings, rollout, train, type Learner } from "dojang/agents";
import { connect, type Client } from "dojang/client";
import { local } from "dojang/client/local";
import { AUTORESET, type JsonValue } from "dojang/protocol";
import { createRecorder, type BuildEnv } from "dojang/recording";
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { fieldsOf, type Plain } from "../../agents/shared/plain.ts";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { masked, worlds } from "./worlds.ts";

const learnFrom = async (client: Client, autoreset: (typeof AUTORESET)[number]): Promise<Learner> =>
  (await train({ client, agentId: "sarsa", envId: "FrozenLake-v1", steps: 1_200, num: 6, seed: 2, autoreset })).learner;

/** Quick, and with several updates in a thousand steps. */
const SMALL: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  ...{ ppo: { hidden: [8], steps: 32, minibatch: 32 }, a2c: { hidden: [8] }, reinforce: { hidden: [8] } },
  ...{ dqn: { hidden: [8], start: 200, nSteps: 2, prioritized: true }, "qr-dqn": { hidden: [8], start: 200 } },
  ...{ "behaviour-cloning": { hidden: [8] }, "discrete-sac": { hidden: [8], start: 200 } },
};

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

  it.each(["ppo", "dqn"])("teaches %s the same nets as a local one, bit by bit", async (agentId) => {
    const given = { agentId, envId: "CartPole-v1", steps: 1_200, num: 6, seed: 2, config: SMALL[agentId] ?? {} };
    const [there, here] = [
      await train({ client: await remote(), ...given }),
      await train({ client: worlds(), ...given }),
    ];
    expect(there.learner.save()).toEqual(here.learner.save());
  });

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

  /** Learns live while `play` chooses, everything being recorded on the way; then a second learner learns from the file. */
  async function twice(
    agentId: string,
    envId: string,
    observations: boolean,
    own: boolean,
  ): Promise<[Learner, Learner]> {
    const path = join(tempDir(), "one.mcap");
    const client = local({
      plugins: [masked],
      record: (env, batch) => createRecorder({ ...batch, path, env, observations }),
    });
    // Some episodes end by the rules, others by the limit.
    const env = await client.make(envId, { num: 1, seed: 4, autoreset: "same-step", maxSteps: own ? 16 : 8 });
    const create = () => findAgent(agentId).create(env.spaces, SMALL[agentId], { seed: 1 });
    const [live, later] = [create(), create()];
    const player = own ? live : random(env.spaces, {}, { seed: 1 });
    await lastValueFrom(rollout(env, player.act, { steps: 1_000 }).pipe(live.learn));
    await client.close();
    const registry = new Registry();
    await addBuiltIns(registry);
    registry.add(masked, "test");
    const build: BuildEnv = (id, params) => registry.build(id, params);
    // Live, a batch of one instance is one row.
    await lastValueFrom(recordings(path, { rows: 1, ...(observations ? {} : { build }) }).pipe(later.learn));
    await registry.close();
    return [live, later];
  }

  describe.each([true, false])("with observations: %s", (observations) => {
    it.each(["q-learning", "sarsa", "sarsa-lambda", "dqn", "qr-dqn", "discrete-sac", "behaviour-cloning"])(
      "of random play leave %s as the live env did, bit by bit, masks and all",
      async (agentId) => {
        const [live, later] = await twice(agentId, masked.id, observations, false);
        expect(later.save()).toEqual(live.save());
      },
    );

    it.each(["ppo", "a2c", "reinforce"])(
      "of %s's own play, with the columns it needs, leave its nets as the live env did, bit by bit",
      async (agentId) => {
        const [live, later] = await twice(agentId, "CartPole-v1", observations, true);
        // All but the draws of the actions: nobody acted the second time.
        const learnt = (learner: Learner) => ({ ...fieldsOf(learner.save()), streams: undefined });
        expect(learnt(later)).toEqual(learnt(live));
        expect(fieldsOf(fieldsOf(later.save())["model"] as Plain)["steps"]).toBeGreaterThan(5);
      },
    );
  });

  const spacesOf = async () => (await worlds().make("Taxi-v4", { num: 1, seed: 1 })).spaces;

  it("are refused where no file matches, with the pattern", async () => {
    const pattern = join(tempDir(), "*.mcap");
    await expect(lastValueFrom(recordings(pattern).pipe(toArray()))).rejects.toMatchObject({ code: "BAD_RECORDING" });
    expect(findAgent("q-learning").needs).toEqual([]);
  });
});
