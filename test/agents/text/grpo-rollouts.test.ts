/** What GRPO makes of whole rollouts: every group is learnt from or told of, parts of the reward that come late, and what it refuses to begin with. */
import { describe, expect, it } from "vitest";
import type { Client, Env, MakeOptions } from "dojang/client";
import { local } from "dojang/client/local";
import { defineEnv, rules, text } from "dojang/env";
import { lastValueFrom, map, take, tap, toArray } from "rxjs";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { fromSafetensors, toSafetensors } from "../../../agents/shared/safetensors.ts";
import { rollout } from "../../../agents/streams/rollout.ts";
import type { Transitions } from "../../../agents/streams/transitions.ts";
import { groupRollout } from "../../../agents/text/group-rollout.ts";
import { Grpo } from "../../../agents/text/grpo.ts";
import { Sft } from "../../../agents/text/sft.ts";
import { echo, net } from "./text-worlds.ts";

/** The second of two turns has the part accuracy: 1 in episodes of the kind "right", else 0.5; the first has the part start, but for "plain". "short" ends at once. */
const late = defineEnv({
  id: "Late-v0",
  params: {},
  build: () =>
    rules({
      action: text({ maxLength: 100 }),
      observation: text({ maxLength: 100 }),
      reset: (_, kind) => ({ kind, turn: 0 }),
      step({ kind, turn }) {
        const terminated = turn === 1 || kind === "short";
        const rewards = turn === 1 ? { accuracy: kind === "right" ? 1 : 0.5 } : kind === "plain" ? {} : { start: 2 };
        return { state: { kind, turn: turn + 1 }, reward: 1, terminated, rewards };
      },
      observe: () => "say a: ",
    }),
});

async function withEnv<T>(id: string, options: MakeOptions, use: (env: Env) => Promise<T>): Promise<T> {
  const client: Client = local({ plugins: [echo, late] });
  try {
    return await use(await client.make(id, { autoreset: "disabled", ...options }));
  } finally {
    await client.close();
  }
}

const weights = new Sft({}, { text: net, seed: 4 }).model.weights();
const SETTINGS = { numGenerations: 4, numPrompts: 3, maxCompletionLength: 2, learningRate: 0.01 };
const learner = (given: ConstructorParameters<typeof Grpo>[0] = {}): Grpo =>
  new Grpo({ ...SETTINGS, ...given }, { text: net, weights, seed: 1 });

const seedOf = (group: number): number => group;
const play = (env: Env, grpo: Grpo, groups: number, from = 0) =>
  lastValueFrom(groupRollout(env, grpo.act, { size: 4, from, groups, seedOf }).pipe(grpo.learn, toArray()));
const rows = (num: number): MakeOptions => ({ num });

