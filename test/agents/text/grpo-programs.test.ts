/** GRPO on programs: code-v0 judges them in a sandbox behind a WebSocket, and the learner sees nothing but rewards. About 15 s of processor time. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Env, MakeOptions } from "dojang/client";
import { Rng } from "dojang/env";
import { from, lastValueFrom, toArray, type MonoTypeOperatorFunction } from "rxjs";
import type { HostTensor } from "../../../agents/nets/model.ts";
import type { Metrics } from "../../../agents/shared/agent.ts";
import type { Transitions } from "../../../agents/streams/transitions.ts";
import { answersOf, scoresOf } from "../../../agents/text/evaluate-text.ts";
import { groupRollout } from "../../../agents/text/group-rollout.ts";
import { GroupCollector } from "../../../agents/text/grpo-groups.ts";
import { Grpo } from "../../../agents/text/grpo.ts";
import { permuteRewards } from "../../../agents/text/r1/permute-rewards.ts";
import { Sft, type Example } from "../../../agents/text/sft.ts";
import { textPolicy } from "../../../agents/text/text-policy.ts";
import { Transcripts } from "../../../agents/text/transcripts.ts";
import { examples, HELD_OUT, net, openJudge, patient, PRACTISED, problems } from "./programs.ts";
import type { Wire } from "./r1-wire.ts";

type Weights = Readonly<Record<string, HostTensor>>;

/** The machine may be busy. */
const SLOW = { timeout: 600_000 };

const SIZE = 8;
const GROUPS = 8;
const ANSWER = { maxTokens: 20, stop: [";"] };

let judge: Wire;
beforeAll(async () => {
  judge = await openJudge();
});
afterAll(() => judge.close());

async function withEnv<T>(params: MakeOptions["params"], use: (env: Env) => Promise<T>): Promise<T> {
  const env = await judge.client.make("code-v0", { num: SIZE * GROUPS, autoreset: "disabled", params: { ...params } });
  try {
    return await use(env);
  } finally {
    await env.close();
  }
}

/** Knows the form and writes now and then what was asked for. */
async function coldStart(text: typeof net, steps: number): Promise<Weights> {
  const sft = new Sft({ batch: 32, learningRate: 3e-3, warmup: 10 }, { text, seed: 1 });
  const batches = sft.batches(examples);
  const taken = Array.from({ length: steps }, () => batches.next().value as readonly Example[]);
  await lastValueFrom(from(taken).pipe(sft.learn));
  return sft.model.weights();
}

interface Practice {
  readonly updates: number;
  readonly through?: MonoTypeOperatorFunction<Transitions>;
  readonly text?: typeof net;
}

async function practise(env: Env, weights: Weights, { updates, through = (same) => same, text = net }: Practice) {
  const given = { numGenerations: SIZE, numPrompts: GROUPS, maxCompletionLength: ANSWER.maxTokens, stop: ANSWER.stop };
  const grpo = new Grpo({ ...given, learningRate: 1e-3, beta: 0 }, { text, weights, seed: 1 });
  const rng = new Rng(9);
  const items = Array.from({ length: updates * GROUPS }, () => rng.choice(PRACTISED));
  const options = { size: SIZE, groups: items.length, seedOf: () => 1, optionsOf: (group: number) => ({ item: items[group] as number }) }; // prettier-ignore
  const metrics = await lastValueFrom(groupRollout(env, grpo.act, options).pipe(through, grpo.learn, toArray()));
  return { metrics, weights: grpo.model.weights() };
}

/** The share of programs that pass, of 4 to each of 64 problems that nothing was learnt from. */
async function share(env: Env, weights: Weights): Promise<number> {
  const model = { ...net, model: { weights: () => weights } };
  const optionsOf = (problem: number) => ({ item: HELD_OUT[problem] as number });
  const options = { ...ANSWER, problems: HELD_OUT.length, samples: 4, temperature: 1, rng: new Rng(1), seedOf: () => 1, optionsOf }; // prettier-ignore
  const answers = await answersOf(env, model, { ...options, answerOf: (reply) => reply });
  expect(answers.map(({ prompt }) => prompt)).toEqual(HELD_OUT.map((item) => problems[item]?.prompt));
  return scoresOf(answers, 4).pass1.mean;
}

const mean = (metrics: readonly Metrics[], name: string): number =>
  metrics.reduce((sum, one) => sum + (one[name] ?? NaN), 0) / metrics.length;

