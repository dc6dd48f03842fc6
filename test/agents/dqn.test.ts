/** DQN: targets computed by hand, worlds whose values are known, masks, ends and limits, the same learning in every autoreset mode and after a restart. */
import { dqn, findAgent, rollout, train, type Learner } from "dojang/agents";
import { AUTORESET, box, discrete, type JsonValue } from "dojang/protocol";
import { lastValueFrom, tap } from "rxjs";
import { defineEnv, Rng, rules } from "dojang/env";
import { describe, expect, it } from "vitest";
import { np } from "../../agents/nets/backend.ts";
import { huber } from "../../agents/nets/huber.ts";
import { qNet } from "../../agents/nets/q-net.ts";
import { featuresFor } from "../../agents/nets/torso.ts";
import { targetsOf } from "../../agents/shared/q-targets.ts";
import { epsilonGreedy } from "../../agents/shared/q-values.ts";
import { batchOf } from "./batches.ts";
import { FAST_REPLAY as FAST, learnt, score, valueWorlds } from "./value-worlds.ts";
import { worlds } from "./worlds.ts";

const EXTRAS: Readonly<Record<string, JsonValue>> = { ...FAST, nSteps: 3, dueling: true, prioritized: true };

describe("targets of action values", () => {
  const rows = batchOf([
    { t: 0, r: 1 },
    { t: 1, r: 2, end: "terminated" },
    { t: 2, r: 3, end: "truncated" },
  ]);
  // Actions 2: what the target net says of the three successors, and what the net that learns says.
  const next = Float32Array.of(10, 20, 30, 40, 50, 60);
  const online = Float32Array.of(7, 6, 1, 2, 9, 8);
  const two = { actions: 2, width: 1, discount: 0.5 };

  it("are r + gamma max Q(s', a), r alone after an end, and the former after a limit", () => {
    expect(Array.from(targetsOf(rows, { ...two, next, chooser: next }))).toEqual([11, 2, 33]);
  });

  it("take the other net's choice with double Q-learning", () => {
    expect(Array.from(targetsOf(rows, { ...two, next, chooser: online }))).toEqual([6, 2, 28]);
  });

  it("use gamma^k where windows of k steps differ in length", () => {
    expect(Array.from(targetsOf(rows, { ...two, discount: [0.25, 0.5, 1], next, chooser: next }))).toEqual([6, 2, 63]);
  });

  it("do not look at actions that are not legal in the successor, and refuse a successor without any", () => {
    const masked = { ...rows, nextMask: Uint8Array.of(1, 0, 0, 0, 1, 0) };
    expect(Array.from(targetsOf(masked, { ...two, next, chooser: next }))).toEqual([6, 2, 28]);
    const none = { ...rows, nextMask: new Uint8Array(6) };
    expect(() => targetsOf(none, { ...two, next, chooser: next })).toThrow(
      /mask: expected at least one of 2 actions to be legal, got "none"/,
    );
  });

  it("of 2 quantiles follow the action with the greatest mean", () => {
    const quantiles = Float32Array.of(0, 8, 3, 4, 1, 1, 1, 1, 2, 2, 0, 9);
    const got = targetsOf(rows, { actions: 2, width: 2, discount: 0.5, next: quantiles, chooser: quantiles });
    expect(Array.from(got)).toEqual([1, 5, 2, 2, 3, 7.5]);
  });
});

