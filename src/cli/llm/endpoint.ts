/** An OpenAI-compatible endpoint: messages in, a reply out. The client library is loaded here and nowhere else. */
import type OpenAI from "openai";
import { GymError } from "../../../protocol/errors.ts";
import { Failure, failureOfRequest } from "./failure.ts";

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface Reply {
  readonly text: string;
  /** As the endpoint says: "stop", "length", ... */
  readonly finish: string;
  /** Where the endpoint tells them. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly ms: number;
  /** Milliseconds to the first piece of a stream. */
  readonly firstMs?: number;
}

export interface EndpointOptions {
  readonly baseUrl: string;
  readonly model: string;
  /** Absent: the endpoint needs none. */
  readonly apiKey?: string;
  readonly api: "chat" | "completions";
  /** Fields of every request beside model, prompt and seed. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly stream: boolean;
  /** Milliseconds that a request may take, to its last byte. */
  readonly timeoutMs: number;
}

export interface Endpoint {
  /** @throws {Failure} @throws {GymError} CANCELLED when `signal` is aborted */
  ask(messages: readonly Message[], seed: number, signal: AbortSignal): Promise<Reply>;
}

/** @throws {GymError} UNSUPPORTED where the package openai is not installed */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { baseUrl, apiKey = "none", timeoutMs } = options;
  const Client = await load();
  // What the library would read from the environment belongs to OpenAI's own endpoint.
  const client = new Client({ baseURL: baseUrl, apiKey, organization: null, project: null, maxRetries: 0, timeout: timeoutMs, logLevel: "off" }); // prettier-ignore
  return {
    async ask(messages, seed, signal) {
      const late = AbortSignal.timeout(timeoutMs);
      try {
        return await reply(client, options, messages, seed, AbortSignal.any([signal, late]));
      } catch (error) {
        if (signal.aborted) throw new GymError("CANCELLED", "eval llm: stopped");
        if (late.aborted) throw new Failure("again", `no whole answer within ${timeoutMs} ms`, {}, error);
        throw failureOfRequest(error);
      }
    },
  };
}

async function load(): Promise<typeof OpenAI> {
  try {
    return (await import("openai")).default;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new GymError("UNSUPPORTED", "eval llm", { expected: "the package openai, which speaks to endpoints", received: "none", hint: "Run `npm install openai@7`." }, cause); // prettier-ignore
  }
}

/** What both APIs answer, whole or a chunk of a stream, as far as it is read here. */
interface Answered {
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly text?: string | null;
    readonly message?: Said | null;
    readonly delta?: Said | null;
  }[];
  /** Some endpoints answer HTTP 200 and say here what is wrong. */
  readonly error?: { readonly message?: unknown } | null;
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
}

async function reply(
  client: OpenAI,
  { model, api, body: given, stream }: EndpointOptions,
  messages: readonly Message[],
  seed: number,
  signal: AbortSignal,
): Promise<Reply> {
  const began = performance.now();
  const prompt = api === "chat" ? { messages } : { prompt: messages.map(({ content }) => content).join("") };
  const streamed = stream ? { stream: true, stream_options: { include_usage: true } } : {};
  const body = withoutNulls({ model, seed, ...prompt, ...streamed, ...given });
  const path = api === "chat" ? "/chat/completions" : "/completions";
  const found = new Found();
  // The fields are the caller's, so that the library's types of requests say nothing of them; `take` trusts no answer.
  if (stream) {
    const chunks = (await client.post(path, { body, signal, stream: true })) as AsyncIterable<Answered>;
    for await (const chunk of chunks) found.take(chunk, performance.now() - began);
  } else {
    found.take(await client.post<Answered>(path, { body, signal }), undefined);
  }
  // A stream that is cut from outside ends without a word.
  signal.throwIfAborted();
  return { ...found.reply(), ms: performance.now() - began };
}

const withoutNulls = (body: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));

/** Puts a reply together from one answer or many chunks. */
class Found {
  #text: string | undefined;
  #refusal = "";
  #finish: string | undefined;
  #usage: Answered["usage"];
  #firstMs: number | undefined;

  take(answered: Answered | null | undefined, ms: number | undefined): void {
    const { choices, usage, error } = answered ?? {};
    if (typeof error?.message === "string") throw new Failure("again", error.message);
    this.#usage = usage ?? this.#usage;
    const choice = Array.isArray(choices) ? (choices as NonNullable<Answered["choices"]>)[0] : undefined;
    if (choice === undefined) return;
    const { content, refusal } = choice.message ?? choice.delta ?? { content: choice.text };
    if (typeof content === "string") {
      if (content !== "") this.#firstMs ??= ms;
      this.#text = (this.#text ?? "") + content;
    }
    this.#refusal += refusal ?? "";
    this.#finish = choice.finish_reason ?? this.#finish;
  }

  /** @throws {Failure} for what is no answer */
  reply(): Omit<Reply, "ms"> {
    const finish = this.#finish;
    if (this.#refusal !== "") throw new Failure("again", `refused: ${this.#refusal}`);
    if (finish === "content_filter") throw new Failure("again", "the endpoint's filter withheld the answer");
    if (finish === undefined) throw new Failure("again", "an answer that is not whole: it has no finish_reason");
    // A model that thinks may reach the limit before its first word.
    if (this.#text === undefined && finish !== "length")
      throw new Failure("again", `an answer without text (finish_reason ${finish})`);
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = this.#usage ?? {};
    return {
      ...{ text: this.#text ?? "", finish },
      ...(typeof inputTokens === "number" && { inputTokens }),
      ...(typeof outputTokens === "number" && { outputTokens }),
      ...(this.#firstMs !== undefined && { firstMs: this.#firstMs }),
    };
  }
}