describe("a rollout of more groups than an update has", () => {
  it.each([12, 24, 32, 80])(
    "is learnt from whole with %i instances: 20 groups are 6 updates of 3, and 2 are left",
    async (num) => {
      const grpo = learner();
      const metrics = await withEnv("Echo-v0", rows(num), (env) => play(env, grpo, 20));
      expect(metrics.map(({ groups_left: left }) => left)).toEqual([...new Array<undefined>(6), 2]);
      expect(metrics.at(-1)).toEqual({ groups_left: 2 });
      expect(grpo.updates).toBe(6);
    },
  );

  it("says nothing of groups that are left where none is", async () => {
    const metrics = await withEnv("Echo-v0", rows(24), (env) => play(env, learner(), 18));
    expect(metrics).toHaveLength(6);
    expect(metrics.every((one) => !("groups_left" in one))).toBe(true);
  });

  it("learns from each answer once: 20 groups, of which 2 wait for 1 of the next rollout, are 84 rewards of 21 groups", async () => {
    let [sampled, learnt] = [0, 0];
    const grpo = learner();
    await withEnv("Echo-v0", rows(80), async (env) => {
      for (const [from, groups] of [
        [0, 20],
        [20, 21],
      ] as const)
        // prettier-ignore
        await lastValueFrom(
          groupRollout(env, grpo.act, { size: 4, from, groups, seedOf }).pipe(
            tap(({ extras }) => (sampled += [...(extras["length"] ?? [])].reduce((sum, length) => sum + length, 0))),
            grpo.learn,
            tap((metrics) => (learnt += metrics["num_tokens"] ?? 0)),
          ),
        );
    });
    expect(sampled).toBeGreaterThan(84);
    expect(learnt).toBe(sampled);
    expect(grpo.updates).toBe(7);
  });

  it("keeps what was not asked for: after 1 update of 20 groups 17 wait, and 5 more updates come with the next group", async () => {
    const grpo = learner();
    const found = await withEnv("Echo-v0", rows(80), async (env) => {
      const groups = groupRollout(env, grpo.act, { size: 4, groups: 20, seedOf });
      expect(await lastValueFrom(groups.pipe(grpo.learn, take(1), toArray()))).toHaveLength(1);
      return play(env, grpo, 21, 20);
    });
    expect(found).toHaveLength(6);
    expect(grpo.updates).toBe(7);
  });

  it("with dynamic sampling makes updates of all groups that teach: each of 40 is of the rounds of one, or left", async () => {
    const given = { dynamicSampling: 100, learningRate: 0 };
    const metrics = await withEnv("Echo-v0", rows(160), (env) => play(env, learner(given), 40));
    const updates = metrics.filter((one) => "loss" in one);
    expect(updates.length).toBeGreaterThan(1);
    for (const one of updates) expect(one).toMatchObject({ frac_reward_zero_std: 0 });
    const rounds = updates.reduce((sum, one) => sum + (one["sampling_rounds"] ?? NaN), 0);
    expect(Math.round(3 * rounds) + (metrics.at(-1)?.["groups_left"] ?? 0)).toBe(40);
  });
});

describe("groups that wait for an update", () => {
  it("are saved: 2 of 20 and 1 of the next rollout make the same update as if the learner had never stopped", async () => {
    await withEnv("Echo-v0", rows(24), async (env) => {
      const [whole, first, second] = [learner(), learner(), learner()];
      const expected = [...(await play(env, whole, 20)), ...(await play(env, whole, 27, 20))];
      const begun = await play(env, first, 20);
      second.load(fromSafetensors(toSafetensors(first.save())));
      expect([...begun, ...(await play(env, second, 27, 20))]).toEqual(expected);
      expect(second.save()).toEqual(whole.save());
    });
  });

  it("are saved with the rows that failed", async () => {
    await withEnv("Echo-v0", { num: 24, params: { faulty: true } }, async (env) => {
      const [first, second] = [learner(), learner()];
      const metrics = await play(env, first, 20);
      expect(metrics.some(({ rows_faulted: faulted = 0 }) => faulted > 0)).toBe(true);
      second.load(fromSafetensors(toSafetensors(first.save())));
      expect(await play(env, second, 24, 20)).toEqual(await play(env, first, 24, 20));
    });
  });

  it("are no reason to refuse to save, nor is a rollout that was left in the middle of a group; one that goes on is", async () => {
    await withEnv("Late-v0", rows(24), async (env) => {
      const grpo = learner();
      const optionsOf = (group: number): string => (group < 3 ? "short" : "right");
      const groups = groupRollout(env, grpo.act, { size: 4, groups: 6, seedOf, optionsOf });
      const saving = groups.pipe(grpo.learn, tap(() => grpo.save())); // prettier-ignore
      await expect(lastValueFrom(saving)).rejects.toThrow(
        "expected no group under way. Save when the rollout has ended",
      );
      expect(grpo.updates).toBe(1);
      expect(() => grpo.save()).not.toThrow();
    });
  });
});