describe("parts of DQN", () => {
  it("the Huber loss is u^2 / 2 up to 1 and |u| - 1/2 beyond", () => {
    const u = np.array(Float32Array.of(0, 0.5, -0.5, 1, -3));
    expect(Array.from(huber(u, 1).dataSync())).toEqual([0, 0.125, 0.125, 0.5, 2.5]);
  });

  it("dueling heads give V + A - mean A", () => {
    const features = featuresFor({ net: "auto" }, box([2], -9, 9), "test");
    const net = qNet({
      ...{ name: "q", features, hidden: [2], filters: 1, activation: "relu", actions: 3 },
      dueling: true,
    });
    const numbers: Readonly<Record<string, number[]>> = {
      "q.0.weight": [1, 0, 0, 1],
      "q.0.bias": [0, 0], // prettier-ignore
      "q.advantages.weight": [1, 2, 3, 0, 0, 3],
      "q.advantages.bias": [0, 0, 0], // prettier-ignore
      "q.value.weight": [10, 100],
      "q.value.bias": [0.5], // prettier-ignore
    };
    const p = Object.fromEntries(
      net.params.map(({ name, shape }) => [name, np.array(Float32Array.from(numbers[name] ?? [])).reshape([...shape])]),
    );
    // Features 2 and 1: A = (2, 4, 9), mean 5; V = 120.5.
    const q = net.apply(p, np.array(Float32Array.of(2, 1)).reshape([1, 2]));
    expect(Array.from(q.dataSync())).toEqual([117.5, 119.5, 124.5]);
  });

  it("the behaviour explores with probability epsilon, and chooses what is legal only: 4,000 choices", () => {
    const values = new Float32Array(4_000 * 3).map((_, at) => at % 3);
    const mask = Uint8Array.from(values, (value) => (value === 2 ? 0 : 1));
    const chosen = epsilonGreedy(values, 4_000, { n: 3, start: 7 }, mask, 0.4, new Rng(1));
    const counts = [7, 8, 9].map((action) => chosen.filter((one) => one === action).length);
    // Half of the exploring ones are greedy by chance: 800 of 4,000 expected at 7, deviation 25.
    expect(counts[2]).toBe(0);
    expect(Math.abs((counts[0] ?? 0) - 800)).toBeLessThan(100);
    expect(new Set(epsilonGreedy(values, 4_000, { n: 3, start: 7 }, mask, 0, new Rng(1)))).toEqual(new Set([8]));
  });
});