describe("GRPO against code-v0 over a WebSocket", () => {
  it(
    "raises the share of held-out problems solved by 0.2 or more in 35 updates; permuted rewards raise nothing",
    SLOW,
    async () => {
      const weights = await coldStart(net, 44);
      const found = await withEnv({}, async (env) => {
        const learnt = await practise(env, weights, { updates: 35 });
        const misled = await practise(env, weights, { updates: 35, through: permuteRewards(new Rng(5)) });
        const shares = [await share(env, weights), await share(env, learnt.weights), await share(env, misled.weights)];
        return { shares, metrics: learnt.metrics };
      });
      const [before = NaN, after = NaN, permuted = NaN] = found.shares;
      // 256 programs: a standard error of 0.03.
      expect(after - before).toBeGreaterThan(0.2);
      expect(permuted - before).toBeLessThan(0.05);
      expect(mean(found.metrics, "rows_faulted")).toBe(0);
    },
  );

  it("gives the same metrics for the same seed", SLOW, async () => {
    const weights = await coldStart(net, 44);
    const [once, again] = await withEnv({}, async (env) => [
      await practise(env, weights, { updates: 2 }),
      await practise(env, weights, { updates: 2 }),
    ]);
    expect(again).toEqual(once);
  });
});

describe("an episode of two tries", () => {
  it(
    "is one transcript: prompt, program, what the public tests say, program; only the programs' tokens count, all by one reward",
    SLOW,
    async () => {
      const weights = await coldStart(patient, 60);
      const text = { ...patient, model: { weights: () => weights } };
      const transcripts = new Transcripts();
      const groups = new GroupCollector(SIZE, transcripts);
      const act = textPolicy(text, { ...ANSWER, temperature: 1, rng: new Rng(2), transcripts });
      const options = { size: SIZE, groups: GROUPS, seedOf: () => 1, optionsOf: (group: number) => ({ item: PRACTISED[group] as number }) }; // prettier-ignore
      const batches = await withEnv({ turns: 2, turnDiscount: 0.5 }, (env) =>
        lastValueFrom(groupRollout(env, act, options).pipe(toArray())),
      );
      const done = batches.flatMap((batch) => groups.collect(batch));
      expect(batches).toHaveLength(2);
      const second = batches[1] as Transitions;
      expect(second.length).toBeGreaterThan(10);
      for (const [i, row] of second.env.entries()) {
        const [place, at] = [Math.floor(row / SIZE), row % SIZE];
        const { tokens = [], sampled = [] } = done[place]?.transcripts[at] ?? {};
        const texts = batches.flatMap((batch) => {
          const own = batch.env.indexOf(row);
          return [textAt(batch.obs, own), textAt(batch.action, own)];
        });
        const [prompt = "", first = "", feedback = "", again = ""] = texts;
        expect(prompt).toBe(problems[PRACTISED[place] as number]?.prompt);
        expect(feedback).toMatch(/^[01] of 1 public tests pass/);
        expect(patient.tokenizer.decode(tokens)).toBe(texts.join(""));
        const of = (who: number): string => patient.tokenizer.decode(tokens.filter((_, k) => sampled[k] === who));
        expect([of(0), of(1)]).toEqual([prompt + feedback, first + again]);
        expect(done[place]?.rewards[at]).toBe(second.reward[i]);
      }
      // Who is not asked again has passed.
      const tried = new Set(second.env);
      const others = done.flatMap(({ rewards }, place) =>
        [...rewards].filter((_, at) => !tried.has(place * SIZE + at)),
      );
      expect(others).toEqual(new Array(64 - second.length).fill(1));
    },
  );

  it("is learnt from: an update counts the tokens of both programs and none of the feedback", SLOW, async () => {
    const weights = await coldStart(patient, 60);
    const [[once], [twice]] = [
      (await withEnv({}, (env) => practise(env, weights, { updates: 1, text: patient }))).metrics,
      (await withEnv({ turns: 2 }, (env) => practise(env, weights, { updates: 1, text: patient }))).metrics,
    ];
    const tokens = ({ num_tokens: count = NaN }: Metrics = {}): number => count;
    expect(twice?.["gradNorm"]).toBeGreaterThan(0.01);
    expect(tokens(twice)).toBeGreaterThan(tokens(once) + 100);
    // Two programs of 20 tokens at most in each of 64 episodes.
    expect(tokens(twice)).toBeLessThanOrEqual(64 * 40);
  });
});

/** code-v0's observations and actions are texts. */
const textAt = (column: unknown, row: number): string => (column as readonly string[])[row] as string;
