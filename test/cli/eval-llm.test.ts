/** `dojang eval llm` against an endpoint that answers: what is asked, counted, kept and told. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { runCli } from "../support/cli.ts";
import { call, lastLine, wrong } from "./call.ts";
import { evaluate, linesOf, newOut } from "./evaluate.ts";
import { chat, fakeEndpoint, lastOf, send, sum } from "./fake-endpoint.ts";
import { startServer, userFolder } from "./user-folder.ts";

describe("dojang eval llm", () => {
  it("plays 6 problems x 4 samples: shares, tokens, cost, one line an episode, samples to read", async () => {
    // Problem by problem, each second sample is wrong.
    const seen = new Map<string, number>();
    const endpoint = await fakeEndpoint((asked, response) => {
      const times = (seen.get(lastOf(asked)) ?? 0) + 1;
      seen.set(lastOf(asked), times);
      chat(response, times % 2 === 1 ? sum(asked) : "<think></think><answer>0</answer>");
    });
    const out = newOut();
    const prices = [
      "--price-in",
      "2",
      "--price-out",
      "10",
      "--temperature",
      "0.5",
      "--max-tokens",
      "99",
      "--top-p",
      "0.9",
    ];
    const done = await evaluate(endpoint, out, "--episodes", "6", "--samples", "4", "--concurrency", "1", "--json", "--system", "Add.", ...prices); // prettier-ignore
    expect(done.code).toBe(0);
    expect(lastLine(done)).toMatchObject({
      ...{ problems: 6, samples: 4, episodes: 24, faults: 0, requests: 24, cut: 0, run: out },
      ...{ pass1: { mean: 0.5 }, passK: { mean: 1 }, majK: { mean: 0.5 } },
      ...{ tokens: { input: 240, output: 120, untold: 0 }, cost: (240 * 2 + 120 * 10) / 1e6 },
    });
    expect(endpoint.asked).toHaveLength(24);
    expect(seen.size).toBe(6);
    const { seed, ...body } = endpoint.asked[0]!.body;
    expect(body).toEqual({ model: "adder", messages: [{ role: "system", content: "Add." }, expect.objectContaining({ role: "user" })], temperature: 0.5, max_tokens: 99, top_p: 0.9 }); // prettier-ignore
    expect(seed).toBeTypeOf("number");
    expect(new Set(endpoint.asked.map((asked) => asked.body["seed"])).size).toBe(24);
    const lines = linesOf(out);
    expect(lines.map(({ problem, sample }) => 4 * problem + sample)).toEqual([...Array(24).keys()]);
    expect(lines[0]!.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
    expect(readFileSync(join(out, "samples.md"), "utf8")).toContain("### Sample 1: wrong, return 0");
    expect(readdirSync(out).sort()).toEqual(["answers.jsonl", "config.json", "result.json", "samples.md"]);
  });

  it("says the same to people: a table, what it cost, where it is", async () => {
    const endpoint = await fakeEndpoint((asked, response) => chat(response, sum(asked)));
    const out = newOut();
    const done = await evaluate(endpoint, out, "--episodes", "4");
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(
      /^adder on math-v0, seed 1\n +MEAN +95 % FROM +TO\npass@1 +100\.0 +51\.0 +100\.0\nmean return +1\.000/,
    );
    expect(done.stdout).toContain("of 4 problems x 1\n40 tokens in, 20 out\nseconds a reply: p50 ");
    expect(done.stdout).toContain(`figures: ${out}\n`);
  });

  it("plays an episode of several turns as one conversation", async () => {
    const endpoint = await fakeEndpoint((asked, response) =>
      chat(
        response,
        asked.body.messages?.length === 1 ? "<think></think><answer>0</answer>" : "<think></think><answer>1</answer>",
      ),
    );
    const out = newOut();
    const done = await evaluate(endpoint, out, "--episodes", "2", "--param", "turns=2", "--json");
    expect(lastLine(done)).toMatchObject({ episodes: 2, requests: 4, tokens: { input: 40, output: 20 } });
    const [line] = linesOf(out);
    expect(line!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(line!.messages[1]!.content).toContain("<answer>0</answer>");
  });

  it("asks the completions API with the plain text, and sends further fields as given", async () => {
    const endpoint = await fakeEndpoint((asked, response) => {
      send(response, 200, { choices: [{ index: 0, text: sum(asked), finish_reason: "stop" }] });
    });
    const request = '{"top_k": 5, "seed": null}';
    const done = await evaluate(endpoint, newOut(), "--episodes", "1", "--api", "completions", "--request", request, "--json"); // prettier-ignore
    expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, tokens: { input: 0, output: 0, untold: 1 } });
    expect(endpoint.asked[0]).toMatchObject({ path: "/v1/completions", body: { top_k: 5, prompt: expect.stringContaining("What is ") as string } }); // prettier-ignore
    expect(endpoint.asked[0]!.body).not.toHaveProperty("seed");
  });

  it("sends the key of the named variable, and none otherwise", async () => {
    const endpoint = await fakeEndpoint((asked, response) => chat(response, sum(asked)));
    process.env["A_KEY_OF_THIS_TEST"] = "sk-for-this-test";
    const out = newOut();
    await evaluate(endpoint, out, "--episodes", "1", "--api-key-env", "A_KEY_OF_THIS_TEST");
    delete process.env["A_KEY_OF_THIS_TEST"];
    expect(endpoint.asked[0]!.headers.authorization).toBe("Bearer sk-for-this-test");
    for (const name of readdirSync(out)) expect(readFileSync(join(out, name), "utf8")).not.toContain("sk-for-this");
    const unset = await evaluate(endpoint, newOut(), "--api-key-env", "A_KEY_OF_THIS_TEST");
    expect(unset).toEqual(wrong('--api-key-env: expected the name of a variable that holds the key, got "A_KEY_OF_THIS_TEST". It is not set.')); // prettier-ignore
  });

  it("plays item i of a table as problem i, up to the end of the table", async () => {
    const endpoint = await fakeEndpoint((_, response) => chat(response, "no code"));
    const out = newOut();
    const evaluateCode = (...args: string[]) =>
      call("eval", "llm", "code-v0", "--base-url", endpoint.url, "--model", "m", "--items", "--param", "minDifficulty=3", "--out", out, ...args); // prettier-ignore
    const done = await evaluateCode("--episodes", "3", "--json");
    expect(done.code).toBe(0);
    expect(new Set(endpoint.asked.map(lastOf)).size).toBe(3);
    const all = await evaluateCode("--episodes", "1000", "--resume", "--json");
    const { problems, faults } = lastLine(all) as { problems: number; faults: number };
    expect(all.code).toBe(0);
    expect([problems, faults]).toEqual([new Set(endpoint.asked.map(lastOf)).size, 0]);
    expect(problems).toBeGreaterThan(3);
    expect(all.stderr).toContain(`the table of code-v0 has no item ${problems}: the problems end there`);
  });
});

describe("a wrong call", () => {
  it.each([
    [
      ["math-v0", "--model", "m"],
      "--base-url: expected an OpenAI-compatible endpoint, got nothing. For instance http://127.0.0.1:8000/v1.",
    ],
    [
      ["--base-url", "http://h/v1", "--model", "m"],
      "dojang eval llm: expected ENV, got nothing. See `dojang eval --help`.",
    ],
    [
      ["math-v0", "--base-url", "http://h/v1"],
      "--model: expected the name of a model at the endpoint, got nothing. Its /models lists them.",
    ],
    [
      ["math-v0", "--base-url", "localhost:80"],
      '--base-url: expected an address such as http://127.0.0.1:8000/v1, got "localhost:80"',
    ],
    [["math-v0", "--price-in", "1"], "--price-out: expected the price beside --price-in, got nothing. Give both."],
    [["math-v0", "--request", "5"], '--request: expected a JSON object such as {"reasoning_effort": "low"}, got "5"'],
    [
      ["math-v0", "--request", '{"n": 2}'],
      '--request: expected no n, which this command sets itself, got "{\\"n\\": 2}"',
    ],
    [
      ["CartPole-v1", "--base-url", "http://h/v1", "--model", "m"],
      'ENV: expected an env whose observations and actions are texts, got "CartPole-v1: box(4) float32, discrete(2)"',
    ],
  ])("%j is answered in one line", async (args, message) => {
    const out = newOut();
    expect(await call("eval", "llm", ...args, "--out", out)).toEqual(wrong(message));
    expect(existsSync(out)).toBe(false);
  });

  it("of `eval RUN` with an env is refused", async () => {
    expect(await call("eval", "a-run", "math-v0")).toEqual(
      wrong('dojang eval: expected RUN alone: it has its env, got "math-v0". Leave it out.'),
    );
  });
});

it("plays on a server whose token may choose seeds, and is told what another one lacks", async () => {
  const endpoint = await fakeEndpoint((asked, response) => chat(response, sum(asked)));
  const folder = userFolder();
  const tokens = ["a-token-that-may-choose", "a-token-that-may-not-"] as const;
  writeFileSync(join(folder, "tokens.txt"), `${tokens[0]} step,seeds\n${tokens[1]} step\n`);
  for (const [i, token] of tokens.entries()) writeFileSync(join(folder, `token${i}.txt`), token);
  const server = await startServer(folder, "--token-file", "tokens.txt");
  const play = (i: number) =>
    evaluate(endpoint, join(folder, `out${i}`), "--episodes", "5", "--server", server.url, "--token-file", join(folder, `token${i}.txt`), "--json"); // prettier-ignore
  expect(lastLine(await play(0))).toMatchObject({ pass1: { mean: 1 }, episodes: 5 });
  const refused = await play(1);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("capability `seeds`")]);
});

it("says in one line what to install where the package openai is not", async () => {
  const hook = `import { registerHooks } from "node:module"; registerHooks({ resolve(name, context, next) { if (name === "openai") throw Object.assign(new Error("no"), { code: "ERR_MODULE_NOT_FOUND" }); return next(name, context); } });`; // prettier-ignore
  const options = { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` } };
  const done = await runCli(["eval", "llm", "math-v0", "--base-url", "http://127.0.0.1:9/v1", "--model", "m"], options);
  expect(done).toMatchObject({
    ...{ code: 2, stdout: "" },
    stderr:
      'dojang: eval llm: expected the package openai, which speaks to endpoints, got "none". Run `npm install openai@7`.\n',
  });
});
