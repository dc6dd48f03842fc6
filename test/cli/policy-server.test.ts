/** A served policy as OpenAI's own client sees it: answers, log-probabilities, streams. */
import type OpenAI from "openai";
import { describe, expect, it } from "vitest";

import { rngFor } from "dojang/agents";
import { generate } from "../../agents/text/generate.ts";
import { clientOf, failure, MODEL, policy, start } from "./policy-client.ts";
import { endlessPolicy } from "./small-policy.ts";

/** A seed with which the first answer is long enough to be cut. */
const longSeed = (prompt: string): number => {
  for (let seed = 1; ; seed++) if (drawn(prompt, seed, 0, 1).text.length >= 6) return seed;
};

/** What the policy itself draws as answer k to a request with this seed. */
const drawn = (prompt: string, seed: number, k: number, temperature: number) =>
  generate(policy.text, [prompt], { maxTokens: 12, temperature, stop: policy.stop, rng: rngFor(seed, `answer ${k}`) })[0]!; // prettier-ignore

describe("completions", () => {
  it("are what the policy draws: texts, tokens, exact log-probabilities, usage, greedily and with a seed", async () => {
    const client = clientOf(await start());
    for (const [temperature, seed] of [
      [0, 1],
      [1, 5],
      [0.7, 6],
    ] as const) {
      const { choices, usage } = await client.completions.create({ ...MODEL, prompt: ["12+3=", "7+"], n: 3, temperature, seed, logprobs: 2 }); // prettier-ignore
      const expected = [0, 1, 2, 3, 4, 5].map((k) => drawn(k < 3 ? "12+3=" : "7+", seed, k, temperature));
      expect(choices.map(({ index, text }) => [index, text])).toEqual(expected.map(({ text }, k) => [k, text]));
      expect(choices.map(({ finish_reason }) => finish_reason)).toEqual(expected.map(({ stopped }) => (stopped ? "stop" : "length"))); // prettier-ignore
      const count = expected.reduce((sum, { tokens }) => sum + tokens.length, 0);
      expect(usage).toEqual({ prompt_tokens: 7, completion_tokens: count, total_tokens: 7 + count });
      for (const [k, { logprobs }] of choices.entries()) {
        const { tokens = [], token_logprobs = [], top_logprobs = [], text_offset = [] } = logprobs ?? {};
        expect(token_logprobs.map(Math.fround)).toEqual([...expected[k]!.logProbs]);
        expect(
          tokens
            .join("")
            .replace("<|end|>", "")
            .replace(/<\|pad\|>/g, ""),
        ).toBe(expected[k]!.text);
        for (const [i, likeliest] of top_logprobs.entries()) {
          expect(likeliest[tokens[i]!]).toBe(token_logprobs[i]);
          expect([2, 3]).toContain(Object.keys(likeliest).length);
          expect(Object.values(likeliest).reduce((sum, logProb) => sum + Math.exp(logProb), 0)).toBeLessThan(1 + 1e-9);
        }
        expect(text_offset[0]).toBe(0);
      }
    }
  });

  it("take tokens for a prompt, and answer them as the text", async () => {
    const client = clientOf(await start());
    const tokens = [...policy.text.tokenizer.encode("12+3=")];
    const texts = await Promise.all([tokens, "12+3=", [tokens]].map(async (prompt) =>
      (await client.completions.create({ ...MODEL, prompt, seed: 3 })).choices[0]!.text)); // prettier-ignore
    expect(new Set(texts).size).toBe(1);
  });

  it("with a seed are the same alone and among 40 others, and others without one", async () => {
    const client = clientOf(await start({ limits: { maxBatch: 7 } }));
    const ask = async (seed?: number) =>
      (
        await client.completions.create({
          ...MODEL,
          prompt: "1+1=",
          n: 5,
          temperature: 2,
          ...(seed !== undefined && { seed }),
        })
      ).choices
        .map(({ text }) => text)
        .join();
    const alone = [await ask(1), await ask(2), await ask(3)];
    expect(new Set(alone).size).toBe(3);
    const together = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(1 + (i % 3))));
    expect(together).toEqual(together.map((_, i) => alone[i % 3]));
    expect(new Set([await ask(), await ask(), await ask()]).size).toBe(3);
  });

  it("end at a stop text, which is cut off, or kept where that is asked for; the policy's own is kept", async () => {
    const client = clientOf(await start());
    const seed = longSeed("12+3=");
    const whole = drawn("12+3=", seed, 0, 1).text;
    const stop = whole.slice(2, 4);
    const ask = async (more: object) =>
      (await client.completions.create({ ...MODEL, prompt: "12+3=", seed, ...more })).choices[0]!;
    expect(await ask({ stop })).toMatchObject({ text: whole.slice(0, whole.indexOf(stop)), finish_reason: "stop" });
    expect((await ask({ stop: ["nothing like it", stop], include_stop_str_in_output: true })).text).toBe(whole.slice(0, whole.indexOf(stop) + 2)); // prettier-ignore
    expect(await ask({ max_tokens: 2 })).toMatchObject({ finish_reason: "length" });
    // Among many answers some end by the policy's own stop text.
    const { choices } = await client.completions.create({ ...MODEL, prompt: "1", n: 64, seed: 1 });
    const stopped = choices.filter(({ text }) => text.includes("end!"));
    expect(stopped.length).toBeGreaterThan(0);
    expect(stopped.every(({ text, finish_reason }) => text.endsWith("end!") && finish_reason === "stop")).toBe(true);
  });
});

