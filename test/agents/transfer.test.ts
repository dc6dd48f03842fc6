/** A run can begin with what another has learnt: layers are matched by name and shape, and may be kept as they are. */
import { join } from "node:path";
import { train, type Plain, type TrainOptions, type Transfer } from "dojang/agents";
import { box, defineEnv, discrete, rules } from "dojang/env";
import { describe, expect, it } from "vitest";
import { modelsIn } from "../../agents/shared/models-in.ts";
import { tempDir } from "../support/temp.ts";
import { worlds } from "./worlds.ts";

/** A guessing game with `actions` actions: the observation names the right one. */
const guess = (actions: number) =>
  defineEnv({
    id: `test/Guess${actions}-v0`,
    build: () =>
      rules({
        action: discrete(actions),
        observation: box([3], 0, 1, "float32"),
        maxSteps: 4,
        reset: (rng) => rng.int(3),
        step: (state, action, rng) => ({ state: rng.int(3), reward: action === state ? 1 : 0, terminated: false }),
        observe: (state, out) => {
          out[state] = 1;
        },
      }),
  });

const ppo = { agentId: "ppo", num: 4, seed: 3, config: { steps: 8, minibatch: 32, hidden: [6, 5] } } as const;
/** Learns nothing: the weights are those of the beginning. */
const still = { steps: 4, config: { ...ppo.config, learningRate: { from: 0, to: 0, over: 0 } } };
const client = () => worlds(guess(2), guess(3));
const go = (options: Partial<TrainOptions>) =>
  train({ client: client(), ...ppo, envId: "test/Guess2-v0", steps: 64, ...options });

const paramsOf = (state: Plain): Record<string, Float32Array> => ({ ...modelsIn(state)[0]!.params });

async function trained(): Promise<{ out: string; params: Record<string, Float32Array> }> {
  const out = join(tempDir(), "run");
  const { learner } = await go({ out });
  return { out, params: paramsOf(learner.save()) };
}

const hidden = ["actor.0", "actor.1", "critic.0", "critic.1"];
const HIDDEN = hidden.flatMap((name) => [`${name}.bias`, `${name}.weight`]);

describe("a run that begins with another of the same agent and nets", () => {
  it("takes everything, moments and schedules too", async () => {
    const { out, params } = await trained();
    let told: Transfer | undefined;
    const next = await go({ initFrom: out, ...still, onTransfer: (transfer) => (told = transfer) });
    expect(told).toMatchObject({ whole: true, fresh: [], unused: [] });
    expect(paramsOf(next.learner.save())).toEqual(params);
    // 2 updates of 4 epochs before, and one at the end of this run.
    expect(modelsIn(next.learner.save())[0]?.steps).toBe(12);
  });
});

describe("a run that begins with another of other nets", () => {
  it("takes the layers of equal name and shape and names the others: 3 actions instead of 2", async () => {
    const { out, params } = await trained();
    let told: Transfer | undefined;
    const given = { envId: "test/Guess3-v0", initFrom: out, ...still, onTransfer: (one: Transfer) => (told = one) };
    const { learner } = await go(given);
    const after = paramsOf(learner.save());
    expect(told?.whole).toBe(false);
    expect(told?.taken.toSorted()).toEqual([...HIDDEN, "value.bias", "value.weight"]);
    expect(told?.fresh.toSorted()).toEqual(["policy.bias", "policy.weight"]);
    expect(told?.unused.toSorted()).toEqual(["policy.bias", "policy.weight"]);
    for (const name of HIDDEN) expect(after[name]).toEqual(params[name]);
    const fresh = paramsOf((await go({ envId: "test/Guess3-v0", ...still })).learner.save());
    expect(after["policy.weight"]).toEqual(fresh["policy.weight"]);
    expect(modelsIn(learner.save())[0]?.steps).toBe(4);
  });

  it("does not take a layer of equal size and other shape", async () => {
    const { out } = await trained();
    let told: Transfer | undefined;
    // [6, 5] and [5, 6]: the second layer has 30 weights in both.
    await go({ config: { ...ppo.config, hidden: [5, 6] }, initFrom: out, steps: 4, onTransfer: (one) => (told = one) });
    expect(told?.taken.toSorted()).toEqual(["policy.bias", "value.bias"]);
    expect(told?.fresh).toContain("actor.1.weight");
  });

  it("is refused when nothing fits, and when either has no net", async () => {
    const { out } = await trained();
    const table = join(tempDir(), "table");
    const tabular = { agentId: "q-learning", envId: "test/Corridor-v0", config: {} };
    await go({ ...tabular, out: table });
    await expect(go({ ...tabular, initFrom: out })).rejects.toThrow(/expected a run of q-learning, got "ppo"/);
    await expect(go({ initFrom: table })).rejects.toThrow(/expected a run of ppo, got "q-learning"/);
    await expect(go({ initFrom: join(out, "none") })).rejects.toMatchObject({ code: "BAD_RUN" });
    await expect(go({ out, resume: true, initFrom: table, config: undefined })).rejects.toThrow(
      /initFrom: expected none beside resume/,
    );
  });
});

