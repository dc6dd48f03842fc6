/** `dojang eval llm` against endpoints and envs that fail: what is asked again, what counts as a fault, what ends the run. */
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { failureOfRequest } from "../../src/cli/llm/failure.ts";
import { freePort } from "../support/free-port.ts";
import { call, lastLine, type CallResult } from "./call.ts";
import { evaluate, linesOf, newOut } from "./evaluate.ts";
import { chat, error, fakeEndpoint, lastOf, send, sum } from "./fake-endpoint.ts";
import { userFolder } from "./user-folder.ts";

/** A header that keeps the waits of a test short. */
const AT_ONCE = { "retry-after-ms": "1" };

/** Answers each problem badly once, the first that comes in the first way and so on, and then as it should. */
function failingOnce(bad: readonly ((response: ServerResponse) => void)[], good: Parameters<typeof fakeEndpoint>[0]) {
  const seen = new Set<string>();
  return fakeEndpoint((asked, response) => {
    const fail = seen.has(lastOf(asked)) ? undefined : bad[seen.size];
    seen.add(lastOf(asked));
    if (fail === undefined) good(asked, response);
    else fail(response);
  });
}

/** The lines about requests that are sent again, sorted. */
const toldBy = ({ stderr }: CallResult): string[] =>
  stderr.split("\n").filter((line) => line.includes("; request ")).sort(); // prettier-ignore

