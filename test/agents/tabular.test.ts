/** The tabular agents: values computed by hand, reference scores, and the same learning under every autoreset mode. */
import { episodeReturns, evaluate, findAgent, preset, rollout, sarsaLambda, train, type Learner } from "dojang/agents";
import { AUTORESET, discrete, type JsonValue } from "dojang/protocol";
import { firstValueFrom, from, lastValueFrom, map, take, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { batchOf } from "./batches.ts";
import { tabularPlayers } from "./players.ts";
import { worlds } from "./worlds.ts";

type Tables = Readonly<Record<string, { readonly values: Float64Array }>>;
const tables = (learner: Learner): Tables => learner.save() as unknown as Tables;
const values = (learner: Learner, name = "q"): number[] => Array.from(tables(learner)[name]?.values ?? []);
const close = (got: readonly number[], wanted: readonly number[], within: number): void => {
  expect(got.length).toBe(wanted.length);
  got.forEach((value, i) => expect(Math.abs(value - (wanted[i] as number))).toBeLessThan(within));
};

async function learnt(
  id: string,
  env: string,
  config: Readonly<Record<string, JsonValue>>,
  steps: number,
): Promise<Learner> {
  const { learner } = await train({ client: worlds(), agentId: id, envId: env, config, steps, num: 4, seed: 1 });
  return learner;
}

describe("values of the corridor of 4 cells", () => {
  // Optimal with gamma 0.9: V(2) = -1, V(1) = -1.9, V(0) = -2.71.
  const optimal = [-3.439, -2.71, -3.439, -1.9, -2.71, -1, 0, 0];
  const always = { from: 1, to: 1, over: 0 };

  it("are found by Q-learning", async () => {
    const learner = await learnt("q-learning", "test/Corridor-v0", { alpha: 1, gamma: 0.9, epsilon: always }, 2_000);
    close(values(learner), optimal, 1e-9);
  });

  it("are found by double Q-learning, in both tables", async () => {
    const learner = await learnt(
      "double-q-learning",
      "test/Corridor-v0",
      { alpha: 1, gamma: 0.9, epsilon: always },
      4_000,
    );
    close(values(learner, "q1"), optimal, 1e-9);
    close(values(learner, "q2"), optimal, 1e-9);
  });

  it("under a random policy are found by expected SARSA, and nearly by SARSA and SARSA(lambda)", async () => {
    const [a, b, c] = randomValues();
    const wanted = [-1 + a / 2, -1 + b / 2, -1 + a / 2, -1 + c / 2, -1 + b / 2, -1, 0, 0];
    const config = { alpha: 0.5, alphaDecay: 0.01, gamma: 0.5, epsilon: always };
    close(values(await learnt("expected-sarsa", "test/Corridor-v0", config, 20_000)), wanted, 1e-3);
    close(values(await learnt("sarsa", "test/Corridor-v0", config, 60_000)), wanted, 0.03);
    close(values(await learnt("sarsa-lambda", "test/Corridor-v0", { ...config, lambda: 0.5 }, 60_000)), wanted, 0.05);
  });
});

/** V of the corridor under random actions with gamma 0.5: V0 = -1 + (V0 + V1)/4, V1 = -1 + (V0 + V2)/4, V2 = -1 + V1/4. */
function randomValues(): [number, number, number] {
  let [a, b, c] = [0, 0, 0];
  for (let sweep = 0; sweep < 200; sweep++) [a, b, c] = [-1 + (a + b) / 4, -1 + (a + c) / 4, -1 + b / 4];
  return [a, b, c];
}

describe("a time limit", () => {
  for (const id of ["q-learning", "double-q-learning", "expected-sarsa", "sarsa", "sarsa-lambda"]) {
    it(`is no end to ${id}: +1 for ever with gamma 0.5 is worth 2, although episodes stop after 5 steps`, async () => {
      const learner = await learnt(id, "test/Loop-v0", { alpha: 0.5, gamma: 0.5 }, 2_000);
      close(values(learner, id.startsWith("double") ? "q1" : "q"), [2], 1e-9);
    });
  }
});

describe("sarsa", () => {
  it("drops a transition whose next action was lost to a fault, and learns the rest with the action taken", async () => {
    const learner = findAgent("sarsa").create(batchOf([]).spaces, { alpha: 1, gamma: 1, initial: 0 }, { seed: 1 });
    const rows = [
      { t: 0, s: 0, a: 0, r: -1, next: 1 },
      // Step 1 failed. The next episode begins in state 1, with an action that has nothing to do with the step above.
      { t: 0, episode: 1, s: 1, a: 2, r: -5, next: 2 },
      { t: 1, episode: 1, s: 2, a: 3, r: -7, next: 3, end: "terminated" as const },
    ];
    await lastValueFrom(from(rows.map((row) => batchOf([row]))).pipe(learner.learn));
    const q = values(learner);
    expect([q[0], q[4 + 2], q[8 + 3]]).toEqual([0, -5, -7]);
  });
});

describe("sarsa-lambda", () => {
  const run = async (traces: string): Promise<number[]> => {
    const spaces = batchOf([]).spaces;
    const learner = sarsaLambda(spaces, { alpha: 0.5, gamma: 1, lambda: 1, traces: traces as "replacing" });
    // State 0 twice with action 0, then state 1, then the end; -1 a step.
    const rows = [
      { t: 0, s: 0, r: -1, next: 0 },
      { t: 1, s: 0, r: -1, next: 1 },
      { t: 2, s: 1, r: -1, next: 2, end: "terminated" as const },
    ];
    await lastValueFrom(from(rows.map((row) => batchOf([row]))).pipe(learner.learn));
    const q = values(learner);
    return [q[0] as number, q[4] as number];
  };

  it("credits a state visited twice twice with accumulating traces", async () => {
    // delta0 = -1: Q0 = -0.5; delta1 = -1 + 0 + 0.5 = -0.5, e = 2: Q0 = -1; delta2 = -1, e = 2: Q0 = -2, Q1 = -0.5
    expect(await run("accumulating")).toEqual([-2, -0.5]);
  });

  it("credits it once with replacing traces", async () => {
    // delta1 = -0.5, e = 1: Q0 = -0.75; delta2 = -1: Q0 = -1.25
    expect(await run("replacing")).toEqual([-1.25, -0.5]);
  });
});

describe("the 3 autoreset modes", () => {
  for (const id of tabularPlayers(discrete(16), discrete(4))) {
    for (const [env, num] of [
      ["FrozenLake-v1", 1],
      ["FrozenLake-v1", 8],
      ["Taxi-v4", 8],
      ["test/Masked-v0", 8],
    ] as const) {
      it(`give ${id} the same tables, bit by bit, on ${num} x ${env}`, async () => {
        const saved = [];
        for (const autoreset of AUTORESET) {
          const { learner } = await train({
            client: worlds(),
            agentId: id,
            envId: env,
            steps: 4_000,
            num,
            seed: 5,
            autoreset,
          });
          saved.push(learner.save());
        }
        expect(saved[1]).toEqual(saved[0]);
        expect(saved[2]).toEqual(saved[0]);
      });
    }
  }
});

describe("a seed", () => {
  it("gives the same tables every time, and another seed gives others", async () => {
    const once = async (seed: number): Promise<number[]> => {
      const client = worlds();
      return values(
        (await train({ client, agentId: "sarsa", envId: "FrozenLake-v1", steps: 5_000, num: 4, seed })).learner,
      );
    };
    const [a, b, c] = [await once(1), await once(1), await once(2)];
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
  });
});

describe("a mask", () => {
  it("is honoured by every tabular agent: 2,000 steps of an env that refuses illegal actions, without a fault", async () => {
    for (const id of tabularPlayers(discrete(32), discrete(4))) {
      const env = await worlds().make("test/Masked-v0", { num: 4, seed: 1 });
      const learner = findAgent(id).create(env.spaces, {}, { seed: 1 });
      const stream = rollout(env, learner.act, { steps: 2_000 });
      const [faults] = await Promise.all([
        lastValueFrom(stream.pipe(map((batch) => batch.faults.length), toArray())), // prettier-ignore
        lastValueFrom(stream.pipe(learner.learn)),
      ]);
      expect(faults.every((count) => count === 0)).toBe(true);
      const { returns } = await evaluate(await worlds().make("test/Masked-v0", { num: 4, seed: 1 }), learner.policy, {
        episodes: 9,
      });
      expect(returns.length).toBe(9);
    }
  });
});

describe("reference scores", () => {
  it("q-learning reaches at least 0.72 of slippery FrozenLake, on each of 2 seeds, with its preset", async () => {
    for (const seed of [0, 1]) expect(await greedy("FrozenLake-v1", seed)).toBeGreaterThanOrEqual(0.72);
  });

  it("q-learning earns at least 7.6 on Taxi with its preset", async () => {
    expect(await greedy("Taxi-v4", 0)).toBeGreaterThanOrEqual(7.6);
  });

  async function greedy(envId: string, seed: number): Promise<number> {
    const client = worlds();
    const { learner } = await train({ client, agentId: "q-learning", envId, seed });
    const env = await client.make(envId, { num: 64, seed: 99 });
    return (await evaluate(env, learner.policy, { episodes: 5_000 })).mean;
  }

  /** Mean return of episodes 401 to 500 while learning, over 6 seeds. */
  async function cliff(id: string): Promise<number> {
    const returns: number[] = [];
    for (let seed = 0; seed < 6; seed++) {
      const env = await worlds().make("CliffWalking-v1", { num: 1, seed });
      const learner = findAgent(id).create(env.spaces, preset(id, "CliffWalking-v1")?.config, { seed });
      const stream = rollout(env, learner.act);
      const learning = stream.pipe(learner.learn).subscribe();
      const ends = await firstValueFrom(stream.pipe(episodeReturns(), take(500), toArray()));
      learning.unsubscribe();
      returns.push(...ends.slice(400).map((end) => end.return));
    }
    return returns.reduce((sum, one) => sum + one, 0) / returns.length;
  }

  it("sarsa keeps off the cliff while it learns (-30 or better), q-learning falls in (-40 or worse)", async () => {
    expect(await cliff("sarsa")).toBeGreaterThanOrEqual(-30);
    expect(await cliff("q-learning")).toBeLessThanOrEqual(-40);
  });
});
