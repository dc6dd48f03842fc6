/** A client that sends any bytes at all and waits for what comes of them: a message or the end of the socket. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { decodeReply, encodeRequest } from "../../protocol/codec.ts";
import { PROTOCOL_VERSIONS, type Reply } from "../../protocol/messages.ts";

export class RawPeer {
  readonly socket: WebSocket;
  /** Settles with the reason for which the socket was closed, or with the code where none was given. */
  readonly closed: Promise<string>;
  /** The server has answered `hello`. */
  greeted = false;
  #isClosed = false;
  #waiting: ((reply: Reply | undefined) => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.closed = promise;
    socket.on("message", (data: Buffer) => this.#answer(decodeReply(data)));
    socket.on("error", () => undefined);
    socket.on("close", (code, reason) => {
      this.#isClosed = true;
      resolve(reason.length > 0 ? reason.toString() : String(code));
      this.#answer(undefined);
    });
  }

  /** Connects; says nothing yet. @param localAddress where the connection leaves from */
  static async open(url: string, localAddress = "127.0.0.1"): Promise<RawPeer> {
    const socket = new WebSocket(url, "dojang.v1", { perMessageDeflate: false, localAddress });
    const peer = new RawPeer(socket);
    await once(socket, "open");
    return peer;
  }

  /** Connects and says hello. */
  static async hello(url: string, localAddress?: string): Promise<RawPeer> {
    const peer = await RawPeer.open(url, localAddress);
    const welcome = await peer.ask(encodeRequest({ op: "hello", id: 1, versions: PROTOCOL_VERSIONS, client: "bench" }));
    if (welcome?.op !== "welcome") throw new Error(`expected welcome, got ${JSON.stringify(welcome)}`);
    peer.greeted = true;
    return peer;
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** The next message after these bytes; undefined when the socket is closed without one. */
  ask(bytes: Uint8Array | string): Promise<Reply | undefined> {
    const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
    this.#waiting = resolve;
    if (this.#isClosed) resolve(undefined);
    else this.socket.send(bytes);
    return promise;
  }

  #answer(reply: Reply | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(reply);
  }
}