describe("chat", () => {
  // Apart, for OpenAI's types call the field of chat deprecated: their own models no longer keep its promise.
  const seeded = { seed: 5 };
  const ask = { ...MODEL, messages: [{ role: "user", content: "12+3=" }] } satisfies OpenAI.ChatCompletionCreateParams;

  it("answers one message as completions do, with records of log-probabilities", async () => {
    const client = clientOf(await start());
    const { choices, usage, object } = await client.chat.completions.create({ ...ask, ...seeded, n: 2, logprobs: true, top_logprobs: 3 }); // prettier-ignore
    expect(object).toBe("chat.completion");
    for (const [k, { message, logprobs }] of choices.entries()) {
      const expected = drawn("12+3=", 5, k, 1);
      expect(message).toEqual({ role: "assistant", content: expected.text, refusal: null });
      expect(logprobs!.content!.map(({ logprob }) => Math.fround(logprob))).toEqual([...expected.logProbs]);
      for (const { token, bytes, top_logprobs } of logprobs!.content!) {
        if (!token.startsWith("<|")) expect(Buffer.from(bytes ?? []).toString()).toBe(token);
        expect(top_logprobs).toHaveLength(3);
        expect(top_logprobs.map(({ logprob }) => logprob)).toEqual(top_logprobs.map(({ logprob }) => logprob).sort((a, b) => b - a)); // prettier-ignore
      }
    }
    expect(usage!.prompt_tokens).toBe(5);
    expect((await client.chat.completions.create({ ...ask, ...seeded })).choices[0]!.logprobs).toBeNull();
  });

  it("takes the turns of a conversation for one text, and parts of a message", async () => {
    const client = clientOf(await start());
    const messages = [
      { role: "user", content: [{ type: "text", text: "1" }, { type: "text", text: "2+" }] },
      { role: "assistant", content: "3" },
      { role: "user", content: "=" },
    ] satisfies OpenAI.ChatCompletionMessageParam[]; // prettier-ignore
    const turns = await client.chat.completions.create({ ...MODEL, ...seeded, messages });
    expect(turns.choices[0]!.message.content).toBe((await client.chat.completions.create({ ...ask, ...seeded })).choices[0]!.message.content); // prettier-ignore
  });

  it.each([
    [[{ role: "system", content: "1" }, { role: "user", content: "1" }], /^400 messages\[0\]\.role: this policy was trained without a system message/],
    [[{ role: "system", content: "1" }], /^400 messages\[0\]\.role: this policy was trained without a system message\. Leave it out\.$/],
    [[{ role: "assistant", content: "1" }], /^400 messages\[0\]\.role: expected "user": turns of user and assistant, got "assistant"$/],
    [[{ role: "user", content: "1" }, { role: "user", content: "1" }], /^400 messages: expected turns of user and assistant, a user's first and last$/],
    [[], /^400 messages: expected a list of 1 to 1024, got \[\]$/],
    [[{ role: "user", content: [{ type: "image_url" }] }], /^400 messages\[0\]\.content: expected a text, or parts of type text, got /],
    [[{ role: "user", content: "" }], /^400 messages: expected a character or more, got none$/],
  ])("refuses the messages %j in one line", async (messages, told) => {
    const client = clientOf(await start());
    const error = await failure(client.chat.completions.create({ ...MODEL, messages: messages as never }));
    expect(error.message).toMatch(told);
    expect(error.type).toBe("invalid_request_error");
  }); // prettier-ignore
});

describe("a stream", () => {
  it("gives what the whole answer would be, in pieces, with its usage, and no half of a stop text", async () => {
    const client = clientOf(await start());
    const seed = longSeed("12+3=");
    const stop = drawn("12+3=", seed, 0, 1).text.slice(3, 5);
    for (const more of [{}, { stop }, { logprobs: 1 }]) {
      const body = { ...MODEL, prompt: "12+3=", n: 4, seed, ...more };
      const whole = await client.completions.create(body);
      const texts = ["", "", "", ""];
      const logProbs: number[][] = [[], [], [], []];
      const finishes: (string | null)[] = [];
      let usage: unknown;
      for await (const chunk of await client.completions.create({
        ...body,
        stream: true,
        stream_options: { include_usage: true },
      })) {
        usage = chunk.usage;
        for (const { index, text, finish_reason, logprobs } of chunk.choices) {
          texts[index] = `${texts[index] ?? ""}${text}`;
          logProbs[index]!.push(...(logprobs?.token_logprobs ?? []));
          if ((finish_reason as string | null) !== null) finishes[index] = finish_reason;
        }
      }
      expect(texts).toEqual(whole.choices.map(({ text }) => text));
      expect(finishes).toEqual(whole.choices.map(({ finish_reason }) => finish_reason));
      expect(logProbs).toEqual(whole.choices.map(({ logprobs }) => logprobs?.token_logprobs ?? []));
      expect(usage).toEqual(whole.usage);
    }
  });

  it("of chat begins with the role and ends with [DONE]", async () => {
    const { url } = await start();
    const body = { ...MODEL, messages: [{ role: "user", content: "1+" }], stream: true, seed: 1 };
    const response = await fetch(`${url}/chat/completions`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }); // prettier-ignore
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = (await response.text()).split("\n\n");
    expect(JSON.parse(events[0]!.slice("data: ".length))).toMatchObject({ object: "chat.completion.chunk", choices: [{ delta: { role: "assistant", content: "" } }] }); // prettier-ignore
    expect(events.slice(-2)).toEqual(["data: [DONE]", ""]);
  });

  it("whose client goes away is drawn no further, and so is a whole answer", async () => {
    const server = await start({ policy: endlessPolicy(20_000), limits: { maxBatch: 1 } });
    const client = clientOf(server);
    const body = { ...MODEL, prompt: "1", seed: 1, logit_bias: {} };
    const stream = await client.completions.create({ ...body, stream: true });
    for await (const _ of stream) {
      expect(server.underWay).toBe(1);
      break;
    }
    while (server.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const gone = new AbortController();
    const whole = client.completions.create(body, { signal: gone.signal }).catch(() => "gone");
    while (server.underWay === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    gone.abort();
    expect(await whole).toBe("gone");
    while (server.underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // The one place is free again.
    expect((await client.completions.create({ ...body, max_tokens: 3 })).usage).toMatchObject({ completion_tokens: 3 });
  }, 60_000);
});
