/** What a served policy refuses, to whom, how much it takes at once, and how it ends. */
import { describe, expect, it } from "vitest";

import { makeToken } from "dojang/server";
import { policyApp } from "../../src/cli/policy-server/app.ts";
import { Engine } from "../../src/cli/policy-server/engine.ts";
import { POLICY_LIMITS, Served } from "../../src/cli/policy-server/served.ts";
import { gateOptions } from "../../src/server/gate.ts";
import { silentLogger } from "../../src/server/log.ts";
import { servePolicy } from "../../src/cli/policy-server/serve-policy.ts";
import { rawRequest } from "../support/raw-http.ts";
import { clientOf, failure, MODEL, policy, start } from "./policy-client.ts";
import { endlessPolicy } from "./small-policy.ts";

/** What a completion's reply is read for. */
interface Whole {
  readonly choices: readonly object[];
}

describe("a wrong request", () => {
  it.each([
    [{ prompt: "1+x" }, "prompt", 'prompt: tokenizer: character 3 of a text: expected one of the 13 phrases of the vocabulary, got "x"'],
    [{ prompt: "" }, "prompt", "prompt: expected a character or more, got none"],
    [{ prompt: "1".repeat(165) }, "prompt", "prompt: expected at most 164 characters, for the context has 41 tokens, got 165"],
    [{ prompt: [] }, "prompt", "prompt: expected 1 to 1024 prompts, got 0"],
    [{ prompt: [2, 99] }, "prompt", "prompt: expected tokens in 0..14, got 99"],
    [{ prompt: { a: 1 } }, "prompt", 'prompt: expected a text, a list of tokens, or a list of either, got {"a":1}'],
    [{ n: 0 }, "n", "n: expected an integer in 1..128, got 0"],
    [{ n: "2" }, "n", 'n: expected an integer in 1..128, got "2"'],
    [{ temperature: -1 }, "temperature", "temperature: expected a number in 0..2, got -1"],
    [{ top_p: 0 }, "top_p", "top_p: expected a number above 0 and up to 1, got 0"],
    [{ max_tokens: 1.5 }, "max_tokens", "max_tokens: expected an integer in 1..9007199254740991, got 1.5"],
    [{ max_tokens: 40 }, "max_tokens", "This model's context is 41 tokens, prompt and completion together: the prompt has 2, and max_tokens asks for 40 more."],
    [{ stop: [""] }, "stop", 'stop: expected a text, or up to 16, none of them empty, got [""]'],
    [{ seed: -1 }, "seed", "seed: expected an integer in 0..9007199254740991, got -1"],
    [{ echo: true }, "echo", "echo: expected false: this server does no more, got true"],
    [{ best_of: 5 }, "best_of", "best_of: expected 1 or 1: this server does no more, got 5"],
    [{ logit_bias: { 3: 1 } }, "logit_bias", 'logit_bias: expected {}: this server does no more, got {"3":1}'],
    [{ logprobs: true }, "logprobs", "logprobs: expected an integer in 0..20, got true"],
    [{ stream: "yes" }, "stream", 'stream: expected true or false, got "yes"'],
    [{ stream_options: { include_usage: true } }, "stream_options", 'stream_options: expected nothing unless stream is true, got {"include_usage":true}'],
    [{ temprature: 1 }, "temprature", "temprature: not a parameter of this endpoint. Did you mean temperature?"],
    [{ model: 7 }, "model", 'model: expected "small", got 7'],
  ])("%j gets 400, the field and one line", async (wrong, param, message) => {
    const client = clientOf(await start());
    const error = await failure(client.completions.create({ ...MODEL, prompt: "1+", ...(wrong as object) }));
    expect([error.status, error.param, error.type]).toEqual([400, param, "invalid_request_error"]);
    expect(error.message.slice(4, 4 + message.length)).toBe(message);
  }); // prettier-ignore

  it("for another model gets 404 and the name of the one that is served", async () => {
    const server = await start();
    const client = clientOf(server);
    const error = await failure(client.completions.create({ model: "gpt", prompt: "1" }));
    expect([error.status, error.code]).toEqual([404, "model_not_found"]);
    expect(error.message).toBe('404 The model "gpt" does not exist; this server has "small".');
    expect((await client.models.list()).data).toMatchObject([{ id: "small", object: "model", max_model_len: 41 }]);
    expect(await client.models.retrieve("small")).toMatchObject({ id: "small" });
    expect((await failure(client.models.retrieve("a/b"))).status).toBe(404);
    expect((await fetch(`${server.url}/models/%`)).status).toBe(404);
  });

  it("of another form, size or method is refused before it is read", async () => {
    const { url } = await start({ limits: { maxBody: 100 } });
    const post = async (body: string, type = "application/json", method = "POST", path = "/completions") => {
      const response = await fetch(`${url}${path}`, { method, headers: { "content-type": type }, ...(method === "POST" && { body }) }); // prettier-ignore
      const { error } = (await response.json()) as { error: { message: string } };
      return [response.status, error.message];
    };
    expect(await post("{")).toEqual([400, expect.stringMatching(/^The body is not JSON: /)]);
    expect(await post("[]")).toEqual([400, "The body is not a JSON object."]);
    expect(await post("a=b", "application/x-www-form-urlencoded")).toEqual([
      415,
      "Send content-type: application/json.",
    ]);
    expect(await post(JSON.stringify({ prompt: "1".repeat(100) }))).toEqual([413, "The body is larger than 100 bytes (maxBody)."]); // prettier-ignore
    expect(await post("", "application/json", "GET")).toEqual([405, "/v1/completions answers POST only."]);
    expect(await post("{}", "application/json", "POST", "/embeddings")).toEqual([404, expect.stringMatching(/^There is nothing here; /)]); // prettier-ignore
  });
});

