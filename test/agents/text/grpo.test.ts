/** GRPO on text that comes as reward streams: groups, transcripts of several turns, failures, resuming, learning. */
import { describe, expect, it } from "vitest";
import type { Client, Env, MakeOptions } from "dojang/client";
import { local } from "dojang/client/local";
import { Rng } from "dojang/env";
import { lastValueFrom, tap, toArray } from "rxjs";
import { Grpo } from "../../../agents/text/grpo.ts";
import { groupRollout } from "../../../agents/text/group-rollout.ts";
import { Sft } from "../../../agents/text/sft.ts";
import { textPolicy } from "../../../agents/text/text-policy.ts";
import { Transcripts, type Transcript } from "../../../agents/text/transcripts.ts";
import type { Act } from "../../../agents/streams/rollout.ts";
import type { Transitions } from "../../../agents/streams/transitions.ts";
import { echo, net, tokenizer } from "./text-worlds.ts";

const seedOf = (group: number): number => 100 + group;
const start = new Sft({}, { text: net, seed: 4 }).model;

async function withEnv<T>(options: MakeOptions, use: (env: Env) => Promise<T>): Promise<T> {
  const client: Client = local({ plugins: [echo] });
  try {
    return await use(await client.make("Echo-v0", { num: 12, autoreset: "disabled", ...options }));
  } finally {
    await client.close();
  }
}

const learner = (given: ConstructorParameters<typeof Grpo>[0] = {}): Grpo =>
  new Grpo(
    { numGenerations: 4, numPrompts: 3, maxCompletionLength: 2, learningRate: 0.01, ...given },
    { text: net, weights: start.weights(), seed: 1 },
  );

/** Trains for so many rounds of 3 groups of 4; gives the metrics of each update. */
const play = (env: Env, grpo: Grpo, rounds: number, from = 0) =>
  lastValueFrom(
    groupRollout(env, grpo.act, { size: 4, from: 3 * from, groups: 3 * rounds, seedOf }).pipe(grpo.learn, toArray()),
  );

describe("a group rollout", () => {
  it("shows all rows of a group the same problem, and other groups others", async () => {
    const seen: string[][] = [];
    const act: Act = ({ obs, n }) => {
      seen.push([...(obs as readonly string[])]);
      return { action: new Array<string>(n).fill("a") };
    };
    await withEnv({}, (env) => lastValueFrom(groupRollout(env, act, { size: 4, groups: 30, seedOf }).pipe(toArray())));
    expect(seen).toHaveLength(10);
    const groups = seen.flatMap((round) => [0, 4, 8].map((first) => new Set(round.slice(first, first + 4))));
    expect(groups.every((group) => group.size === 1)).toBe(true);
    expect(new Set(groups.flatMap((group) => [...group])).size).toBe(3);
  });

  it("is learnt from whole where the rows of a group began different numbers of episodes before", async () => {
    const act: Act = ({ n }) => ({ action: new Array<string>(n).fill("a") });
    const groups = await withEnv({}, async (env) => {
      // Rows 0 to 5 begin one episode more than the others: the second group of 4 has both kinds.
      await env.reset({ seeds: new Array<number>(6).fill(1), mask: new Uint8Array(12).fill(1, 0, 6) });
      const grpo = learner();
      const { episode } = await lastValueFrom(groupRollout(env, act, { size: 4, groups: 3, seedOf }));
      expect(new Set(episode).size).toBe(2);
      return play(env, grpo, 2);
    });
    expect(groups).toHaveLength(2);
  });

  it("gives all rows of a group the same reset options", async () => {
    const letters = ["c", "a", "c", "b"];
    const seen: string[] = [];
    const act: Act = ({ obs, n }) => {
      seen.push(...(obs as readonly string[]));
      return { action: new Array<string>(n).fill("a") };
    };
    const options = { size: 4, groups: 4, seedOf, optionsOf: (group: number) => letters[group] as string };
    await withEnv({}, (env) => lastValueFrom(groupRollout(env, act, options)));
    expect(seen).toEqual(letters.flatMap((letter) => new Array<string>(4).fill(`say ${letter}: `)));
  });

  it("plays a last round with fewer groups than the env has room for", async () => {
    const act: Act = ({ n }) => ({ action: new Array<string>(n).fill("a") });
    const batches = await withEnv({}, (env) =>
      lastValueFrom(groupRollout(env, act, { size: 4, groups: 4, seedOf }).pipe(toArray())),
    );
    expect(batches.map(({ length }) => length)).toEqual([12, 4]);
  });

  it("goes on with the rows whose episodes do, and cuts them at the most turns", async () => {
    const act: Act = ({ n }) => ({ action: new Array<string>(n).fill("a") });
    const run = (env: Env) => groupRollout(env, act, { size: 4, groups: 3, seedOf: (group) => group, maxTurns: 3 });
    const batches = await withEnv({ params: { turns: 20 } }, (env) => lastValueFrom(run(env).pipe(toArray())));
    const first = batches[0] as Transitions;
    const wrong = first.terminated.filter((ended) => ended === 0).length;
    expect(wrong).toBeGreaterThan(0);
    expect(batches.map(({ length }) => length)).toEqual([12, wrong, wrong]);
    expect(batches.map(({ truncated }) => truncated.reduce((sum, one) => sum + one, 0))).toEqual([0, 0, wrong]);
    expect([...(batches[2] as Transitions).t]).toEqual(new Array<number>(wrong).fill(2));
  });

  it("refuses an env that begins new episodes by itself, or has no room for a group", async () => {
    const act: Act = ({ n }) => ({ action: new Array<string>(n).fill("a") });
    const run = (options: MakeOptions) =>
      withEnv(options, (env) => lastValueFrom(groupRollout(env, act, { size: 4, groups: 1, seedOf })));
    await expect(run({ autoreset: "same-step" })).rejects.toThrow("autoreset disabled and at least 4 instances");
    await expect(run({ num: 3 })).rejects.toThrow("at least 4 instances, a group's size");
  });
});

