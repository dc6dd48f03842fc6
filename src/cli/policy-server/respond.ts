/** From a request to its response: whole, or as a stream of server-sent events. */
import { randomUUID } from "node:crypto";
import { GymError } from "../../../protocol/errors.ts";
import { drawSeed } from "../../../agents/index.ts";
import { oneLine } from "../errors.ts";
import { Answer, type Part } from "./answer.ts";
import { ApiError } from "./api-error.ts";
import type { Engine } from "./engine.ts";
import type { Form, Request } from "./form.ts";
import type { Served } from "./served.ts";

export interface Responder {
  readonly served: Served;
  readonly engine: Engine;
}

/** The answers to one request. */
export class Responding {
  readonly #answers: readonly Answer[];
  readonly #engine: Engine;
  readonly #form: Form;
  readonly #request: Request;
  /** What every object of the response says. */
  readonly #head: { readonly id: string; readonly created: number; readonly model: string };

  constructor({ served, engine }: Responder, form: Form, request: Request) {
    const seed = request.settings.seed ?? drawSeed();
    this.#engine = engine;
    this.#form = form;
    this.#request = request;
    this.#answers = request.wanted.map((wanted) => new Answer(wanted, seed, request.settings, request.listed, served));
    this.#head = { id: `${form.prefix}${randomUUID()}`, created: Math.floor(Date.now() / 1_000), model: served.name };
  }

  async whole(signal: AbortSignal): Promise<object> {
    const { object, choice } = this.#form;
    const parts: Part[] = [];
    await this.#run((part) => parts.push(part), signal, true);
    const choices = parts.sort((a, b) => a.index - b.index).map((part) => choice(part, this.#request.listed));
    return { ...this.#head, object, choices, usage: this.#usage(parts.reduce((sum, { to }) => sum + to, 0)) };
  }

  /** @param signal of the client; ending the reading of the stream drops the answers, too */
  stream(signal: AbortSignal): ReadableStream<Uint8Array> {
    const gone = new AbortController();
    const both = AbortSignal.any([signal, gone.signal]);
    const bytes = new TextEncoder();
    return new ReadableStream<Uint8Array>({
      start: (out) => {
        const send = (data: object | string): void => {
          if (!both.aborted) out.enqueue(bytes.encode(`data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)); // prettier-ignore
        };
        // What goes wrong is told in the stream: its status has been sent.
        void this.#events(send, both).then(
          () => !both.aborted && out.close(),
          (error: unknown) => {
            if (both.aborted) return;
            send(errorOf(error).body());
            out.close();
          },
        );
      },
      cancel: () => gone.abort(),
    });
  }

  async #events(send: (data: object | string) => void, signal: AbortSignal): Promise<void> {
    const { chunk: object, delta, opening } = this.#form;
    const { settings, listed } = this.#request;
    const usage = settings.streamUsage ? { usage: null } : {};
    const choice = (one: object): void => send({ ...this.#head, object, choices: [one], ...usage });
    if (opening) for (const index of this.#answers.keys()) choice(opening(index));
    let drawn = 0;
    await this.#run((part) => {
      drawn += part.to - part.from;
      if (part.text !== "" || part.finish !== null || listed !== undefined) choice(delta(part, listed));
    }, signal); // prettier-ignore
    if (settings.streamUsage) send({ ...this.#head, object, choices: [], usage: this.#usage(drawn) });
    send("[DONE]");
  }

  /** @param atEnd whether parts are told only when their answer is whole */
  async #run(onPart: (part: Part) => unknown, signal: AbortSignal, atEnd = false): Promise<void> {
    const asked = this.#answers.map((answer) => answer.asked);
    const onToken: Parameters<Engine["run"]>[1] = (place, sequence) => {
      if (!atEnd || sequence.ended) onPart(this.#answers[place]!.next(sequence));
    };
    await this.#engine.run(asked, onToken, signal);
  }

  #usage(drawn: number): object {
    const { promptTokens } = this.#request;
    return { prompt_tokens: promptTokens, completion_tokens: drawn, total_tokens: promptTokens + drawn };
  }
}

/** A failure of the server in the form that clients read. */
export function errorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof GymError && error.code === "SHUTTING_DOWN") return new ApiError(503, error.message);
  return new ApiError(500, error instanceof GymError ? oneLine(error.message) : "The server failed; its log says why.");
}