describe("a request without a length", () => {
  it("is read where its body comes in chunks, and refused in one line where it has none", async () => {
    const { url } = await start();
    const ask = async (method: string, path: string, body?: ReadableStream) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}${path}`, { method, headers, ...(body && { body, duplex: "half" }) });
      return [response.status, await response.json()] as const;
    };
    const text = JSON.stringify({ ...MODEL, prompt: "1+", max_tokens: 2, temperature: 0 });
    const [status, answer] = await ask("POST", "/completions", new Blob([text]).stream());
    const whole = await (await fetch(`${url}/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: text })).json(); // prettier-ignore
    expect([status, (answer as Whole).choices]).toEqual([200, (whole as Whole).choices]);
    const [none, message] = await ask("POST", "/completions");
    expect([none, message]).toMatchObject([
      400,
      { error: { message: expect.stringMatching(/^The body is not JSON/) as string } },
    ]);
    expect((await ask("DELETE", "/models/small"))[0]).toBe(405);
    expect((await ask("PUT", "/nowhere"))[0]).toBe(404);
  });
});

describe("the door", () => {
  it("wants a token where there are any, except for /health, and tells OpenAI's client so", async () => {
    const server = await start({ tokens: [makeToken("a-token-of-this-test")] });
    const error = await failure(clientOf(server).models.list());
    expect([error.status, error.code, error.message]).toEqual([401, "invalid_api_key", "401 The token is not known."]);
    expect((await clientOf(server, { apiKey: "a-token-of-this-test" }).models.list()).data).toHaveLength(1);
    expect((await fetch(new URL("/health", server.url))).status).toBe(200);
  });

  it("is closed to names that are not this machine's and to pages of other origins", async () => {
    const { port } = new URL((await start()).url);
    const ask = (...headers: string[]) => rawRequest(Number(port), ["GET /v1/models HTTP/1.1", ...headers]);
    expect((await ask("Host: evil.example")).status).toBe(403);
    expect((await ask("Host: localhost", "Origin: http://evil.example")).status).toBe(403);
    expect(await ask("Host: localhost")).toMatchObject({ status: 200, headers: { "x-content-type-options": "nosniff", "cache-control": "no-store" } }); // prettier-ignore
  });

  it("opens to no address but loopback without a token", async () => {
    await expect(servePolicy({ policy, name: "small", host: "0.0.0.0", port: 0 })).rejects.toThrow("expected a token file for any address but loopback"); // prettier-ignore
  });

  it("answers 429 and when to come again while too many answers wait, and 400 to what could never wait", async () => {
    const long = endlessPolicy(20_000);
    const server = await start({ policy: long, limits: { maxBatch: 1, maxWaiting: 2 } });
    const client = clientOf(server);
    const gone = new AbortController();
    const body = { ...MODEL, prompt: "1", seed: 1 };
    const first = client.completions.create(body, { signal: gone.signal }).catch(() => "gone");
    while (server.underWay === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = client.completions.create({ ...body, n: 2 }, { signal: gone.signal }).catch(() => "gone");
    while (server.underWay === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    const error = await failure(client.completions.create(body));
    expect([error.status, error.code, error.headers?.get("retry-after")]).toEqual([429, "rate_limit_exceeded", "1"]);
    expect((await failure(client.completions.create({ ...body, n: 3 }))).message).toMatch(/^400 A request may have at most 2 answers/); // prettier-ignore
    gone.abort();
    expect(await Promise.all([first, second])).toEqual(["gone", "gone"]);
  }, 60_000);
});

describe("a server that is stopped", () => {
  const long = endlessPolicy(200);

  it("finishes what is under way, takes in nothing new, and ends", async () => {
    const server = await start({ policy: long });
    const client = clientOf(server);
    const whole = client.completions.create({ ...MODEL, prompt: "1", seed: 1 });
    const stream = await client.completions.create({ ...MODEL, prompt: "1", seed: 1, stream: true });
    while (server.underWay < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    const closed = server.close();
    let text = "";
    for await (const { choices } of stream) text += choices[0]?.text ?? "";
    expect((await whole).choices[0]!.text).toBe(text);
    await closed;
    expect((await failure(client.models.list())).message).toBe("Connection error.");
  }, 60_000);

  it("answers 503 to those whose connection is still open", async () => {
    const limits = POLICY_LIMITS;
    const parts = {
      served: new Served("small", policy),
      engine: new Engine(policy.text, limits),
      limits,
      log: silentLogger,
    };
    const app = policyApp({ ...parts, gate: gateOptions("127.0.0.1", {}), ready: () => false });
    const body = JSON.stringify({ ...MODEL, prompt: "1" });
    // Without tokens nobody looks at Node's own request.
    const response = await app.request("/v1/completions", { method: "POST", headers: { "content-type": "application/json" }, body }, {}); // prettier-ignore
    expect([response.status, response.headers.get("retry-after"), response.headers.get("connection")]).toEqual([503, "5", "close"]); // prettier-ignore
    expect((await app.request("/health", {}, {})).status).toBe(503);
  });

  it("ends what takes longer than it may, and says so in the stream", async () => {
    const server = await start({ policy: endlessPolicy(20_000), limits: { drainMs: 100 } });
    const client = clientOf(server);
    const stream = await client.completions.create({ ...MODEL, prompt: "1", seed: 1, stream: true });
    const read = (async () => {
      for await (const _ of stream) void _;
    })();
    await Promise.all([server.close(), expect(read).rejects.toThrow("the server is stopping")]);
  }, 60_000);
});

it("that has diverged answers 500 and says so, and goes on answering", async () => {
  const { weights } = policy.text.model;
  const broken = { ...weights(), "norm.scale": { data: new Float32Array(16).fill(NaN), shape: [16] } };
  const text = { ...policy.text, model: { weights: () => broken } };
  const client = clientOf(await start({ policy: { ...policy, text } }));
  for (let k = 0; k < 2; k++) {
    const error = await failure(client.completions.create({ ...MODEL, prompt: "1" }));
    expect([error.status, error.message]).toEqual([500, expect.stringContaining("expected finite numbers, got NaN")]);
  }
});
