/** Requests and their replies over one socket: every request has an id, a reply nobody waits for is dropped. */
import { decodeReply, encodeRequest } from "../../protocol/codec.ts";
import { asGymError, GymError } from "../../protocol/errors.ts";
import {
  PROTOCOL_VERSIONS,
  type Op,
  type Reply,
  type ReplyTo,
  type Request,
  type Requests,
} from "../../protocol/messages.ts";
import type { ClientSocket, CloseReason, OpenSocket } from "./socket.ts";

export interface ConnectionOptions {
  readonly token?: string;
  /** Largest reply accepted, in bytes. Default 256 MiB. */
  readonly maxPayload?: number;
  /** Milliseconds to wait for the connection. Default 10,000. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: GymError) => void;
}

export class Connection {
  readonly url: string;
  readonly #options: ConnectionOptions;
  readonly #openSocket: OpenSocket;
  readonly #waiting = new Map<number, Waiting>();
  #socket: ClientSocket | undefined;
  #welcome: Promise<Reply<"welcome">> | undefined;
  #nextId = 1;
  #closed: GymError | undefined;

  constructor(url: string, options: ConnectionOptions, openSocket: OpenSocket) {
    this.url = url;
    this.#options = options;
    this.#openSocket = openSocket;
  }

  /** Connects at the first call. @throws {GymError} CONNECTION_LOST, UNAUTHORIZED, BAD_VERSION */
  open(): Promise<Reply<"welcome">> {
    this.#welcome ??= this.#connect();
    return this.#welcome;
  }

  /** Sends a request on the open connection. @throws {GymError} what the server answered, or CONNECTION_LOST */
  request<K extends Op>(op: K, fields: Requests[K]): Promise<ReplyTo<K>> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    try {
      const bytes = encodeRequest({ op, id, ...fields } as unknown as Request);
      this.#waiting.set(id, { resolve, reject });
      this.#socket?.send(bytes);
    } catch (error) {
      this.#waiting.delete(id);
      reject(asGymError(error, "BAD_PARAM")); // the caller gave what the message cannot hold
    }
    // The reply to an op is of that op; errors reject.
    return promise as Promise<Reply> as Promise<ReplyTo<K>>;
  }

  close(): void {
    this.#fail(new GymError("CONNECTION_LOST", this.url, { hint: "This client was closed." }));
    this.#socket?.close();
  }

  #connect(): Promise<Reply<"welcome">> {
    const { maxPayload = 268_435_456, timeoutMs = 10_000, token } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Reply<"welcome">>();
    this.#socket = this.#openSocket(this.url, { maxPayload, timeoutMs, ...(token !== undefined && { token }) }, {
      open: () => {
        this.request("hello", { versions: PROTOCOL_VERSIONS, client: "dojang-js" }).then(resolve, reject);
      },
      message: (bytes) => {
        this.#receive(bytes);
      },
      close: (reason) => {
        const error = this.#closed ?? lost(this.url, reason);
        this.#fail(error);
        reject(error);
      },
    }); // prettier-ignore
    return promise;
  }

  #receive(bytes: Uint8Array): void {
    let reply: Reply;
    try {
      reply = decodeReply(bytes);
    } catch (error) {
      this.#fail(asGymError(error));
      this.#socket?.terminate();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.op !== "error") waiting?.resolve(reply);
    else if (waiting !== undefined) waiting.reject(GymError.fromWire(reply.code, reply.message));
    else if (reply.id === 0) this.#fail(GymError.fromWire(reply.code, reply.message));
  }

  /** Nothing will be answered any more. */
  #fail(error: GymError): void {
    this.#closed ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }
}

function lost(url: string, reason: CloseReason): GymError {
  if (reason.status === 401 || reason.status === 403) {
    return new GymError("UNAUTHORIZED", `${url}: ${reason.text}`);
  }
  if (/ECONNREFUSED/.test(reason.text)) {
    return new GymError("CONNECTION_LOST", `${url}: connection refused`, {
      hint: "Start a server with `dojang serve`.",
    });
  }
  const text = reason.text === "" ? `closed with code ${reason.code}` : reason.text;
  return new GymError("CONNECTION_LOST", `${url}: ${text}`);
}
