/** code-v0: problems, verdicts, feedback, data sets; and the sixty shipped problems in both languages. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Client, MakeOptions } from "dojang/client";
import { local } from "dojang/client/local";
import { resolveParams, Rng } from "dojang/env";
import { checkSuite, createCodeRunner } from "dojang/verify";
import { buildRules } from "../../../src/env/define.ts";
import code from "../../../envs/code/index.ts";
import { LANGUAGES, shippedProblems } from "../../../envs/code/problems.ts";
import { codeOf, sourceOf } from "../../../envs/code/reply.ts";

let client: Client;
let folder: string;

beforeEach(() => {
  client = local();
  folder = mkdtempSync(join(tmpdir(), "dojang-code-"));
});
afterEach(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

async function play(replies: readonly string[], params: MakeOptions["params"] = {}, item = 0) {
  const env = await client.make("code-v0", { num: 1, seed: 1, autoreset: "disabled", params: { ...params } });
  const { observations } = await env.reset({ options: [{ item }] });
  const frames = [];
  for (const reply of replies) frames.push(await env.step([reply]));
  await env.close();
  return { prompt: (observations as string[])[0] ?? "", frames };
}

const RIGHT = "function sumOfDigits(n) { return [...String(n)].reduce((sum, d) => sum + Number(d), 0); }";
/** Right for the public tests 123 and 0, and wrong for others. */
const HALF = "function sumOfDigits(n) { return n === 123 ? 6 : n === 0 ? 0 : -1; }";

describe("an episode", () => {
  it("asks for a function with examples, and pays 1 for code that passes every test", async () => {
    const { prompt, frames } = await play([`Here it is:\n\`\`\`js\n${RIGHT}\n\`\`\`\nDone.`]);
    expect(prompt).toContain("Write a JavaScript function sumOfDigits(n).");
    expect(prompt).toContain("sumOfDigits(123) -> 6");
    expect([frames[0]?.rewards[0], frames[0]?.terminated[0]]).toEqual([1, 1]);
  });

  it.each([
    ["that passes the public tests only", HALF],
    ["that is none", "I do not know."],
    ["that is empty", ""],
    ["that loops for ever", "function sumOfDigits(n) { for (;;); }"],
  ])("pays 0 for code %s", async (_, reply) => {
    const { frames } = await play([reply], { limits: { cpuMs: 300, wallMs: 3_000 } });
    expect([frames[0]?.rewards[0], frames[0]?.status[0]]).toEqual([0, 0]);
  });

  it("pays the share of tests with reward fraction, and reports it as a part in any case", async () => {
    const { frames } = await play([HALF], { reward: "fraction" });
    expect(frames[0]?.rewards[0]).toBeCloseTo(2 / 7, 6);
    expect(Number((await play([HALF])).frames[0]?.parts?.["tests"]?.[0])).toBeCloseTo(2 / 7, 6);
  });

  it("tells after a wrong reply what the public tests made of it, nothing of hidden ones, and pays at the end", async () => {
    const wrong = "function sumOfDigits(n) { console.log('seen', n); return n; }";
    const { frames } = await play([wrong, HALF, RIGHT], { turns: 3, turnDiscount: 0.5 });
    const [first = "", second = ""] = frames.map(({ observations }) => (observations as string[])[0] ?? "");
    expect(first).toContain("1 of 2 public tests pass.");
    expect(first).toContain("Test 1: fail");
    expect(first).toContain("2 attempts are left.");
    expect(first).not.toContain("99999");
    expect(second).toContain("2 of 2 public tests pass, but hidden ones do not.");
    expect(frames.map(({ rewards }) => rewards[0])).toEqual([0, 0, 0.25]);
  });

  it("has as many rows under way as the machine has cores, and gives up a row that nobody waits for any more", async () => {
    const env = await buildRules(code, resolveParams(code, {}), { log: () => undefined });
    const state = env.reset(new Rng(1), { item: 0 });
    const step = env.step(state, RIGHT, new Rng(1), { signal: AbortSignal.abort() });
    await expect(step).rejects.toMatchObject({ code: "CANCELLED" });
    expect(env.maxConcurrent).toBe(availableParallelism());
    await env.close?.();
  });

  it("refuses an item that is not there", async () => {
    const env = await client.make("code-v0", { num: 1, autoreset: "disabled" });
    expect((await env.reset({ options: [{ item: 60 }] })).errors).toMatchObject([{ code: "BAD_OPTIONS" }]);
    await env.close();
  });
});

