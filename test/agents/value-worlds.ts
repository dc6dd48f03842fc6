/** Worlds whose action values can be computed by hand, for learners of action values. */
import type { Client } from "dojang/client";
import { local } from "dojang/client/local";
import { evaluate, train, type Learner, type TrainOptions } from "dojang/agents";
import { box, defineEnv, discrete, rules, type AnyPlugin } from "dojang/env";
import type { JsonValue } from "dojang/protocol";
import { onTestFinished } from "vitest";

/** Settings of learners from replay that learn these worlds in a second. */
export const FAST_REPLAY: Readonly<Record<string, JsonValue>> = {
  hidden: [16],
  learningRate: { from: 0.01, to: 0.01, over: 0 },
  epsilon: { from: 1, to: 0.1, over: 500 },
  gamma: 0.9,
  batch: 32,
  start: 100,
  target: 20,
};

/** One step an episode: the action that agrees with the sign of the observation pays 1. Actions are 5 and 6. */
const agree = defineEnv({
  id: "test/Agree-v0",
  build: () =>
    rules({
      action: discrete(2, 5),
      observation: box([1], -1, 1),
      reset: (rng): number => (rng.int(2) === 0 ? -1 : 1),
      step: (sign, action) => ({ state: sign, reward: (action === 6) === sign > 0 ? 1 : 0, terminated: true }),
      observe: (sign, out) => {
        out[0] = sign;
      },
    }),
});

/** Two steps to the end with +1 at the last; the greatest action, which is never legal, would be an error. */
const forbidden = defineEnv({
  id: "test/Forbidden-v0",
  build: () =>
    rules({
      action: discrete(3),
      observation: discrete(3),
      enforceLegal: true,
      reset: () => 0,
      step: (t, action) => ({ state: t + 1, reward: t === 1 && action === 1 ? 1 : 0, terminated: t === 1 }),
      observe: (t) => t,
      legal: () => [true, true, false],
    }),
});

/** +1 a step; ends by its rules after 2 steps, or by a limit, as the id says. One state, one action. */
const twoSteps = (id: string, byLimit: boolean): AnyPlugin =>
  defineEnv({
    id,
    build: () =>
      rules({
        action: discrete(1),
        observation: discrete(1),
        ...(byLimit && { maxSteps: 2 }),
        reset: () => 0,
        step: (t) => ({ state: t + 1, reward: 1, terminated: !byLimit && t === 1 }),
        observe: () => 0,
      }),
  });

const WORLDS = [agree, forbidden, twoSteps("test/Ends-v0", false), twoSteps("test/Limited-v0", true)];

/** A client with the worlds above; closed when the test ends. */
export function valueWorlds(...plugins: readonly AnyPlugin[]): Client {
  const client = local({ plugins: [...WORLDS, ...plugins] });
  onTestFinished(() => client.close());
  return client;
}

/** What an agent has learnt in `steps` steps of 8 instances. */
export async function learnt(options: Omit<TrainOptions, "client">): Promise<Learner> {
  return (await train({ client: valueWorlds(), num: 8, seed: 3, ...options })).learner;
}

/** Mean return of 60 episodes without exploration. */
export async function score(env: string, learner: Learner): Promise<number> {
  const made = await valueWorlds().make(env, { num: 4, seed: 9 });
  return (await evaluate(made, learner.policy, { episodes: 60, seed: 2 })).mean;
}
