/** The parts of the recipe: problems that are parted for good, chains that the env judges right, stages that go on where they were stopped. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { episodeSeed, resolveParams, Rng } from "dojang/env";
import { of } from "rxjs";
import { lastValueFrom } from "rxjs";
import type { Transitions } from "../../../agents/streams/transitions.ts";
import { answerIn, demonstrate } from "../../../agents/text/r1/demonstrations.ts";
import { permuteRewards } from "../../../agents/text/r1/permute-rewards.ts";
import { heldOut, makeEnv, promptsOf, trainingSeeds } from "../../../agents/text/r1/problems.ts";
import { R1, type NetShape, type R1Settings } from "../../../agents/text/r1/settings.ts";
import { grpoStage, sftStage } from "../../../agents/text/r1/stages.ts";
import { phrasesOf, phraseTokenizer } from "../../../agents/text/r1/vocabulary.ts";
import { tempDir } from "../../support/temp.ts";
import { openLab, wire, type Wire } from "./r1-wire.ts";

const tiny = { width: 16, layers: 1, heads: 2, context: 24, positions: "learned", ffn: 32 } satisfies NetShape;
const settings = resolveParams({ id: "r1", params: R1 }, { stopping: 8, heldOut: 24, sampled: 4, samples: 4 }) as R1Settings; // prettier-ignore

let server: Wire;
beforeAll(async () => {
  server = await wire();
});
afterAll(() => server.close());

describe("the vocabulary", () => {
  const prompts = ["What is 317 + 782?\n\nThink.", "What is 5 + 1?\n\nThink."];
  const { encode, decode, vocab } = phraseTokenizer(phrasesOf(prompts));

  it("gives each digit, tag and repeated stretch of words one token", () => {
    expect(vocab).toBe(2 + 10 + 4 + 3);
    expect(encode("What is 317 + 782?\n\nThink.")).toHaveLength(9);
    expect(encode("<think>9901</think><answer>1099</answer>")).toHaveLength(12);
    expect(decode(encode(prompts[0] as string))).toBe(prompts[0]);
  });

  it("refuses other words and says where they begin", () => {
    expect(() => encode("What is 5 - 1?")).toThrow("character 10 of a text");
  });
});

describe("the problems", () => {
  it("are held out in three sets without a problem in common, none of them among 4,000 training problems", async () => {
    const [train, test] = [await makeEnv(server.client, "train", 500), await makeEnv(server.client, "test", 500)];
    const { stopping, tuning, final } = await heldOut(test, { stopping: 100, tuning: 200, final: 300 });
    expect([stopping.length, tuning.length, final.length]).toEqual([100, 200, 300]);
    const seeds = [...stopping, ...tuning, ...final];
    const held = await promptsOf(test, 600, { seedOf: (problem) => seeds[problem]?.seed ?? 0 });
    expect(new Set(held).size).toBe(600);
    const trained = new Set(await promptsOf(train, 4_000, { seedOf: trainingSeeds(1, "demonstrations") }));
    expect(held.filter((prompt) => trained.has(prompt))).toEqual([]);
    await train.close();
    await test.close();
  });

  it("cannot be chosen by seed without the capability", async () => {
    const locked = await wire(["step"]);
    await expect(openLab(locked.client, tempDir(), settings)).rejects.toThrow("capability `seeds`");
    await locked.close();
  });
});

it("writes 128 worked chains that math-v0 pays in full: right, and in the asked form", async () => {
  const env = await makeEnv(server.client, "train", 128);
  const seeds = Array.from({ length: 128 }, (_, i) => episodeSeed(9, 0, i));
  const { observations } = await env.reset({ seeds });
  const chains = (observations as readonly string[]).map((prompt) => demonstrate(prompt).answer);
  const { rewards } = await env.step(chains);
  expect([...rewards]).toEqual(new Array(128).fill(1.1));
  expect(demonstrate("What is 317 + 782?").answer).toBe("<think>9901</think><answer>1099</answer>");
  expect(answerIn(chains[0] as string)).toBe(/<answer>(\d+)/.exec(chains[0] as string)?.[1]);
  expect(() => demonstrate("What is 3 * 4?")).toThrow("a sum of two numbers");
  await env.close();
});

it("permutes rewards, and leaves the parts that tell how good the answers were", async () => {
  const reward = Float64Array.from({ length: 64 }, (_, i) => i);
  const batch = { reward, parts: { accuracy: reward } } as unknown as Transitions;
  const permuted = await lastValueFrom(of(batch).pipe(permuteRewards(new Rng(1))));
  expect([...permuted.reward]).not.toEqual([...reward]);
  expect([...permuted.reward].sort((a, b) => a - b)).toEqual([...reward]);
  expect(permuted.parts?.["accuracy"]).toBe(reward);
});

describe("a stage", () => {
  const lines = (folder: string, name: string): string[] => readFileSync(join(folder, name), "utf8").trim().split("\n");

  it("of GRPO that was stopped after 51 of 54 updates goes on as if it had not been, and is read when it is done", async () => {
    const [whole, stopped] = [tempDir(), tempDir()];
    const stage = { name: "grpo", title: "GRPO", shape: tiny, steps: 54, rate: 1e-3 };
    const abort = { at: 51, signal: new AbortController() };
    const labs = [await openLab(server.client, whole, settings), await openLab(server.client, stopped, settings, abort), await openLab(server.client, stopped, settings)] as const; // prettier-ignore
    const examples = (await promptsOf(labs[0].train, 64, { seedOf: trainingSeeds(1, "demonstrations") })).map(
      demonstrate,
    );
    const { weights } = await sftStage(labs[0], { ...stage, name: "sft", steps: 8, examples });
    const expected = await grpoStage(labs[0], { ...stage, weights });
    await expect(grpoStage(labs[1], { ...stage, weights })).rejects.toThrow("stopped in stage grpo, step 51");
    const resumed = await grpoStage(labs[2], { ...stage, weights });
    const own = ({ weights: w, measured, steps }: typeof resumed): object => ({ w, measured, steps });
    expect(own(resumed)).toEqual(own(expected));
    const [a, b] = [join(whole, "grpo"), join(stopped, "grpo")];
    expect(lines(b, "metrics.jsonl")).toEqual(lines(a, "metrics.jsonl"));
    expect(lines(a, "metrics.jsonl")).toHaveLength(54);
    expect(lines(a, "data.jsonl")).toHaveLength(54 * 8);
    expect(existsSync(join(a, "checkpoint.safetensors"))).toBe(true);
    expect(readFileSync(join(a, "samples.md"), "utf8").match(/^## What is \d+ \+ \d+\?$/gm)).toHaveLength(8);
    const receipt = JSON.parse(readFileSync(join(a, "receipt.json"), "utf8")) as { costs: object };
    expect(receipt.costs).toMatchObject({ envSteps: 54 * 128, evaluationSteps: 24 + 16, gradientSteps: 54 });
    expect(own(await grpoStage(labs[2], { ...stage, weights }))).toEqual(own(expected));
    for (const lab of labs) await lab.close();
  });

  it("that is done is measured again, and not trained again, where figures are asked for on the other held-out set", async () => {
    const folder = tempDir();
    const on = async (measureOn: "final" | "tuning") => {
      const lab = await openLab(server.client, folder, { ...settings, measureOn, tuning: 24 });
      const examples = await lab.demonstrations(64, "demonstrations");
      const { weights, ...rest } = await sftStage(lab, { name: "sft", title: "SFT", shape: tiny, steps: 8, rate: 3e-3, examples }); // prettier-ignore
      await lab.close();
      return { weights, ...rest, shown: readFileSync(join(folder, "sft", "samples.md"), "utf8") };
    };
    const [first, other, again] = [await on("final"), await on("tuning"), await on("final")];
    const spent = ({ weights, seconds, cpuSeconds }: typeof first): object => ({ weights, seconds, cpuSeconds });
    expect([spent(other), spent(again)]).toEqual([spent(first), spent(first)]);
    expect([first.measuredOn, other.measuredOn]).toEqual(["final", "tuning"]);
    expect(lines(join(folder, "sft"), "metrics.jsonl")).toHaveLength(8);
    const asked = ({ shown }: typeof first): string[] => shown.match(/^## .*$/gm) ?? [];
    expect(asked(other).filter((problem) => asked(first).includes(problem))).toEqual([]);
    expect(again).toEqual(first);
  });
});