describe("a transcript", () => {
  it("holds the drawn tokens themselves: two tokens whose text is also one token stay two", async () => {
    const transcripts = new Transcripts();
    const act = textPolicy({ ...net, model: start }, { transcripts, temperature: 3, maxTokens: 4, stop: [], rng: new Rng(7) }); // prettier-ignore
    const found: [Transcript, string[]][] = [];
    await withEnv({ params: { turns: 3 } }, (env) => {
      const texts = new Map<number, string[]>();
      const see = (batch: Transitions): void => {
        for (const [i, instance] of batch.env.entries()) {
          const said = [(batch.obs as readonly string[])[i], (batch.action as readonly string[])[i]] as [
            string,
            string,
          ];
          texts.set(instance, [...(texts.get(instance) ?? []), ...said]);
          if (batch.terminated[i] === 0) continue;
          found.push([transcripts.take(instance, batch.episode[i] as number), texts.get(instance) as string[]]);
          texts.delete(instance);
        }
      };
      return lastValueFrom(groupRollout(env, act, { size: 4, groups: 12, seedOf }).pipe(tap(see)));
    });
    expect(found).toHaveLength(48);
    let split = 0;
    for (const [{ tokens, sampled, logProbs }, texts] of found) {
      expect(tokenizer.decode(tokens)).toBe(texts.join(""));
      const again = texts.flatMap((text) => [...tokenizer.encode(text)]);
      if (again.length !== tokens.filter((token) => token > 1).length) split++;
      // The words of the env weigh nothing, in every turn; what was drawn has its log-probability.
      const env = texts.filter((_, i) => i % 2 === 0).flatMap((text) => [...tokenizer.encode(text)]);
      expect(tokens.filter((_, i) => sampled[i] === 0)).toEqual(env);
      expect(logProbs.every((logProb, i) => (sampled[i] === 1 ? logProb < 0 : logProb === 0))).toBe(true);
    }
    expect(split).toBeGreaterThan(0);
  });

  it("is only of episodes that the policy itself played", () => {
    const transcripts = new Transcripts();
    expect(() => transcripts.take(3, 1)).toThrow("instance 3, episode 1");
    transcripts.hear(0, 0, 0, [1]);
    expect(() => transcripts.hear(0, 0, 1, [1])).toThrow("step by step");
  });

  it("ends with what the policy said last", () => {
    const transcripts = new Transcripts();
    transcripts.hear(0, 0, 0, [5, 6]);
    transcripts.say(0, 0, { tokens: [7], logProbs: [-1], stopped: true });
    transcripts.hear(0, 0, 1, [5, 5]);
    transcripts.say(0, 0, { tokens: [], logProbs: [], stopped: false });
    const expected = { tokens: [5, 6, 7], sampled: [0, 0, 1], logProbs: [0, 0, -1], clipped: true };
    expect(transcripts.take(0, 0)).toMatchObject(expected);
  });

  it("forgets the oldest episodes beyond its limit", () => {
    const transcripts = new Transcripts(2);
    for (const env of [0, 1, 2]) {
      transcripts.hear(env, 0, 0, [1]);
      transcripts.say(env, 0, { tokens: [2], logProbs: [-1], stopped: true });
    }
    expect(() => transcripts.take(0, 0)).toThrow("instance 0");
    expect(transcripts.take(2, 0).tokens).toEqual([1, 2]);
  });
});