describe("DQN", () => {
  for (const [name, config] of [
    ["plain", FAST],
    ["with dueling, 3 steps and priorities", EXTRAS],
  ] as const)
    // prettier-ignore
    it(`learns which action an observation asks for, ${name}`, async () => {
      const learner = await learnt({ agentId: "dqn", envId: "test/Agree-v0", steps: 2_000, config });
      expect(await score("test/Agree-v0", learner)).toBe(1);
    });

  it("never chooses what is not legal: 2,000 steps and 60 episodes where it would be an error", async () => {
    const learner = await learnt({ agentId: "dqn", envId: "test/Forbidden-v0", steps: 2_000, config: FAST });
    expect(await score("test/Forbidden-v0", learner)).toBe(1);
  });

  it("values a future behind a limit, and none behind the end of an episode", async () => {
    const value = async (env: string): Promise<number> => {
      const made = await valueWorlds().make(env, { num: 8, seed: 1 });
      const learner = dqn(made.spaces, FAST, { seed: 2 });
      const last = await lastValueFrom(rollout(made, learner.act, { steps: 8_000 }).pipe(learner.learn));
      return last["value"] ?? NaN;
    };
    // One state, one action. Without an end Q = 1 + 0.9 Q = 10; where every other step ends it, Q = 1 + 0.45 Q = 1.82.
    expect(await value("test/Limited-v0")).toBeGreaterThan(8);
    const ended = await value("test/Ends-v0");
    expect(ended).toBeGreaterThan(1.6);
    expect(ended).toBeLessThan(2.05);
  });

  it("values a reward by its mean where kappa is large, and by its median where it is small", async () => {
    // Pays 10 one time in ten.
    const rare = defineEnv({
      id: "test/Rare-v0",
      build: () =>
        rules({
          action: discrete(1),
          observation: discrete(1),
          reset: (rng) => ({ pays: rng.int(10) === 0 ? 10 : 0 }),
          step: (state) => ({ state, reward: state.pays, terminated: true }),
          observe: () => 0,
        }),
    });
    const value = async (kappa: number): Promise<number> => {
      const made = await valueWorlds(rare).make("test/Rare-v0", { num: 8, seed: 1 });
      const config = { ...FAST, kappa, learningRate: { from: 0.01, to: 0, over: 8_000 } };
      const learner = dqn(made.spaces, config, { seed: 2 });
      const last = await lastValueFrom(rollout(made, learner.act, { steps: 8_000 }).pipe(learner.learn));
      return last["value"] ?? NaN;
    };
    const [mean, median] = [await value(1e6), await value(0.01)];
    expect(mean).toBeGreaterThan(0.6);
    expect(mean).toBeLessThan(1.5);
    expect(Math.abs(median)).toBeLessThan(0.3);
  });

  it("learns from another agent's steps alone", async () => {
    const made = await valueWorlds().make("test/Agree-v0", { num: 8, seed: 1 });
    const player = findAgent("random").create(made.spaces, {}, { seed: 1 });
    const learner = dqn(made.spaces, FAST, { seed: 2 });
    await lastValueFrom(rollout(made, player.act, { steps: 2_000 }).pipe(learner.learn));
    expect(await score("test/Agree-v0", learner)).toBe(1);
  });

  it("takes updates at the rate that is set: 2 for each 10 env steps from step 100 on", async () => {
    const made = await valueWorlds().make("test/Agree-v0", { num: 8, seed: 1 });
    const learner = dqn(made.spaces, { ...FAST, every: 10, updates: 2 }, { seed: 2 });
    let updates = 0;
    const count = tap((metrics: Readonly<Record<string, number>>) => (updates += "loss" in metrics ? 1 : 0));
    await lastValueFrom(rollout(made, learner.act, { steps: 400 }).pipe(learner.learn, count));
    expect(updates).toBe(60);
  });

  for (const [name, config] of [
    ["plain", FAST],
    ["with all its options", EXTRAS],
  ] as const)
    // prettier-ignore
    it(`learns the same, bit by bit, under the 3 autoreset modes, ${name}`, async () => {
      const saved = [];
      for (const autoreset of AUTORESET) {
        const given = { agentId: "dqn", envId: "test/Masked-v0", steps: 600, num: 5, seed: 4, autoreset, config };
        saved.push((await train({ client: worlds(), ...given })).learner.save());
      }
      expect(saved[1]).toEqual(saved[0]);
      expect(saved[2]).toEqual(saved[0]);
    });

  it("goes on from a saved state as if nothing had happened, with windows half full and steps between two updates", async () => {
    const world = () => worlds().make("test/Masked-v0", { num: 3, seed: 4 });
    const { spaces } = await world();
    const make = (): Learner => dqn(spaces, { ...EXTRAS, every: 7 }, { seed: 5 });
    const [one, other] = [make(), make()];
    const play = async (learner: Learner) =>
      lastValueFrom(rollout(await world(), learner.act, { steps: 400 }).pipe(learner.learn));
    await play(one);
    other.load(one.save());
    expect(other.save()).toEqual(one.save());
    const [mine, theirs] = [await play(one), await play(other)];
    expect(theirs).toEqual(mine);
    expect(other.save()).toEqual(one.save());
  });

  it.each([
    [{ nSteps: 0 }, "dqn: param nSteps: expected an integer in 1..1000, got 0"],
    [{ priority: 2 }, "dqn: param priority: expected a finite number in 0..1, got 2"],
    [{ hidden: [] }, "net: param hidden: expected at least one width, got []"],
    [{ epsilon: { to: -1 } }, "dqn: param epsilon.to: expected a finite number in 0..1, got -1"],
  ])("refuses %j in one line", (config, message) => {
    const spaces = { observation: box([2], 0, 1), action: discrete(2) };
    expect(() => dqn(spaces, config)).toThrow(message);
  });

  it("refuses actions that are not discrete, in one line", () => {
    const spaces = { observation: discrete(2), action: box([1], -1, 1) };
    expect(() => dqn(spaces)).toThrow(
      /dqn: action space of the env: expected a discrete space, got "box\(1\) float32"/,
    );
  });
});
