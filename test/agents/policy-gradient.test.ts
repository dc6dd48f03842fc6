/** Learners that follow a policy's gradient: what is told apart from how well they learn, which the probes ask. */
import { a2c, ppo, reinforce, rollout, type Agent, type Learner, type Metrics, type Transitions } from "dojang/agents";
import { local } from "dojang/client/local";
import { box, defineEnv, discrete, rules } from "dojang/env";
import { from, lastValueFrom, toArray } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";

/** A walk on a line whose numbers are large: what normalising changes a lot. */
const walk = defineEnv({
  id: "test/Walk-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: box([1], -1e6, 1e6),
      maxSteps: 9,
      reset: (rng) => 1_000 + rng.int(100),
      step: (at, action) => ({ state: at + 2 * action - 1, reward: action, terminated: at % 7 === 0 }),
      observe: (at, out) => {
        out[0] = at;
      },
    }),
});

const SMALL = { hidden: [8], learningRate: { from: 0.01, to: 0.01, over: 0 }, entropyCoef: 0 };
const ALONE = { ...SMALL, valueCoef: 0, normalizeAdvantage: false };

async function play(agent: Agent, config: object, steps: number): Promise<{ learner: Learner; played: Transitions[] }> {
  const client = local({ plugins: [walk] });
  onTestFinished(() => client.close());
  const env = await client.make(walk.id, { num: 4, seed: 1 });
  const learner = agent.create(env.spaces, config, { seed: 2 });
  return { learner, played: await lastValueFrom(rollout(env, learner.act, { steps }).pipe(toArray())) };
}

const learn = (learner: Learner, played: readonly Transitions[]): Promise<Metrics[]> =>
  lastValueFrom(from(played).pipe(learner.learn, toArray()));

/** The same transitions as if each action had been e^`by` times as likely when it was taken. */
const likelier = (played: readonly Transitions[], by: number): Transitions[] =>
  played.map((batch) => {
    const logProb = (batch.extras["logProb"] as Float32Array).map((value) => value + by);
    return { ...batch, extras: { ...batch.extras, logProb } };
  });

/** Rewards so large that every advantage has their sign. */
const paying = (played: readonly Transitions[], reward: number): Transitions[] =>
  played.map((batch) => ({ ...batch, reward: batch.reward.map(() => reward) }));

const PPO = { ...ALONE, steps: 8, minibatch: 32, epochs: 1, clip: 0.2 };

describe("PPO", () => {
  it.each([
    ["a ratio above 1.2 no further up", -0.3, 100, 0],
    ["a ratio above 1.2 down again", -0.3, -100, 1],
    ["a ratio below 0.8 no further down", 0.3, -100, 0],
    ["a ratio below 0.8 up again", 0.3, 100, 1],
    ["a ratio of 1.1 up", -0.1, 100, 1],
  ])("pushes %s", async (_, by, reward, pushes) => {
    const { learner, played } = await play(ppo, PPO, 32);
    const [{ gradNorm = NaN, clipFraction } = {}] = await learn(learner, paying(likelier(played, by), reward));
    expect(Math.sign(gradNorm)).toBe(pushes);
    expect(clipFraction).toBeCloseTo(Math.abs(by) > 0.2 ? 1 : 0, 5);
  });

  it("sees the same numbers when it acts and when it learns, normalised ones included: the first ratios are 1", async () => {
    const client = local({ plugins: [walk] });
    onTestFinished(() => client.close());
    const env = await client.make(walk.id, { num: 4, seed: 1 });
    const config = {
      ...SMALL,
      steps: 8,
      minibatch: 32,
      epochs: 1,
      normalizeObservations: true,
      normalizeRewards: true,
    };
    const learner = ppo.create(env.spaces, config, { seed: 2 });
    const metrics = await lastValueFrom(rollout(env, learner.act, { steps: 320 }).pipe(learner.learn, toArray()));
    expect(metrics.length).toBe(10);
    for (const { approxKl } of metrics) expect(approxKl).toBeLessThan(1e-6);
  });

  it("takes 3 epochs of 4 minibatches, the last one not full", async () => {
    const { learner, played } = await play(ppo, { ...PPO, minibatch: 10, epochs: 3 }, 32);
    expect((await learn(learner, played)).length).toBe(12);
  });
});

describe.each([
  ["A2C", a2c, { ...ALONE, steps: 8 }],
  ["REINFORCE", reinforce, { ...ALONE, episodes: 4 }],
] as const)("%s", (_, agent, config) => {
  it("asks nothing of how likely actions were when they were taken: its gradient is the same", async () => {
    const { learner, played } = await play(agent, config, 64);
    const start = learner.save();
    const [first] = await learn(learner, played);
    learner.load(start);
    const [other] = await learn(learner, likelier(played, 0.3));
    expect(other).toEqual(first);
    expect(first?.["gradNorm"]).toBeGreaterThan(0);
  });

  it("weighs rows by their advantage: twice the rewards, with no value to take away, twice the gradient", async () => {
    const { learner, played } = await play(agent, { ...config, gamma: 0 }, 64);
    const start = learner.save();
    const norms: number[] = [];
    for (const reward of [1_000, 2_000]) {
      learner.load(start);
      norms.push((await learn(learner, paying(played, reward)))[0]?.["gradNorm"] ?? NaN);
    }
    const [once = NaN, twice = NaN] = norms;
    // Values near 0 beside rewards of thousands.
    expect(twice / once).toBeCloseTo(2, 1);
  });
});

describe("REINFORCE", () => {
  it("waits for 4 whole episodes, and reports once for each 4", async () => {
    const { learner, played } = await play(reinforce, { ...ALONE, episodes: 4 }, 400);
    const ended = played.reduce(
      (sum, { terminated, truncated }) => sum + terminated.filter((end, i) => end === 1 || truncated[i] === 1).length,
      0,
    );
    const reports = (await learn(learner, played)).length;
    // Up to 4 instances end in one step, and are learnt from together.
    expect(reports).toBeGreaterThanOrEqual(Math.floor(ended / 7));
    expect(reports).toBeLessThanOrEqual(Math.ceil(ended / 4));
  });
});
