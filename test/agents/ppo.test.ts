/** PPO: worlds whose answer is known, the same learning for the same seed, and a run that is cut in two. */
import { evaluate, findAgent, rollout, train, type Learner } from "dojang/agents";
import { box, defineEnv, discrete, rules, type AnyPlugin } from "dojang/env";
import { local } from "dojang/client/local";
import type { JsonValue } from "dojang/protocol";
import { lastValueFrom } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";

const FAST: Readonly<Record<string, JsonValue>> = {
  hidden: [16],
  steps: 16,
  minibatch: 64,
  epochs: 4,
  learningRate: { from: 0.01, to: 0.01, over: 0 },
  gamma: 0.9,
};

/** One step an episode: the action that agrees with the sign of the observation pays 1. */
const agree = defineEnv({
  id: "test/Agree-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: box([1], -1, 1),
      reset: (rng): number => (rng.int(2) === 0 ? -1 : 1),
      step: (sign, action) => ({ state: sign, reward: (action === 1) === sign > 0 ? 1 : 0, terminated: true }),
      observe: (sign, out) => {
        out[0] = sign;
      },
    }),
});

/** The same with a target in the observation and an action that should meet it. */
const meet = defineEnv({
  id: "test/Meet-v0",
  build: () =>
    rules({
      action: box([1], -2, 2),
      observation: box([1], -1, 1),
      reset: (rng) => 2 * rng.uniform() - 1,
      step: (target, action) => ({ state: target, reward: -(((action[0] ?? 0) - target) ** 2), terminated: true }),
      observe: (target, out) => {
        out[0] = target;
      },
    }),
});

/** +1 a step; ends by its rules after 2 steps, or by a limit, as the id says. */
const twoSteps = (id: string, byLimit: boolean): AnyPlugin =>
  defineEnv({
    id,
    build: () =>
      rules({
        action: discrete(2),
        observation: discrete(1),
        ...(byLimit && { maxSteps: 2 }),
        reset: () => 0,
        step: (t) => ({ state: t + 1, reward: 1, terminated: !byLimit && t === 1 }),
        observe: () => 0,
      }),
  });

const PLUGINS = [agree, meet, twoSteps("test/Ends-v0", false), twoSteps("test/Limited-v0", true)];

async function learnt(env: string, steps: number, config: Readonly<Record<string, JsonValue>> = {}): Promise<Learner> {
  const client = local({ plugins: PLUGINS });
  onTestFinished(() => client.close());
  const all = { ...FAST, ...config };
  return (await train({ client, agentId: "ppo", envId: env, steps, num: 16, seed: 3, config: all })).learner;
}

async function score(env: string, learner: Learner): Promise<number> {
  const client = local({ plugins: PLUGINS });
  onTestFinished(() => client.close());
  const { mean } = await evaluate(await client.make(env, { num: 8, seed: 9 }), learner.policy, {
    episodes: 100,
    seed: 2,
  });
  return mean;
}

describe("PPO", () => {
  it("learns which action an observation asks for", async () => {
    expect(await score("test/Agree-v0", await learnt("test/Agree-v0", 6_000))).toBe(1);
  });

  it("learns to meet a target with an action of a box", async () => {
    const learner = await learnt("test/Meet-v0", 20_000, { epochs: 8 });
    expect(await score("test/Meet-v0", learner)).toBeGreaterThan(-0.05);
  });

  it("values a future behind a limit, and none behind the end of an episode", async () => {
    const value = async (env: string): Promise<number> => {
      const learner = await learnt(env, 12_000);
      const client = local({ plugins: PLUGINS });
      onTestFinished(() => client.close());
      const played = rollout(await client.make(env, { num: 8, seed: 1 }), learner.act, { steps: 16 });
      const { extras } = await lastValueFrom(played);
      return Number((extras["value"] as Float32Array)[0]);
    };
    // With one state and gamma 0.9: without an end 1 / (1 - 0.9) = 10; with one, the mean of 1.9 and 1.
    expect(await value("test/Limited-v0")).toBeGreaterThan(6);
    const ended = await value("test/Ends-v0");
    expect(ended).toBeGreaterThan(1.2);
    expect(ended).toBeLessThan(1.7);
  }, 60_000);

  it("gives the same parameters for the same seed, bit by bit, and others for another", async () => {
    const once = async (seed: number) => {
      const client = local({ plugins: PLUGINS });
      onTestFinished(() => client.close());
      return (
        await train({ client, agentId: "ppo", envId: "test/Agree-v0", steps: 1_024, num: 8, seed, config: FAST })
      ).learner.save();
    };
    const first = await once(1);
    expect(await once(1)).toEqual(first);
    expect(await once(2)).not.toEqual(first);
  });

  it("goes on from a saved state as if nothing had happened", async () => {
    const client = local({ plugins: PLUGINS });
    onTestFinished(() => client.close());
    const world = () => client.make("test/Agree-v0", { num: 8, seed: 4 });
    const { spaces } = await world();
    const make = (): Learner => findAgent("ppo").create(spaces, FAST, { seed: 5 });
    const [one, other] = [make(), make()];
    const play = async (learner: Learner) =>
      lastValueFrom(rollout(await world(), learner.act, { steps: 512 }).pipe(learner.learn));
    await play(one);
    other.load(one.save());
    const [mine, theirs] = [await play(one), await play(other)];
    expect(theirs).toEqual(mine);
    expect(other.save()).toEqual(one.save());
  });

  it("refuses an env whose observations are text, in one line", async () => {
    const client = local();
    onTestFinished(() => client.close());
    const training = train({ client, agentId: "ppo", envId: "Arithmetic-v0", steps: 64, num: 2, seed: 1 });
    await expect(training).rejects.toThrow(/ppo: observation space of the env: expected a box, discrete/);
  });

  it.each([
    [{ hidden: [] }, /net: param hidden: expected at least one width, got \[\]/],
    [{ net: "conv" }, /net: param net: expected auto, mlp or moe: a convolution needs observations of shape/],
  ])("refuses %j where it cannot be built, in one line", async (config, message) => {
    const client = local();
    onTestFinished(() => client.close());
    const training = train({ client, agentId: "ppo", envId: "CartPole-v1", steps: 64, num: 2, seed: 1, config });
    await expect(training).rejects.toThrow(message);
  });
});