describe("a failing endpoint", () => {
  it("is asked again after HTTP 500, 429, a page for an answer, a refusal and an empty answer, one line each", async () => {
    const bad: readonly ((response: ServerResponse) => void)[] = [
      (response) => error(response, 500, "upstream\nbroke", AT_ONCE),
      (response) => error(response, 429, "slow down", { "retry-after": "0" }),
      (response) => void response.writeHead(200, { "content-type": "application/json" }).end("<html>"),
      (response) => send(response, 200, null),
      (response) => chat(response, null, { refusal: "I would rather not." }),
      (response) => send(response, 200, { choices: [] }),
      (response) => chat(response, null, { finish_reason: "content_filter" }),
      (response) => void response.destroy(),
      (response) => send(response, 200, { error: { message: "model overloaded" } }),
    ];
    const endpoint = await failingOnce(bad, (asked, response) => chat(response, sum(asked)));
    const done = await evaluate(endpoint, newOut(), "--episodes", "9", "--concurrency", "9", "--json");
    expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, faults: 0, requests: 18 });
    expect(toldBy(done)).toEqual([
      expect.stringMatching(/^Connection error.*; request 2 of 6 in 0\.\d s$/),
      expect.stringMatching(/^HTTP 429 slow down; request 2 of 6 in 0\.0 s$/),
      expect.stringMatching(/^HTTP 500 upstream broke; request 2 of 6 in 0\.0 s$/),
      expect.stringMatching(/^an answer that is not JSON: /),
      expect.stringMatching(/^an answer that is not whole: it has no finish_reason; request 2/),
      expect.stringMatching(/^an answer that is not whole: it has no finish_reason; request 2/),
      expect.stringMatching(/^model overloaded; request 2/),
      expect.stringMatching(/^refused: I would rather not\.; request 2/),
      expect.stringMatching(/^the endpoint's filter withheld the answer; request 2/),
    ]);
  });

  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after-ms": "30", "retry-after": "7" }, 30],
    [{ "retry-after": "99999" }, 600_000],
    [{ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("that asks for patience by %j is left alone for %s ms", (headers, waitMs) => {
    const thrown = { status: 429, message: "429 slow down", headers: new Headers(headers) };
    expect(failureOfRequest(thrown)).toMatchObject({ remedy: "again", waitMs, message: "HTTP 429 slow down" });
  });

  it("that never recovers counts as a fault, never as a wrong answer, and --resume asks for it alone", async () => {
    let broken = true;
    const endpoint = await fakeEndpoint((asked, response) => {
      if (broken && /What is \d*[02468] /.test(lastOf(asked))) error(response, 503, "overloaded", AT_ONCE);
      else chat(response, sum(asked));
    });
    const out = newOut();
    const done = await evaluate(endpoint, out, "--episodes", "20", "--retries", "1", "--json");
    const { faults, episodes, pass1, problems } = lastLine(done) as Record<string, number> & { pass1: object };
    expect(done.code).toBe(1);
    expect(faults).toBeGreaterThan(0);
    expect([episodes! + faults!, problems]).toEqual([20, episodes]);
    expect(pass1).toMatchObject({ mean: 1 });
    expect(done.stderr).toMatch(/^problem \d+, sample 0: HTTP 503 overloaded$/m);
    broken = false;
    const before = endpoint.asked.length;
    const again = await call("eval", "llm", "--resume", "--out", out, "--json");
    expect(again.code).toBe(0);
    expect(lastLine(again)).toMatchObject({ episodes: 20, faults: 0, pass1: { mean: 1 } });
    expect(endpoint.asked.length - before).toBe(faults);
  });

  it.each([
    [
      401,
      "Incorrect API key",
      /^dojang: http:\S+: HTTP 401 Incorrect API key\. Name the variable that holds its key by --api-key-env\.$/,
    ],
    [
      404,
      "no such model",
      /^dojang: http:\S+: HTTP 404 no such model\. Check --base-url, which ends with \/v1 as a rule, and --model \(adder\)\.$/,
    ],
    [400, "no seed here", /^dojang: http:\S+: HTTP 400 no seed here\. The endpoint takes other requests: /],
  ])("that answers %s is asked once, and the run ends with one line", async (status, message, told) => {
    const endpoint = await fakeEndpoint((_, response) => error(response, status, message));
    const done = await evaluate(endpoint, newOut(), "--concurrency", "1");
    expect([done.code, done.stdout]).toEqual([2, ""]);
    expect(done.stderr.trimEnd().split("\n").at(-1)).toMatch(told);
    expect(endpoint.asked).toHaveLength(1);
  });

  it("that nobody serves is told at once, in one line", async () => {
    const url = `http://127.0.0.1:${await freePort()}/v1`;
    const done = await evaluate({ url }, newOut(), "--concurrency", "1");
    expect(done.code).toBe(1);
    expect(done.stderr.trimEnd().split("\n").at(-1)).toBe(`dojang: ${url}: expected an endpoint there, got no answer (ECONNREFUSED)`); // prettier-ignore
  });

  it("that dies under way is given up after 3 failed episodes in a row, and what was answered is kept", async () => {
    const endpoint = await fakeEndpoint((asked, response) =>
      asked.before < 5 ? chat(response, sum(asked)) : void response.destroy(),
    );
    const out = newOut();
    const done = await evaluate(endpoint, out, "--concurrency", "1", "--retries", "0");
    expect(done.code).toBe(1);
    expect(endpoint.asked).toHaveLength(8);
    expect(done.stderr).toContain(`5 episodes are kept; go on with: `);
    expect(linesOf(out)).toHaveLength(5);
  });

  it("that never answers, or stops in the middle of an answer, is left after --timeout-ms", async () => {
    const endpoint = await fakeEndpoint((asked, response) => {
      if (asked.before === 1) response.writeHead(200, { "content-type": "application/json" }).write('{"choices": [');
      else if (asked.before > 1) chat(response, sum(asked));
    });
    const done = await evaluate(endpoint, newOut(), "--episodes", "1", "--timeout-ms", "300", "--json");
    expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, requests: 3 });
    expect(done.stderr.match(/^no whole answer within 300 ms; request \d of 6/gm)).toHaveLength(2);
  }, 60_000);
});