describe("frozen layers", () => {
  it("stay bit for bit while the others learn, on from another run's moments, and after a resume", async () => {
    const { out, params } = await trained();
    const frozen = join(tempDir(), "frozen");
    await go({ initFrom: out, steps: 128, freeze: ["actor", "critic.0"], out: frozen });
    const resumed = await train({ client: client(), out: frozen, resume: true, steps: 256 });
    const after = paramsOf(resumed.learner.save());
    const same = Object.keys(params).filter((name) => params[name]!.every((value, i) => value === after[name]![i]));
    expect(same.toSorted()).toEqual(HIDDEN.filter((name) => !name.startsWith("critic.1")));
  });

  it("are named by patterns with a star", async () => {
    const begun = paramsOf((await go(still)).learner.save());
    const after = paramsOf((await go({ freeze: ["*.0.weight"] })).learner.save());
    const same = Object.keys(begun).filter((name) => begun[name]!.every((value, i) => value === after[name]![i]));
    expect(same.toSorted()).toEqual(["actor.0.weight", "critic.0.weight"]);
  });

  it("that do not exist, that are all, or of an agent without nets are refused with the names there are", async () => {
    await expect(go({ freeze: ["torso"] })).rejects.toThrow(
      /freeze: expected a pattern of actor\.0\.weight, .*got "torso"/,
    );
    await expect(go({ freeze: ["*"] })).rejects.toThrow(/expected patterns that leave a parameter to learn/);
    const tabular = { agentId: "q-learning", envId: "test/Corridor-v0", config: {}, freeze: ["q"] };
    await expect(go(tabular)).rejects.toThrow(/freeze: expected an agent with nets, got "q-learning"/);
  });
});

describe("the guard against numbers that are none", () => {
  it("names net, step and tensor, and keeps the last checkpoint from before", async () => {
    // A reward that no float32 can hold after the 500th step.
    const huge = defineEnv({
      id: "test/Overflow-v0",
      build: () =>
        rules({
          action: discrete(2),
          observation: box([1], 0, 1, "float32"),
          reset: () => 0,
          step: (t) => ({ state: t + 1, reward: t < 100 ? 1 : 1e39, terminated: false }),
          observe: () => undefined,
        }),
    });
    const out = join(tempDir(), "run");
    const broken = go({ client: worlds(huge), envId: "test/Overflow-v0", num: 1, steps: 400, checkpointEvery: 40, out, config: { steps: 8, minibatch: 8, hidden: [4] } }); // prettier-ignore
    await expect(broken).rejects.toThrow(/^ppo: step \d+: \S+: expected finite numbers, got (NaN|Infinity)/);
    const { openTrained, readRun } = await import("dojang/agents");
    const { spaces } = await worlds(huge).make("test/Overflow-v0");
    const { learner } = await openTrained(out, spaces);
    for (const values of Object.values(paramsOf(learner.save()))) expect(values.every(Number.isFinite)).toBe(true);
    expect((await readRun(out)).status).toBe("failed");
  });
});
