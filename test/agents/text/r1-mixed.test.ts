/** The recipe on mixed tasks: chains that math-v0 pays in full, families that take turns, figures by family, stages that go on where they were stopped. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveParams } from "dojang/env";
import { demonstrateMixed, withoutThinking } from "../../../agents/text/r1/chains.ts";
import { gainOf } from "../../../agents/text/r1/measured.ts";
import { askedBy, heldOut, makeEnv, problemsOf, promptsOf, trainingSeeds } from "../../../agents/text/r1/problems.ts";
import { runR1 } from "../../../agents/text/r1/run-r1.ts";
import { MIXED_SETTINGS, R1, type NetShape, type R1Settings } from "../../../agents/text/r1/settings.ts";
import { grpoStage, sftStage } from "../../../agents/text/r1/stages.ts";
import { taskSet } from "../../../agents/text/r1/task-set.ts";
import { phrasesOf, phraseTokenizer } from "../../../agents/text/r1/vocabulary.ts";
import { tempDir } from "../../support/temp.ts";
import { openLab, wire, type Wire } from "./r1-wire.ts";

const set = taskSet("mixed");
const NAMES = ["+ - *", "fractions", "countdown", "products"];

let server: Wire;
beforeAll(async () => {
  server = await wire();
});
afterAll(() => server.close());

describe("worked chains", () => {
  const saidTo = (question: string): string =>
    demonstrateMixed(question).answer.replaceAll(/<\/?(think|answer)>/g, "|");

  it("are short, and show what has to be carried over", () => {
    expect(saidTo("What is 12 - 47?")).toBe("|-53||-35|");
    expect(saidTo("What is 47 * 83?")).toBe("|141+673=1093||3901|");
    expect(saidTo("Compute $\\frac{3}{4} + \\frac{1}{6}$.")).toBe("|12:9+2=11;1||11/12|");
    expect(saidTo("Compute $1 - \\frac{1}{2}$.")).toBe("|2:2-1=1;1||1/2|");
    expect(saidTo("Compute $\\frac{1}{2} + \\frac{1}{2}$.")).toBe("|2:1+1=2;2||1|");
    expect(saidTo("Use each of the numbers 8, 3, 5 exactly once, to make 19.")).toBe("|8*3=24;24-5||8*3-5|");
    expect(saidTo("Use each of the numbers 2, 20, 3 exactly once, to make 46.")).toBe("|20+3=23;23*2||(20+3)*2|");
  });

  it("can be emptied of their thinking, and keep the answer", () => {
    const { answer } = withoutThinking(demonstrateMixed("What is 47 * 83?"));
    expect(answer).toBe("<think></think><answer>3901</answer>");
  });

  it("are refused for a question of another form, and a countdown without a solution", () => {
    expect(() => demonstrateMixed("Solve for x: $3x = 2$.")).toThrow("a sum, a difference, a product");
    expect(() => demonstrateMixed("Use each of the numbers 1, 1, 1 exactly once, to make 50.")).toThrow("countdown");
  });

  it("to 256 training prompts are paid in full by math-v0, and fit the longest answer", async () => {
    const env = await makeEnv(server.client, "train", 256, set);
    const asked = askedBy(set.families, problemsOf(set.families, trainingSeeds(9, "chains")));
    const [prompt, ...others] = await promptsOf(env, 256, asked);
    const prompts = [prompt ?? "", ...others];
    const chains = prompts.map((one) => set.demonstrate(one).answer);
    const { rewards } = await env.step(chains);
    expect([...rewards]).toEqual(new Array(256).fill(1.1));
    const { encode } = phraseTokenizer(phrasesOf(prompts, set.symbols));
    expect(Math.max(...chains.map((chain) => encode(chain).length))).toBeLessThanOrEqual(set.answerTokens);
    const whole = prompts.map((one, i) => encode(one).length + encode(chains[i] ?? "").length);
    expect(Math.max(...whole)).toBeLessThanOrEqual(set.context + 1);
    await env.close();
  });
});

describe("held-out problems", () => {
  it("take turns by family, are all different, and none of them is among 2,000 training problems", async () => {
    const [train, test] = [
      await makeEnv(server.client, "train", 500, set),
      await makeEnv(server.client, "test", 256, set),
    ];
    const { stopping, tuning, final } = await heldOut(test, { stopping: 40, tuning: 160, final: 240 }, set.families);
    expect([stopping.length, tuning.length, final.length]).toEqual([40, 160, 240]);
    expect(final.slice(0, 8).map(({ family }) => family.name)).toEqual([...NAMES, ...NAMES]);
    const problems = [...stopping, ...tuning, ...final];
    const held = await promptsOf(
      test,
      440,
      askedBy(set.families, (i) => problems[i % 440] ?? final[0]!),
    );
    expect(new Set(held).size).toBe(440);
    const trained = new Set(await promptsOf(train, 2_000, askedBy(set.families, problemsOf(set.families, trainingSeeds(1, "demonstrations"))))); // prettier-ignore
    expect(held.filter((prompt) => trained.has(prompt))).toEqual([]);
    const products = held.filter((_, i) => problems[i]?.family.name === "products");
    expect(products.filter((prompt) => /^What is [1-9]\d \* [1-9]\d\?/.test(prompt))).toHaveLength(110);
    await train.close();
    await test.close();
  });
});

it("says which family has too few problems to be held out, instead of looking for ever", async () => {
  const test = await makeEnv(server.client, "test", 256, set);
  const sizes = { stopping: 256, tuning: 960, final: 2_000 };
  await expect(heldOut(test, sizes, set.families)).rejects.toThrow(
    /r1: held-out problems of fractions: expected 804 different ones, got \d{3}/,
  );
  await test.close();
});

it("reports the gain on the same problems, in all and by family", () => {
  const scores = (pass1: readonly number[]) => pass1.map((one, i) => ({ family: NAMES[i % 2] ?? "", pass1: one }));
  const gain = gainOf(
    { title: "a", scores: scores([0, 0.5, 0, 0.5]) },
    { title: "b", scores: scores([1, 0.5, 1, 0.5]) },
  );
  expect(gain).toMatchObject({ from: "a", to: "b", pass1: { mean: 0.5 } });
  expect(gain.families).toEqual({ "+ - *": { mean: 1, low: 1, high: 1 }, fractions: { mean: 0, low: 0, high: 0 } });
});

it("keeps its tasks when it is resumed, and refuses others", async () => {
  const folder = join(tempDir(), "run");
  const options = { client: server.client, seed: 1, folder, onStage: () => undefined, note: () => undefined, onProgress: () => undefined }; // prettier-ignore
  const stop = new AbortController();
  stop.abort();
  const tiny = { demonstrations: 16, stopping: 8, heldOut: 8, sampled: 4, samples: 4, coldSteps: 1 };
  const begin = runR1({ ...options, resume: false, settings: { tasks: "mixed", ...tiny }, signal: stop.signal });
  await expect(begin).rejects.toThrow("stopped in stage 1-cold-start");
  const saved = JSON.parse(readFileSync(join(folder, "r1.json"), "utf8")) as { settings: object };
  expect(saved.settings).toMatchObject({ ...MIXED_SETTINGS, ...tiny, tasks: "mixed" });
  const other = runR1({ ...options, resume: true, settings: { tasks: "addition" }, signal: stop.signal });
  await expect(other).rejects.toThrow('expected tasks mixed, as it was begun with, got "addition"');
});

it("goes on with a stage that was stopped as if it had not been, with figures for each family", async () => {
  const settings = resolveParams({ id: "r1", params: R1 }, { ...MIXED_SETTINGS, tasks: "mixed", stopping: 8, heldOut: 24, sampled: 8, samples: 4 }) as R1Settings; // prettier-ignore
  const tiny = { width: 16, layers: 1, heads: 2, context: 40, positions: "learned", ffn: 32 } satisfies NetShape;
  const stage = { name: "grpo", title: "GRPO", shape: tiny, steps: 4, rate: 1e-3 };
  const [whole, stopped] = [tempDir(), tempDir()];
  const abort = { at: 2, signal: new AbortController() };
  const labs = [await openLab(server.client, whole, settings), await openLab(server.client, stopped, settings, abort), await openLab(server.client, stopped, settings)] as const; // prettier-ignore
  const examples = await labs[0].demonstrations(64, "demonstrations");
  const { weights } = await sftStage(labs[0], { ...stage, name: "sft", steps: 2, examples });
  const expected = await grpoStage(labs[0], { ...stage, weights });
  await expect(grpoStage(labs[1], { ...stage, weights })).rejects.toThrow("stopped in stage grpo, step 2");
  const resumed = await grpoStage(labs[2], { ...stage, weights });
  const own = ({ weights: w, measured, scores }: typeof resumed): object => ({ w, measured, scores });
  expect(own(resumed)).toEqual(own(expected));
  expect(own(await grpoStage(labs[2], { ...stage, weights }))).toEqual(own(expected));
  expect(Object.keys(resumed.measured.families ?? {})).toEqual(NAMES);
  expect(resumed.scores.map(({ family }) => family)).toEqual([...NAMES, ...NAMES]);
  const lines = readFileSync(join(stopped, "grpo", "data.jsonl"), "utf8")
    .trim()
    .split("\n");
  expect(JSON.parse(lines[3] ?? "")).toMatchObject({ options: { task: "multiplication", difficulty: 2 } });
  for (const lab of labs) await lab.close();
});
