/** A client that speaks the protocol by hand: sends any bytes, reads replies one by one. For what `dojang/client` would never send. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { WebSocket, type ClientOptions } from "ws";

import { decodeReply, encodeRequest } from "../../protocol/codec.ts";
import { show } from "../../protocol/show.ts";
import { PROTOCOL_VERSIONS, type Op, type Reply, type ReplyOp, type Request } from "../../protocol/messages.ts";

export class RawClient {
  readonly socket: WebSocket;
  readonly #replies: Reply[] = [];
  readonly #waiting: ((reply: Reply) => void)[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      const reply = decodeReply(data);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#replies.push(reply);
      else waiting(reply);
    });
    const { promise, resolve } = Promise.withResolvers<{ code: number; reason: string }>();
    this.closed = promise;
    socket.on("close", (code, reason) => {
      resolve({ code, reason: reason.toString() });
    });
    socket.on("error", () => undefined);
    onTestFinished(() => {
      socket.terminate();
    });
  }

  /** Connects without saying hello. Rejects when the upgrade is refused. */
  static async connect(
    url: string,
    options: ClientOptions = {},
    protocols: string[] = ["dojang.v1"],
  ): Promise<RawClient> {
    const client = new RawClient(new WebSocket(url, protocols, { perMessageDeflate: false, ...options }));
    await once(client.socket, "open");
    return client;
  }

  /** Connects and says hello. */
  static async hello(url: string, options: ClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(url, options);
    client.send({ op: "hello", id: 1, versions: PROTOCOL_VERSIONS, client: "raw" });
    await client.next("welcome");
    return client;
  }

  send(request: Request): void {
    this.socket.send(encodeRequest(request));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  /** The next reply, whatever it is. */
  any(): Promise<Reply> {
    const held = this.#replies.shift();
    if (held !== undefined) return Promise.resolve(held);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next reply, which must be of this op. */
  async next<K extends ReplyOp>(op: K): Promise<Reply<K>> {
    const reply = await this.any();
    if (reply.op !== op) throw new Error(`expected a reply ${op}, got ${show(reply, 300)}`);
    return reply as Reply<K>;
  }

  async ask<K extends Exclude<Op, "hello">>(request: Request<K>): Promise<Reply<K>> {
    this.send(request as Request);
    return await this.next(request.op);
  }

  async fails(request: Request): Promise<Reply<"error">> {
    this.send(request);
    return await this.next("error");
  }
}

/** What an upgrade that is refused is answered with. */
export async function refusal(
  url: string,
  options: ClientOptions = {},
  protocols: string[] = ["dojang.v1"],
): Promise<{ status: number; body: string }> {
  const socket = new WebSocket(url, protocols, options);
  socket.on("error", () => undefined);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  const body = await text(response);
  socket.terminate();
  return { status: response.statusCode ?? 0, body: body.trim() };
}
