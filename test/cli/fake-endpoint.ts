/** An endpoint on a free port that answers as a test says: sums rightly, or not at all. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
    readonly prompt?: string;
    readonly [name: string]: unknown;
  };
  /** Requests before this one. */
  readonly before: number;
}

export interface FakeEndpoint {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** Closed, with all its connections, when the test ends. */
export async function fakeEndpoint(answer: (asked: Asked, response: ServerResponse) => void): Promise<FakeEndpoint> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const one = { path: request.url ?? "", headers: request.headers, body: body as Asked["body"], before: asked.length }; // prettier-ignore
      asked.push(one);
      answer(one, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

/** The last thing that was said to the model. */
export const lastOf = ({ body }: Asked): string => body.messages?.at(-1)?.content ?? body.prompt ?? "";

/** What a model that can add says to "What is 317 + 782?". */
export function sum(asked: Asked): string {
  const [, a = NaN, b = NaN] = /(\d+) \+ (\d+)/.exec(lastOf(asked)) ?? [];
  return `<think>carry</think><answer>${Number(a) + Number(b)}</answer>`;
}

export const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void =>
  void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

/** A whole answer of the chat API: 10 tokens in, 5 out. */
export const chat = (response: ServerResponse, content: string | null, more: object = {}): void =>
  send(response, 200, {
    choices: [{ index: 0, message: { role: "assistant", content, ...more }, finish_reason: "stop", ...more }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
  });

/** An error in OpenAI's form. */
export const error = (
  response: ServerResponse,
  status: number,
  message: string,
  headers?: Record<string, string>,
): void => send(response, status, { error: { message, type: "some_error", param: null, code: null } }, headers);
