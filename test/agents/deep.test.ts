/** What every learner with a net keeps to: the same learning under every autoreset mode and for the same seed, and masks. */
import { agents, evaluate, train, type Learner } from "dojang/agents";
import { box, defineEnv, rules } from "dojang/env";
import { AUTORESET, discrete, type Autoreset, type JsonValue } from "dojang/protocol";
import { describe, expect, it } from "vitest";
import { deepPlayers } from "./players.ts";
import { worlds } from "./worlds.ts";

/** An action between -2 and 2 moves a point; episodes end by the rules beyond 1, or by the limit. */
const slide = defineEnv({
  id: "test/Slide-v0",
  build: () =>
    rules({
      action: box([1], -2, 2),
      observation: box([1], -2, 2),
      maxSteps: 12,
      reset: (rng) => rng.uniform() - 0.5,
      step(at, action) {
        const state = at + 0.2 * (action[0] ?? 0);
        return { state, reward: state, terminated: Math.abs(state) > 1 };
      },
      observe(at, out) {
        out[0] = at;
      },
    }),
});

const PLAYED = [
  ...deepPlayers(discrete(32), discrete(4)).map((agentId) => [agentId, "test/Masked-v0"] as const),
  ...deepPlayers(box([1], -2, 2), box([1], -2, 2)).map((agentId) => [agentId, slide.id] as const),
];

/** Small and quick where an agent has such a setting. */
const SMALL: Readonly<Record<string, JsonValue>> = {
  ...{ hidden: [8], steps: 16, minibatch: 32, batch: 16, capacity: 600, start: 200, every: 8 },
  ...{ normalizeObservations: true, normalizeRewards: true },
};

async function learnt(agentId: string, envId: string, seed: number, autoreset: Autoreset): Promise<Learner> {
  const schema = agents[agentId]?.schema ?? {};
  const config = Object.fromEntries(Object.entries(SMALL).filter(([name]) => Object.hasOwn(schema, name)));
  // Of both worlds some episodes end by the rules, others by the limit.
  const given = { client: worlds(slide), agentId, envId, steps: 1_000, num: 8, seed, autoreset, config, maxSteps: 8 };
  return (await train(given)).learner;
}

describe.each(PLAYED)("%s on %s", (agentId, envId) => {
  it("learns the same, bit by bit, under the 3 autoreset modes, and something else with another seed", async () => {
    const saved = [];
    for (const autoreset of AUTORESET) saved.push((await learnt(agentId, envId, 5, autoreset)).save());
    expect(saved[1]).toEqual(saved[0]);
    expect(saved[2]).toEqual(saved[0]);
    expect((await learnt(agentId, envId, 6, "same-step")).save()).not.toEqual(saved[0]);
  });

  it("plays 9 episodes with its policy and is afterwards what it was before, normalisers and all", async () => {
    const learner = await learnt(agentId, envId, 1, "same-step");
    const before = learner.save();
    const env = await worlds(slide).make(envId, { num: 4, seed: 1 });
    const play = async () => [...(await evaluate(env, learner.policy, { episodes: 9, seed: 3 })).returns];
    const returns = await play();
    expect(returns.length).toBe(9);
    expect(learner.save()).toEqual(before);
    expect(await play()).toEqual(returns);
  });
});
