/** PQN: targets of Q(lambda) by hand, worlds whose values are known, masks, the same learning in every autoreset mode and after a restart. */
import { gae, pqn, rollout, train, type Learner } from "dojang/agents";
import { AUTORESET, discrete, type JsonValue } from "dojang/protocol";
import { from, lastValueFrom } from "rxjs";
import { describe, expect, it } from "vitest";
import { bestValues } from "../../agents/shared/q-values.ts";
import { batchOf } from "./batches.ts";
import { learnt, score, valueWorlds } from "./value-worlds.ts";
import { worlds } from "./worlds.ts";

const FAST: Readonly<Record<string, JsonValue>> = {
  hidden: [16],
  steps: 8,
  minibatch: 32,
  learningRate: { from: 0.01, to: 0.01, over: 0 },
  epsilon: { from: 1, to: 0.1, over: 1_000 },
  gamma: 0.9,
};

describe("targets of Q(lambda)", () => {
  it("are r + gamma ((1 - lambda) max Q(s') + lambda G'), cut at ends and limits", async () => {
    // max Q of the states: 4, 8, 16 in the first episode, 32 in the second; 100 for a successor that is not in the stream.
    const value = { value: Float32Array.of(4) };
    const steps = [
      batchOf([{ t: 0, r: 1 }], value),
      batchOf([{ t: 1, r: 2 }], { value: Float32Array.of(8) }),
      batchOf([{ t: 2, r: 3, end: "truncated" }], { value: Float32Array.of(16) }),
      batchOf([{ t: 0, episode: 1, r: 5, end: "terminated" }], { value: Float32Array.of(32) }),
    ];
    const targets = gae({
      steps: 4,
      gamma: 0.5,
      lambda: 0.25,
      valueOfNext: (rows) => new Array<number>(rows.length).fill(100),
    });
    const { extras } = await lastValueFrom(from(steps).pipe(targets));
    const third = 3 + 0.5 * 100;
    const second = 2 + 0.5 * (0.75 * 16 + 0.25 * third);
    const first = 1 + 0.5 * (0.75 * 8 + 0.25 * second);
    expect(Array.from(extras["return"] as Float64Array)).toEqual([first, second, third, 5]);
  });

  it("take the greatest value among legal actions", () => {
    const values = Float32Array.of(1, 2, 3, 6, 5, 4);
    expect(Array.from(bestValues(values, 2, 3, undefined))).toEqual([3, 6]);
    expect(Array.from(bestValues(values, 2, 3, Uint8Array.of(1, 1, 0, 0, 0, 1)))).toEqual([2, 4]);
    expect(() => bestValues(values, 2, 3, Uint8Array.of(1, 1, 0, 0, 0, 0))).toThrow(
      /at least one of 3 actions to be legal/,
    );
  });
});

describe("PQN", () => {
  it("learns which action an observation asks for", async () => {
    const learner = await learnt({ agentId: "pqn", envId: "test/Agree-v0", steps: 4_000, config: FAST });
    expect(await score("test/Agree-v0", learner)).toBe(1);
  });

  it("never chooses what is not legal: 2,000 steps and 60 episodes where it would be an error", async () => {
    const learner = await learnt({ agentId: "pqn", envId: "test/Forbidden-v0", steps: 4_000, config: FAST });
    expect(await score("test/Forbidden-v0", learner)).toBe(1);
  });

  it("values a future behind a limit, and none behind the end of an episode", async () => {
    const value = async (env: string): Promise<number> => {
      const made = await valueWorlds().make(env, { num: 8, seed: 1 });
      const learner = pqn(made.spaces, FAST, { seed: 2 });
      const last = await lastValueFrom(rollout(made, learner.act, { steps: 8_000 }).pipe(learner.learn));
      return last["value"] ?? NaN;
    };
    // One state, one action. Without an end Q = 10. With one, the mean of 1 and 1 + 0.9 (0.35 Q + 0.65): Q = 1.53.
    expect(await value("test/Limited-v0")).toBeGreaterThan(8);
    const ended = await value("test/Ends-v0");
    expect(ended).toBeGreaterThan(1.4);
    expect(ended).toBeLessThan(1.7);
  });

  it("learns the same, bit by bit, under the 3 autoreset modes", async () => {
    const saved: ReturnType<Learner["save"]>[] = [];
    for (const autoreset of AUTORESET) {
      const given = { agentId: "pqn", envId: "test/Masked-v0", steps: 600, num: 5, seed: 4, autoreset, config: FAST };
      saved.push((await train({ client: worlds(), ...given })).learner.save());
    }
    expect(saved[1]).toEqual(saved[0]);
    expect(saved[2]).toEqual(saved[0]);
  });

  it("refuses lambda above 1, and transitions whose values it did not estimate, in one line", async () => {
    const spaces = { observation: discrete(100), action: discrete(4) };
    expect(() => pqn(spaces, { lambda: 2 })).toThrow("pqn: param lambda: expected a finite number in 0..1, got 2");
    await expect(lastValueFrom(from([batchOf([{ t: 0, r: 1 }])]).pipe(pqn(spaces).learn))).rejects.toThrow(
      /pqn: extras: expected a column "value", got \[\]/,
    );
  });
});