describe("parts of the reward that come at the end of an episode", () => {
  const played = (kinds: readonly string[]) =>
    withEnv("Late-v0", rows(4 * kinds.length), (env) => {
      const grpo = learner();
      const options = { size: 4, groups: kinds.length, seedOf, optionsOf: (group: number) => kinds[group] as string };
      return lastValueFrom(groupRollout(env, grpo.act, options).pipe(grpo.learn, toArray()));
    });

  it("are summed over the steps that have them; an episode without one does not count", async () => {
    const [metrics] = await played(["other", "right", "plain"]);
    // Accuracy 0.5, 1 and 0.5; start 2, 2 and never.
    expect(metrics?.["rewards/accuracy/mean"]).toBeCloseTo(2 / 3, 12);
    expect(metrics?.["rewards/accuracy/std"]).toBeCloseTo(Math.sqrt(12 / 18 / 11), 12);
    expect(metrics).toMatchObject({ reward: 2, "rewards/start/mean": 2, "rewards/start/std": 0 });
  });

  it("are not reported for updates where no episode has one, beside updates whose episodes do", async () => {
    const metrics = await played(["plain", "plain", "plain", "other", "other", "other"]);
    expect(metrics.map((one) => one["rewards/start/mean"])).toEqual([undefined, 2]);
    expect(metrics.map((one) => one["rewards/accuracy/mean"])).toEqual([0.5, 0.5]);
  });
});

it("learns with a context of 7 places, learned each, that prompts of 3 tokens and answers of 5 fill", async () => {
  const text = { ...net, decoder: decoder({ ...net.decoder.options, context: 7 }) };
  const { model } = new Sft({}, { text, seed: 4 });
  const grpo = new Grpo({ ...SETTINGS, maxCompletionLength: 5 }, { text, weights: model.weights(), seed: 1 });
  const metrics = await withEnv("Echo-v0", rows(12), (env) => play(env, grpo, 6));
  expect(metrics.map((one) => one["completions/max_length"])).toEqual([5, 5]);
});

describe("GRPO refuses", () => {
  it.each([2, 8])("groups of %i rows where the learner compares 4", async (size) => {
    const grpo = learner();
    await withEnv("Echo-v0", rows(16), async (env) => {
      const groups = groupRollout(env, grpo.act, { size, groups: 8, seedOf });
      await expect(lastValueFrom(groups.pipe(grpo.learn))).rejects.toThrow(
        `grpo: size of the rollout's groups: expected 4, the learner's numGenerations, got ${size}. Give`,
      );
    });
    expect(grpo.updates).toBe(0);
  });

  it("a rollout without groups, whose rows all have problems of their own", async () => {
    const grpo = learner();
    await withEnv("Echo-v0", { num: 12, autoreset: "same-step" }, async (env) => {
      const stream = rollout(env, grpo.act, { steps: 12 }).pipe(map((batch): Transitions => batch), grpo.learn); // prettier-ignore
      await expect(lastValueFrom(stream)).rejects.toThrow("numGenerations, got undefined. Give `act` and `learn` to one groupRollout"); // prettier-ignore
    });
  });

  it("an env whose observations are no texts", async () => {
    const grpo = learner();
    await withEnv("CartPole-v1", rows(12), async (env) => {
      await expect(play(env, grpo, 3)).rejects.toThrow("expected an env whose observations and actions are texts, got Float32Array(48)"); // prettier-ignore
    });
  });

  const wide = decoder({ ...net.decoder.options, width: 32 });
  it.each([
    ["none", net.decoder, {}, "embed.weight: expected 144 numbers of shape [9, 16], got undefined"],
    ["those of a narrower net", wide, weights, "embed.weight: expected 288 numbers of shape [9, 32], got [9, 16]"],
    ["those of a net with one layer more", net.decoder, { ...weights, "layers.1.norm.scale": weights["norm.scale"]! }, "layers.1.norm.scale: expected no such parameter, got [16]"], // prettier-ignore
    ["too few numbers", net.decoder, { ...weights, "embed.weight": { data: new Float32Array(3), shape: [9, 16] } }, "embed.weight: expected 144 numbers"], // prettier-ignore
  ])("weights that do not fit: %s; and so does SFT", (_, net_, given, message) => {
    const options = { text: { ...net, decoder: net_ }, weights: given, seed: 1 };
    expect(() => new Grpo(SETTINGS, options)).toThrow(`grpo: weights: ${message}`);
    expect(() => new Sft({}, options)).toThrow(`sft: weights: ${message}`);
  });
});