describe("GRPO", () => {
  it("learns from rewards alone: from under 0.4 to over 0.9 in 60 updates, the same for the same seed", async () => {
    const [once, again] = [learner(), learner()];
    const metrics = await withEnv({}, (env) => play(env, once, 60));
    const mean = (part: typeof metrics): number => part.reduce((sum, m) => sum + (m["reward"] ?? NaN), 0) / part.length;
    expect(metrics).toHaveLength(60);
    expect(mean(metrics.slice(0, 5))).toBeLessThan(0.4);
    expect(mean(metrics.slice(-5))).toBeGreaterThan(0.9);
    expect(await withEnv({}, (env) => play(env, again, 60))).toEqual(metrics);
  });

  it("reports rewards, lengths, groups without spread and clipping under TRL's names", async () => {
    const [metrics] = await withEnv({}, (env) => play(env, learner(), 1));
    expect(Object.keys(metrics ?? {})).toEqual(
      expect.arrayContaining(
        "reward reward_std frac_reward_zero_std rewards/accuracy/mean rewards/accuracy/std kl entropy completions/mean_length completions/clipped_ratio clip_ratio/low_mean clip_ratio/high_mean clip_ratio/region_mean".split(
          " ",
        ),
      ),
    );
    // On fresh answers the policy is the one that sampled, and the reference is where it begins.
    expect(metrics).toMatchObject({ "clip_ratio/region_mean": 0, rows_faulted: 0, groups_dropped: 0 });
    expect(metrics?.["kl"]).toBeCloseTo(0, 6);
    expect(metrics?.["loss"]).toBeCloseTo(0, 4);
  });

  it("reports the deviation of a part of the reward that is 0 or 1 with n - 1 below, as torch has it", async () => {
    const metrics = await withEnv({}, (env) => play(env, learner(), 8));
    const means = metrics.map((one) => one["rewards/accuracy/mean"] ?? NaN);
    const expected = means.map((mean) => Math.sqrt((mean * (1 - mean) * 12) / 11));
    expect(expected.filter((std) => std > 0.3).length).toBeGreaterThan(2);
    for (const [i, std] of expected.entries()) expect(metrics[i]?.["rewards/accuracy/std"]).toBeCloseTo(std, 9);
  });

  it("goes on after load as if it had never stopped", async () => {
    const settings = { numIterations: 2, minibatches: 2 };
    const [whole, first, second] = [learner(settings), learner(settings), learner(settings)];
    const expected = await withEnv({}, (env) => play(env, whole, 8));
    const begun = await withEnv({}, (env) => play(env, first, 5));
    second.load(first.save());
    const ended = await withEnv({}, (env) => play(env, second, 8, 5));
    expect([...begun, ...ended]).toEqual(expected);
    expect(second.save()).toEqual(whole.save());
  });

  it("leaves failed rows out: no reward, no transcript, and a group of which fewer than 2 are left is dropped", async () => {
    const metrics = await withEnv({ params: { faulty: true } }, (env) => play(env, learner({ learningRate: 0 }), 20));
    const sum = (name: string): number => metrics.reduce((total, one) => total + (one[name] ?? 0), 0);
    expect(sum("rows_faulted")).toBeGreaterThan(10);
    expect(sum("rows_faulted")).toBeLessThan(120);
    expect(metrics.every((one) => Object.values(one).every(Number.isFinite))).toBe(true);
    const fine = await withEnv({}, (env) => play(env, learner({ learningRate: 0 }), 20));
    // Replies with b fail instead of being right or wrong, so the others' mean is not the mean with zeros.
    expect(sum("reward")).not.toBe(fine.reduce((total, one) => total + (one["reward"] ?? 0), 0));
  });

  it("sends answers that nobody could judge again, and gives them up as failed after 3 more tries", async () => {
    const fine = await withEnv({}, (env) => play(env, learner(), 4));
    const [twice, five] = [
      await withEnv({ params: { unsure: 2 } }, (env) => play(env, learner(), 4)),
      await withEnv({ params: { unsure: 5 } }, (env) => play(env, learner(), 4)),
    ];
    // Judged in the end: nothing is lost, and nothing else than without those failures.
    expect(twice).toEqual(fine);
    expect(five.reduce((sum, one) => sum + (one["rows_faulted"] ?? NaN), 0)).toBeGreaterThan(0);
  });

  it("over 3 turns with feedback learns from one return an episode, of the tokens it drew alone", async () => {
    const given = { maxCompletionLength: 2, learningRate: 0.02 };
    const metrics = await withEnv({ params: { turns: 3 } }, (env) => play(env, learner(given), 60));
    const first = metrics[0] as Record<string, number>;
    // Three answers of two tokens at most; prompts and feedback are longer than that.
    expect(first["completions/max_length"]).toBeLessThanOrEqual(6);
    expect(first["completions/max_length"]).toBeGreaterThan(2);
    const mean = (part: typeof metrics): number => part.reduce((sum, m) => sum + (m["reward"] ?? NaN), 0) / part.length;
    expect(mean(metrics.slice(-5)) - mean(metrics.slice(0, 5))).toBeGreaterThan(0.2);
  });

  it("answers nothing where an episode has outgrown the context of 32 tokens, and counts it as cut", async () => {
    const params = { turns: 9, says: "much" };
    const [metrics] = await withEnv({ params }, (env) => play(env, learner({ learningRate: 0 }), 1));
    const longest = metrics?.["completions/max_length"] ?? NaN;
    expect(longest).toBeGreaterThan(4);
    expect(longest).toBeLessThanOrEqual(6);
    expect(metrics?.["completions/clipped_ratio"]).toBeGreaterThan(0);
    expect(metrics).toMatchObject({ rows_faulted: 0, groups_dropped: 0 });
  });

  it("with dynamic sampling fills an update with groups whose rewards differ", async () => {
    const given = { dynamicSampling: 10, learningRate: 0 };
    const all = await withEnv({}, (env) => play(env, learner(given), 20));
    const metrics = all.filter((one) => !("groups_left" in one));
    expect(metrics.length).toBeGreaterThan(2);
    expect(metrics.length).toBeLessThan(20);
    for (const one of metrics) {
      expect(one["frac_reward_zero_std"]).toBe(0);
      expect(one["sampling_rounds"]).toBeLessThanOrEqual(10);
    }
    const plain = await withEnv({}, (env) => play(env, learner({ learningRate: 0 }), 20));
    expect(plain.some((one) => one["frac_reward_zero_std"] !== 0)).toBe(true);
  });

  it.each([
    [{ beta: -1 }, "beta"],
    [{ lossType: "ppo" as "grpo" }, "lossType"],
    [{ numGenerations: 1 }, "numGenerations"],
    [{ minibatches: 5 }, "minibatches"],
  ])("refuses %j", (given, name) => {
    expect(() => learner(given)).toThrow(name);
  });
});
