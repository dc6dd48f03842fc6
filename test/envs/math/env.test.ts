/** math-v0: questions, verdicts, rewards by name and weight, turns, splits, data sets, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { local } from "dojang/client/local";
import type { Client, MakeOptions } from "dojang/client";
import { Rng } from "dojang/env";
import { evaluate } from "../../../envs/countdown/expression.ts";
import { generated, readAsked } from "../../../envs/math/source.ts";
import { TASKS } from "../../../envs/math/tasks/index.ts";
import { problemOf } from "../../../envs/math/tasks/task.ts";
import { dataFile, missingData } from "../../support/data.ts";

let client: Client;
let folder: string;

beforeEach(() => {
  client = local();
  folder = mkdtempSync(join(tmpdir(), "dojang-math-"));
});
afterEach(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

const [arithmetic, fractions] = TASKS;
if (arithmetic === undefined || fractions === undefined) throw new Error("expected two tasks");

async function play(
  replies: readonly string[],
  params: MakeOptions["params"] = {},
  options: object = { item: 4, difficulty: 2 },
) {
  const env = await client.make("math-v0", { num: 1, seed: 1, autoreset: "disabled", params: { ...params } });
  const { observations } = await env.reset({ options: [{ ...options }] });
  const frames = [];
  for (const reply of replies) frames.push(await env.step([reply]));
  await env.close();
  return { question: (observations as string[])[0] ?? "", frames };
}

const isWorth = (text: string, target: number): boolean => {
  const value = evaluate(text)?.value;
  return value !== undefined && value.numerator === BigInt(target) * value.denominator;
};

describe("an episode", () => {
  const problem = problemOf(arithmetic, 0, 4, 2);

  it("asks the item of that number and pays 1 for its gold answer, however it is written", async () => {
    for (const reply of [problem.gold, `The answer is $${problem.gold}.00$.`, `\\boxed{${problem.gold}}`]) {
      const { question, frames } = await play([reply]);
      expect(question).toBe(problem.question);
      expect([frames[0]?.rewards[0], frames[0]?.terminated[0]]).toEqual([1, 1]);
    }
  });

  it.each(["no idea", "", "<think>still thinking", "-99999"])("pays 0 for %j", async (reply) => {
    const { frames } = await play([reply]);
    expect([frames[0]?.rewards[0], frames[0]?.terminated[0], frames[0]?.status[0]]).toEqual([0, 1, 0]);
  });

  it("adds up the parts by name and weight, and reports each apart", async () => {
    const params = {
      format: "think-answer",
      weights: { accuracy: 1, format: 0.5, language: 0.25, length: 2 },
      freeLength: 10,
      maxLength: 1010,
    };
    const reply = `<think>эти words</think><answer>${problem.gold}</answer>`;
    const { frames, question } = await play([reply], params);
    const length = -(reply.length - 10) / 1000;
    const parts = Object.fromEntries(
      Object.entries(frames[0]?.parts ?? {}).map(([name, column]) => [name, Number(column[0])]),
    );
    expect(parts["accuracy"]).toBe(1);
    expect(parts["format"]).toBe(1);
    expect(parts["language"]).toBeCloseTo(0.5, 6);
    expect(parts["length"]).toBeCloseTo(length, 6);
    expect(frames[0]?.rewards[0]).toBeCloseTo(1 + 0.5 + 0.125 + 2 * length, 6);
    expect(question).toContain("between <think> and </think>");
  });

  it("takes an answer only from where the format wants it", async () => {
    expect((await play([`<answer>${problem.gold}</answer>`], { format: "answer" })).frames[0]?.rewards[0]).toBe(1);
    expect((await play([problem.gold], { format: "answer" })).frames[0]?.rewards[0]).toBe(0);
    expect((await play([`so ${problem.gold}`], { format: "boxed" })).frames[0]?.rewards[0]).toBe(0);
  });

  it("lets a wrong answer be tried again, pays once at the end and less for each reply before", async () => {
    const { frames } = await play(["-5", "no", problem.gold], { turns: 3, turnDiscount: 0.5, weights: { format: 1 } });
    expect(frames.map(({ rewards }) => rewards[0])).toEqual([0, 0, 1 + 0.25]);
    expect(frames.map(({ terminated }) => terminated[0])).toEqual([0, 0, 1]);
    expect((frames[0]?.observations as string[])[0]).toBe("-5 is not right. 2 attempts are left.");
  });

  it("ends with the last turn, right or wrong", async () => {
    const { frames } = await play(["-5", "-6"], { turns: 2 });
    expect(frames.map(({ terminated }) => terminated[0])).toEqual([0, 1]);
  });

  it("of countdown takes any expression of the numbers with the right value, and no other", async () => {
    const env = await client.make("math-v0", {
      num: 1,
      seed: 3,
      params: { tasks: ["countdown"], format: "answer" },
      autoreset: "disabled",
    });
    const { observations } = await env.reset({ options: [{ item: 0, difficulty: 1 }] });
    const [a = 0, b = 0, target = 0] = ((observations as string[])[0] ?? "").match(/\d+/g)?.map(Number) ?? [];
    const right = ["+", "-", "*", "/"]
      .flatMap((o) => [`${a} ${o} ${b}`, `${b} ${o} ${a}`])
      .find((text) => isWorth(text, target));
    for (const [reply, reward] of [
      [`<answer>${String(right)}</answer>`, 1],
      [`<answer>${target}</answer>`, 0],
      [`<answer>${a}</answer> <answer>${String(right)}</answer>`, 1],
    ] as const) {
      await env.reset({ options: [{ item: 0, difficulty: 1 }] });
      expect((await env.step([reply])).rewards[0]).toBe(reward);
    }
    await env.close();
  });
});

describe("a group", () => {
  it("of 8 rows reset with one seed gets one and the same question", async () => {
    const env = await client.make("math-v0", { num: 8, params: { tasks: ["fractions"] } });
    const { observations } = await env.reset({ seeds: new Array<number>(8).fill(77) });
    expect(new Set(observations as string[]).size).toBe(1);
    await env.close();
  });
});

describe("a split", () => {
  it("keeps test questions out of training: over 600 drawn there is no common one, and about one in ten is a test question", async () => {
    const ask = async (split: string) => {
      const env = await client.make("math-v0", { num: 300, seed: 5, params: { split, maxDifficulty: 2 } });
      const { observations } = await env.reset();
      await env.close();
      return new Set(observations as string[]);
    };
    const [train, test] = [await ask("train"), await ask("test")];
    expect([...test].filter((question) => train.has(question))).toEqual([]);
    expect(test.size).toBeGreaterThan(200);
  });
});

describe("options of a reset", () => {
  it.each([
    [{ item: -1 }, /item: expected an integer in 0 \.\. /],
    [{ item: 1.5 }, /item: expected an integer/],
    [{ difficulty: 11 }, /difficulty: expected an integer in 1 \.\. 10/],
    [{ task: "geometry" }, /task: expected one of arithmetic, fractions/],
    [{ items: 1 }, /items: expected item, task or difficulty/],
    [[], /expected an object/],
  ])("%j is refused by name", (options, message) => {
    const tasks = TASKS.slice(0, 2);
    const source = generated({ tasks, minDifficulty: 1, maxDifficulty: 2, seed: 0, split: "all" });
    expect(() => source.problem(new Rng(0), readAsked(options))).toThrow(message);
  });

  it("that are wrong cost the row its episode, without a word about its answer", async () => {
    const env = await client.make("math-v0", { num: 2, autoreset: "disabled" });
    const { status, errors } = await env.reset({ options: [{ item: -1 }, { item: 4 }] });
    expect([...status]).toEqual([2, 1]);
    expect(errors).toMatchObject([{ index: 0, code: "BAD_OPTIONS" }]);
    await env.close();
  });

  it("ask for an item of the split only", () => {
    const question = (split: "train" | "test", item: number): string | undefined => {
      const source = generated({ tasks: TASKS.slice(0, 1), minDifficulty: 1, maxDifficulty: 1, seed: 0, split });
      try {
        return source.problem(new Rng(0), { item }).question;
      } catch (error) {
        expect(String(error)).toMatch(/item: expected an item of the (train|test) split/);
        return undefined;
      }
    };
    for (let item = 0; item < 50; item++)
      expect([question("train", item), question("test", item)].filter((found) => found !== undefined)).toHaveLength(1);
  });

  it("choose the family", async () => {
    const { question } = await play(
      [],
      { tasks: ["arithmetic", "fractions"] },
      { task: "fractions", item: 2, difficulty: 1 },
    );
    expect(question).toBe(problemOf(fractions, 0, 2, 1).question);
  });
});

describe("a data set", () => {
  const write = (lines: readonly object[]): void => {
    writeFileSync(join(folder, "set.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  };
  const params = (more: object = {}): MakeOptions["params"] => ({ folder, file: "set.jsonl", ...more });

  it.each([
    ["GSM8K", { question: "How many?", answer: "3 and 4 make <<3+4=7>>7\n#### 7" }, "How many?", "7"],
    [
      "MATH",
      { problem: "Find $x$.", solution: "So $x = \\boxed{\\frac{1}{2}}$.", type: "Algebra", level: "Level 1" },
      "Find $x$.",
      "0.5",
    ],
    ["AIME", { Problem: "Find it.", Answer: 204, ID: "2024-I-1" }, "Find it.", "204"],
    [
      "DAPO",
      {
        prompt: [{ role: "user", content: "Solve it." }],
        reward_model: { ground_truth: "34", style: "rule" },
        data_source: "math_dapo",
      },
      "Solve it.",
      "34",
    ],
  ])("as %s publishes it is understood by itself", async (_, row, asked, right) => {
    write([row]);
    const { question, frames } = await play([right], params(), {});
    expect([question, frames[0]?.rewards[0]]).toEqual([asked, 1]);
    expect((await play(["12345"], params(), {})).frames[0]?.rewards[0]).toBe(0);
  });

  it("of no published shape is read by the columns named", async () => {
    write([{ q: { text: "2+2?" }, golds: ["4"] }]);
    await expect(play([], params(), {})).rejects.toThrow(
      /param shape: expected rows as GSM8K, MATH, AIME or DAPO publish them/,
    );
    const fields = { question: "q.text", answer: "golds.0" };
    expect((await play(["4"], params({ shape: "fields", fields }), {})).frames[0]?.rewards[0]).toBe(1);
  });

  it("with broken gold answers is refused with their ids, or played without them", async () => {
    write([
      { id: "good", problem: "1+1?", answer: "2" },
      { id: "broken", problem: "?", answer: "\\frac{1}{" },
    ]);
    await expect(play([], params({ shape: "aime" }), {})).rejects.toThrow(
      /bad-gold: expected gold answers that the verifier can read, got .*broken/,
    );
    expect((await play([], params({ shape: "aime", badGold: "skip" }), {})).question).toBe("1+1?");
  });

  it("without an answer in a row is refused with the row", async () => {
    write([{ question: "1+1?", answer: "#### 2" }, { question: "2+2?" }]);
    await expect(play([], params(), {})).rejects.toThrow(/line 2: expected an answer in answer/);
  });

  it.skipIf(missingData("gsm8k_test.jsonl"))(
    `GSM8K: all 1,319 test problems load and their gold answers are paid ${missingData("gsm8k_test.jsonl") ?? ""}`,
    async () => {
      const file = dataFile("gsm8k_test.jsonl");
      const { question, frames } = await play(
        ["#### 18"],
        { folder: join(file, ".."), file: "gsm8k_test.jsonl" },
        { item: 0 },
      );
      expect(question).toContain("ducks");
      expect(frames[0]?.rewards[0]).toBe(1);
    },
  );
});

describe("what only the operator sets", () => {
  it.each(["file", "hub", "hubUrl", "folder", "engine", "badGold", "shape", "fields"])(
    "%s is named as such",
    async (param) => {
      const info = (await client.envs()).find(({ id }) => id === "math-v0");
      expect(info?.params[param]).toMatchObject({ operator: true });
    },
  );
});
