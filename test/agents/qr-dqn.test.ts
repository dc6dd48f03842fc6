/** QR-DQN: the quantile Huber loss by hand, the quantiles of a known distribution, the same learning for the same seed. */
import { qrDqn, rollout, train, type Learner } from "dojang/agents";
import { defineEnv, discrete, rules } from "dojang/env";
import { AUTORESET } from "dojang/protocol";
import { lastValueFrom } from "rxjs";
import { describe, expect, it } from "vitest";
import { np, type Tensor } from "../../agents/nets/backend.ts";
import { quantileHuber } from "../../agents/qr-dqn.ts";
import { FAST_REPLAY, learnt, score, valueWorlds } from "./value-worlds.ts";
import { worlds } from "./worlds.ts";

const FAST = { ...FAST_REPLAY, quantiles: 4 };

const matrix = (rows: readonly (readonly number[])[]): Tensor =>
  np.array(Float32Array.from(rows.flat())).reshape([rows.length, rows[0]?.length ?? 0]);

/** Pays 0 or 10, each half of the time. */
const coin = defineEnv({
  id: "test/Coin-v0",
  build: () =>
    rules({
      action: discrete(1),
      observation: discrete(1),
      reset: (rng) => ({ pays: rng.int(2) * 10 }),
      step: (state) => ({ state, reward: state.pays, terminated: true }),
      observe: () => 0,
    }),
});

describe("the quantile Huber loss", () => {
  it("is |tau - 1{u < 0}| L(u) / kappa, summed over quantiles and averaged over targets", () => {
    // tau = 1/4, 3/4. Row 1, theta = (0, 2), targets (1, 4): u = 1, 4 and -1, 2.
    // theta_1: 1/4 (1/2 + 7/2) / 2 = 1/2; theta_2: (1/4 * 1/2 + 3/4 * 3/2) / 2 = 5/8.
    const loss = quantileHuber(matrix([[0, 2], [1, 1]]), matrix([[1, 4], [1, 1]]), 1); // prettier-ignore
    expect(Array.from(loss.dataSync())).toEqual([1.125, 0]);
  });

  it("with kappa 2 is quadratic up to 2 and half as steep beyond", () => {
    // One quantile, tau = 1/2. u = -2: 1/2 * 2 / 2; u = 4: 1/2 * 6 / 2.
    expect(Array.from(quantileHuber(matrix([[2], [0]]), matrix([[0], [4]]), 2).dataSync())).toEqual([0.5, 1.5]); // prettier-ignore
  });
});

describe("QR-DQN", () => {
  it("learns which action an observation asks for", async () => {
    const learner = await learnt({ agentId: "qr-dqn", envId: "test/Agree-v0", steps: 2_000, config: FAST });
    expect(await score("test/Agree-v0", learner)).toBe(1);
  });

  it("finds the quantiles of a reward that is 0 or 10: the lower half near 0, the upper near 10", async () => {
    const made = await valueWorlds(coin).make("test/Coin-v0", { num: 8, seed: 1 });
    const config = { ...FAST, kappa: 0.1, learningRate: { from: 0.01, to: 0, over: 8_000 } };
    const learner = qrDqn(made.spaces, config, { seed: 2 });
    await lastValueFrom(rollout(made, learner.act, { steps: 8_000 }).pipe(learner.learn));
    const { model } = learner.save() as unknown as { model: { params: Record<string, Float32Array> } };
    const { params } = model;
    const of = (name: string, k: number): number => Number(params[name]?.[k]);
    const units = Array.from({ length: 16 }, (_, k) => Math.max(0, of("q.0.weight", k) + of("q.0.bias", k)));
    const quantile = (i: number): number =>
      units.reduce((sum, x, k) => sum + x * of("q.advantages.weight", k * 4 + i), of("q.advantages.bias", i));
    const found = [0, 1, 2, 3].map(quantile);
    for (const [i, wanted] of [0, 0, 10, 10].entries()) expect(Math.abs((found[i] ?? NaN) - wanted)).toBeLessThan(1.5);
  });

  it("learns the same, bit by bit, under the 3 autoreset modes", async () => {
    const saved: ReturnType<Learner["save"]>[] = [];
    for (const autoreset of AUTORESET) {
      const given = {
        agentId: "qr-dqn",
        envId: "test/Masked-v0",
        steps: 400,
        num: 5,
        seed: 4,
        autoreset,
        config: FAST,
      };
      saved.push((await train({ client: worlds(), ...given })).learner.save());
    }
    expect(saved[1]).toEqual(saved[0]);
    expect(saved[2]).toEqual(saved[0]);
  });

  it("refuses 0 quantiles in one line", () => {
    const spaces = { observation: discrete(2), action: discrete(2) };
    expect(() => qrDqn(spaces, { quantiles: 0 })).toThrow(
      "qr-dqn: param quantiles: expected an integer in 1..1000, got 0",
    );
  });
});
