/** Both ends at once: a stage's policy behind `dojang serve-policy`, played by `dojang eval llm`, scores what its checkpoint scores, answer for answer. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openR1Policy, rngFor } from "dojang/agents";
import { episodeSeed, Rng } from "dojang/env";
import { answersOf, greedyScore } from "../../../agents/text/evaluate-text.ts";
import { generate } from "../../../agents/text/generate.ts";
import { answerIn } from "../../../agents/text/r1/demonstrations.ts";
import { call, lastLine, wrong } from "../../cli/call.ts";
import { startJson, type Running } from "../../cli/user-folder.ts";
import { makeFolder, removeFolder, tempDir } from "../../support/temp.ts";
import { makeRun, PARAMS, PROBLEMS, prompts, SEED, seedOf, withEnv } from "./served-run.ts";

let run: string;
beforeAll(async () => {
  run = makeFolder();
  await makeRun(run);
}, 300_000);
afterAll(() => removeFolder(run));

interface Line {
  readonly problem: number;
  readonly sample: number;
  readonly right: boolean;
  readonly messages: readonly { readonly content: string }[];
}

/** `dojang serve-policy` of the run, in a process of its own. */
async function served(...args: readonly string[]): Promise<Running & { readonly url: string }> {
  const server = startJson(tempDir(), "serve-policy", run, "--port", "0", "--model", "adder", ...args);
  return { ...server, ...(await server.line<{ url: string }>(() => true)) };
}

/** Scores and lines of `dojang eval llm`. */
async function evaluated(url: string, ...args: readonly string[]) {
  const out = join(tempDir(), "out");
  const params = Object.entries(PARAMS).flatMap(([name, value]) => ["--param", `${name}=${Array.isArray(value) ? JSON.stringify(value) : value}`]); // prettier-ignore
  const done = await call("eval", "llm", "math-v0", "--base-url", url, "--model", "adder", ...params, "--episodes", String(PROBLEMS), "--seed", String(SEED), "--out", out, "--json", ...args); // prettier-ignore
  expect(done).toMatchObject({ code: 0 });
  const lines = readFileSync(join(out, "answers.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Line); // prettier-ignore
  lines.sort((a, b) => a.problem - b.problem || a.sample - b.sample);
  const { pass1 } = lastLine(done) as { pass1: object };
  return {
    pass1,
    right: lines.map(({ right }) => right),
    replies: lines.map(({ messages }) => messages.at(-1)!.content),
  };
}

describe("eval llm against serve-policy", () => {
  it("at temperature 0 gives the pass@1 of the checkpoint and its very answers, over chat, streams and completions", async () => {
    const { text, stop, maxTokens, stage } = await openR1Policy(run);
    expect([stage, maxTokens]).toEqual(["4-sft", 12]);
    const options = {
      problems: PROBLEMS,
      samples: 1,
      seedOf,
      temperature: 0,
      maxTokens,
      stop,
      rng: new Rng(1),
      answerOf: answerIn,
    };
    const checkpoint = await withEnv((env) => answersOf(env, text, options));
    const score = greedyScore(checkpoint);
    expect(score.mean).toBeGreaterThan(0.2);
    expect(score.mean).toBeLessThan(1);
    const server = await served();
    for (const more of [[], ["--stream"], ["--api", "completions", "--concurrency", "3"]]) {
      const through = await evaluated(server.url, "--temperature", "0", ...more);
      expect(through.pass1).toEqual(score);
      expect(through.replies).toEqual(checkpoint.map(({ replies: [reply] }) => reply));
      expect(through.right).toEqual(checkpoint.map(({ right: [right] }) => right === 1));
    }
    server.child.kill("SIGTERM");
    expect(await server.end()).toMatchObject({ status: 0 });
  }, 120_000);

  it("at temperature 1 gives the very answers that the checkpoint draws with the seeds of the requests", async () => {
    const { text, stop, maxTokens } = await openR1Policy(run);
    const server = await served();
    const { replies } = await evaluated(server.url, "--temperature", "1", "--samples", "3");
    const asked = await prompts();
    const expected = asked.flatMap((prompt, problem) =>
      [0, 1, 2].map((sample) => {
        const seed = episodeSeed(episodeSeed(SEED, 1, problem), sample, 0) % 2 ** 31;
        return generate(text, [prompt], { maxTokens, stop, rng: rngFor(seed, "answer 0") })[0]!.text;
      }),
    );
    expect(replies).toEqual(expected);
    expect(new Set(replies).size).toBeGreaterThan(PROBLEMS);
  }, 120_000);
});

describe("serve-policy", () => {
  it("tells in one line what is no run, no stage, or no policy of this version", async () => {
    expect(await call("serve-policy", run, "--stage", "5-grop")).toEqual(wrong('stage: expected one that is done: 4-sft, got "5-grop"')); // prettier-ignore
    expect((await call("serve-policy", run, "--limit", "maxWating=3")).stderr).toContain("Did you mean maxWaiting?");
    const empty = tempDir();
    expect(await call("serve-policy", empty)).toEqual(
      wrong(
        `${empty}: expected a run of r1, with r1.json, got "none". Give the folder that \`dojang train r1\` wrote.`,
      ),
    );
    const told = async (file: string, text: string): Promise<string> => {
      writeFileSync(join(empty, file), text);
      return (await call("serve-policy", empty)).stderr;
    };
    expect(await told("r1.json", '{"seed": 1, "set')).toContain('r1.json: expected JSON, as `dojang train r1` wrote it, got "{\\"seed\\": 1, \\"set"'); // prettier-ignore
    expect(await told("r1.json", "{}")).toContain(
      "r1.json: expected seed and settings as `dojang train r1` wrote them. Write back",
    );
    expect(await told("r1.json", '{"seed": 1, "settings": {}}')).toContain(
      `${empty}: expected a run of r1, with vocabulary.json, got "none". \`dojang train r1 --resume --out ${empty}\` adds it`,
    );
    expect(await told("vocabulary.json", "{}")).toContain("vocabulary.json: expected phrases, stop and answerTokens");
    expect(await told("vocabulary.json", "{")).toContain("vocabulary.json: expected JSON, as `dojang train r1` wrote it, got \"{\". Remove it"); // prettier-ignore
    expect(await call("serve-policy", run, "--host", "0.0.0.0")).toEqual(
      wrong("host 0.0.0.0: expected a token file for any address but loopback. Add --token-file FILE, or listen on 127.0.0.1."), // prettier-ignore
    );
  });
});