describe("the shipped problems", () => {
  it.each(LANGUAGES)(
    "are sixty in %s, twenty of each difficulty; every reference passes and every empty stub fails",
    { timeout: 120_000 },
    async (language) => {
      const problems = shippedProblems(language);
      expect([1, 2, 3].map((level) => problems.filter(({ difficulty }) => difficulty === level).length)).toEqual([
        20, 20, 20,
      ]);
      const runner = createCodeRunner();
      try {
        expect(await checkSuite(problems, runner)).toEqual({
          exercises: 60,
          references: 60,
          passed: 60,
          stubs: 0,
          faults: [],
        });
      } finally {
        await runner.close();
      }
    },
  );
});

describe("the code of a reply", () => {
  it.each([
    ["```python\na\n```\ntext\n```python\nb\n```", "b"],
    ["```js\na\n```\n```python\nb\n```\n```\nc\n```", "b"],
    ["```\na\n```", "a"],
    ["```js\na\n```", "```js\na\n```"],
    ["<think>```python\na\n```</think>b", "b"],
    ["plain", "plain"],
    ["```python\ncut off", "```python\ncut off"],
  ])("%j for Python is %j", (reply, code) => {
    expect(codeOf(reply, "python")).toBe(code);
  });

  it("continues the head of a task, or replaces its function and keeps what stands before it", () => {
    const task = { id: "t", language: "python", prompt: "", entryPoint: "f", head: "import os\n\ndef f(x):\n", publicTests: [], hiddenTests: [] } as const; // prettier-ignore
    expect(sourceOf(task, "    return x")).toBe("import os\n\ndef f(x):\n    return x");
    expect(sourceOf(task, "def f(x):\n    return 1")).toBe("import os\n\n\ndef f(x):\n    return 1");
  });
});

describe("a data set", () => {
  const own = { id: "one", language: "javascript", prompt: "Give 2.", entryPoint: "two", publicTests: [{ args: [], expected: 2 }], reference: "const two = () => 2;" }; // prettier-ignore
  const write = (rows: readonly object[]): MakeOptions["params"] => {
    writeFileSync(join(folder, "set.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    return { folder, file: "set.jsonl" };
  };

  it("of Dojang's own shape is played", async () => {
    const { prompt, frames } = await play(["function two() { return 2; }"], write([own]));
    expect([prompt, frames[0]?.rewards[0]]).toEqual(["Give 2.", 1]);
  });

  it.each([
    [[{ ...own, reference: "const two = () => 3;" }], /1 of 1 exercises that do not hold: one/],
    [[{ ...own, publicTests: [] }], /do not hold: one/],
    [[{ ...own, prompt: 1 }], /line 1: prompt\. Expected a text|line 1: prompt: expected a text/],
    [[{ foo: 1 }], /param shape: expected rows as HumanEval/],
  ])("that does not hold is refused before the first episode (%#)", async (rows, message) => {
    await expect(play([], write(rows))).rejects.toThrow(message);
  });

  it("can be played without its bad exercises", async () => {
    const rows = [own, { ...own, id: "bad", reference: "const two = () => 3;" }];
    await expect(play([], { ...write(rows), badExercises: "skip" }, 1)).resolves.toMatchObject({ prompt: "" });
    expect((await play([], { ...write(rows), badExercises: "skip" }, 0)).prompt).toBe("Give 2.");
  });
});