describe("a stream", () => {
  const head = { "content-type": "text/event-stream" };
  const event = (data: unknown): string => `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
  const piece = (content: string, finish: string | null = null): string =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: finish }] });

  it("is put together, with its usage and the time to its first piece", async () => {
    const endpoint = await fakeEndpoint((asked, response) => {
      response.writeHead(200, head);
      for (const part of sum(asked).match(/.{1,5}/g) ?? []) response.write(piece(part));
      response.write(piece("", "stop"));
      response.write(event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } }));
      response.end(event("[DONE]"));
    });
    const done = await evaluate(endpoint, newOut(), "--episodes", "2", "--stream", "--json");
    expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, tokens: { input: 14, output: 6 }, first: { p50: expect.any(Number) as number } }); // prettier-ignore
    expect(endpoint.asked[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it("that is no JSON, ends too soon, tells of an error or hangs is asked for again", async () => {
    const written = [
      `${piece("<answer>")}data: {"choices": [\n\n`,
      piece("<answer>1"),
      event({ error: { message: "out of memory", type: "server_error" } }),
    ];
    const bad = [...written.map((text) => (response: ServerResponse) => void response.writeHead(200, head).end(text)), (response: ServerResponse) => void response.writeHead(200, head).write(piece("<answer>"))]; // prettier-ignore
    const endpoint = await failingOnce(bad, (asked, response) => {
      response.writeHead(200, head).end(piece(sum(asked)) + piece("", "stop") + event("[DONE]"));
    });
    const done = await evaluate(endpoint, newOut(), "--episodes", "4", "--concurrency", "4", "--stream", "--timeout-ms", "2000", "--json"); // prettier-ignore
    expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, requests: 8, faults: 0 });
    expect(toldBy(done)).toEqual([
      expect.stringMatching(/^an answer that is not JSON: /),
      expect.stringMatching(/^an answer that is not whole: /),
      expect.stringMatching(/^no whole answer within 2000 ms/),
      expect.stringMatching(/^out of memory/),
    ]);
  }, 60_000);
});

it("gives an env up whose episodes all fail, for replies cost", async () => {
  const endpoint = await fakeEndpoint((_, response) => chat(response, "x"));
  const folder = userFolder({
    "broken.ts": `import { defineEnv, rules, text } from "dojang/env";
      const words = text({ maxLength: 10 });
      export default defineEnv({ id: "Broken-v0", params: {}, build: () => rules({ action: words, observation: words, reset: () => 0,
        step: () => { throw new Error("this env\\nbreaks"); }, observe: () => "say x" }) });`,
  });
  const args = ["--base-url", endpoint.url, "--model", "m", "--concurrency", "2", "--out", join(folder, "out")];
  const done = await call("eval", "llm", join(folder, "broken.ts"), ...args);
  expect(done.code).toBe(1);
  expect(done.stderr.trimEnd().split("\n").at(-1)).toMatch(
    /^dojang: 6 episodes in a row failed, the last with: .*this env breaks/,
  );
  expect(endpoint.asked.length).toBeLessThanOrEqual(7);
});

it("counts a rejected request as one failed episode once any request has been answered, be it in the same episode", async () => {
  const endpoint = await fakeEndpoint((asked, response) =>
    asked.before === 1 ? error(response, 400, "context length exceeded") : chat(response, "x"),
  );
  const folder = userFolder({
    "turns.ts": `import { defineEnv, rules, text } from "dojang/env";
      const words = text({ maxLength: 10 });
      export default defineEnv({ id: "Turns-v0", params: {}, build: () => rules({ action: words, observation: words, reset: () => 0,
        step: (turn) => ({ state: turn + 1, reward: 1, terminated: turn === 1 }), observe: () => "say x" }) });`,
  });
  const args = ["--base-url", endpoint.url, "--model", "m", "--concurrency", "1", "--episodes", "3", "--out", join(folder, "out")]; // prettier-ignore
  const done = await call("eval", "llm", join(folder, "turns.ts"), ...args, "--json");
  expect(lastLine(done)).toMatchObject({ episodes: 2, faults: 1, pass1: { mean: 1 }, requests: 4 });
  expect(done.stderr).toContain("problem 0, sample 0: HTTP 400 context length exceeded");
});

it("plays on in the rows that are free while a step of another takes long", async () => {
  const endpoint = await fakeEndpoint((_, response) => chat(response, "x"));
  // The first step of all ends when five others have: whoever waited for it would wait for ever.
  const folder = userFolder({
    "slow.ts": `import { defineEnv, rules, text } from "dojang/env";
      const words = text({ maxLength: 10 });
      const others = Promise.withResolvers();
      let steps = 0;
      export default defineEnv({ id: "Slow-v0", params: {}, build: () => rules({ async: true, action: words, observation: words,
        reset: () => Promise.resolve(0), observe: () => "say x",
        async step(state) {
          if (++steps === 6) others.resolve(undefined);
          if (steps === 1) await others.promise;
          // A step that had to be sent again pays nothing.
          return { state, reward: steps > 6 ? 0 : 1, terminated: true };
        } }) });`,
  });
  const args = ["--base-url", endpoint.url, "--model", "m", "--concurrency", "2", "--episodes", "6", "--out", join(folder, "out")]; // prettier-ignore
  const done = await call("eval", "llm", join(folder, "slow.ts"), ...args, "--json");
  expect(lastLine(done)).toMatchObject({ pass1: { mean: 1 }, faults: 0, requests: 6 });
});
