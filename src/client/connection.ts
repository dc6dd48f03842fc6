/** One session with a server, over as many sockets as it takes: a lost one is replaced, and what was under way goes on. */
import { decodeReply } from "../../protocol/codec.ts";
import { asGymError, GymError } from "../../protocol/errors.ts";
import { PROTOCOL_VERSIONS, type Op, type Reply, type ReplyTo, type Requests } from "../../protocol/messages.ts";
import type { Acks } from "./acks.ts";
import { backoffMs } from "./backoff.ts";
import { gone, isFinal, lost } from "./lost.ts";
import { OpenRequests } from "./requests.ts";
import type { ClientSocket, OpenSocket } from "./socket.ts";

export interface ConnectionOptions {
  readonly token?: string;
  /** Largest reply accepted, in bytes. Default 256 MiB. */
  readonly maxPayload?: number;
  /** Milliseconds to wait for a socket to open. Default 10,000. */
  readonly timeoutMs?: number;
  /** Milliseconds to go on trying after a socket is lost; 0: not at all. Default: as long as the server keeps the session. */
  readonly reconnectMs?: number;
  /** Milliseconds without a request after which a `ping` keeps tunnels and the server's idle limit quiet; 0: never. Default 20,000. */
  readonly heartbeatMs?: number;
}

interface SessionKey {
  readonly session: string;
  readonly token: string;
}

/** Takes what comes unasked. */
export interface Receiver {
  deliver(delivery: Reply<"delivery">): void;
  /** Nothing will come any more. */
  end(error: GymError): void;
}

export class Connection {
  readonly url: string;
  /** Acknowledgements of each env handle, told to the server when it has to send again. */
  readonly acks = new Map<number, Acks>();
  /** Who takes the deliveries of each env handle in first-ready mode. */
  readonly receivers = new Map<number, Receiver>();
  readonly #options: ConnectionOptions;
  readonly #openSocket: OpenSocket;
  readonly #requests = new OpenRequests();
  #welcome: Promise<Reply<"welcome">> | undefined;
  #key: SessionKey | undefined;
  #graceMs = 0;
  /** Open and welcomed; undefined while there is no way to the server. */
  #socket: ClientSocket | undefined;
  /** The socket being opened or in use; events of any other are stale. */
  #current: ClientSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #lastSent = 0;
  #ended: GymError | undefined;

  constructor(url: string, options: ConnectionOptions, openSocket: OpenSocket) {
    this.url = url;
    this.#options = options;
    this.#openSocket = openSocket;
  }

  /** Connects at the first call. @throws {GymError} CONNECTION_LOST, UNAUTHORIZED, BAD_VERSION */
  open(): Promise<Reply<"welcome">> {
    this.#welcome ??= this.#attempt();
    return this.#welcome;
  }

  /** Sends a request, or keeps it until the way to the server is open again. @throws {GymError} what the server answered, CONNECTION_LOST, SESSION_LOST */
  request<K extends Op>(op: K, fields: Requests[K]): Promise<ReplyTo<K>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    try {
      const { bytes, reply } = this.#requests.add(op, fields);
      this.#send(bytes);
      return reply; // not awaited here: each await is a turn of the hot path
    } catch (error) {
      return Promise.reject(asGymError(error));
    }
  }

  close(): void {
    this.#end(new GymError("CONNECTION_LOST", this.url, { hint: "This client was closed." }));
    this.#current?.close();
  }

  #send(bytes: Uint8Array): void {
    this.#lastSent = performance.now();
    this.#socket?.send(bytes);
  }

  /** Opens a socket and says hello on it, taking the session up if there is one. */
  #attempt(): Promise<Reply<"welcome">> {
    const { maxPayload = 268_435_456, timeoutMs = 10_000, token } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Reply<"welcome">>();
    const options = { maxPayload, timeoutMs, ...(token !== undefined && { token }) };
    const socket = this.#openSocket(this.url, options, {
      open: () => {
        if (socket === this.#current) this.#hello(socket).then(resolve, reject);
      },
      message: (bytes) => {
        if (socket === this.#current) this.#receive(bytes);
      },
      close: (reason) => {
        const error = lost(this.url, reason);
        reject(error);
        if (socket === this.#current) this.#lose(error);
      },
    });
    this.#current = socket;
    return promise;
  }

  async #hello(socket: ClientSocket): Promise<Reply<"welcome">> {
    this.#requests.forgetHello();
    const acks = [...this.acks].map(([env, { ack }]) => [env, ack] as const);
    const resume = this.#key && { ...this.#key, acks, waiting: this.#requests.unnumbered() };
    const { bytes, reply } = this.#requests.add("hello", { versions: PROTOCOL_VERSIONS, client: "dojang-js", ...(resume && { resume }) }); // prettier-ignore
    socket.send(bytes);
    const welcome = await reply;
    this.#key = { session: welcome.session, token: welcome.token };
    this.#graceMs = welcome.grace * 1000;
    this.#socket = socket;
    for (const request of this.#requests.beyond(welcome.lastId ?? 0)) this.#send(request);
    this.#startHeartbeat();
    return welcome;
  }

  #receive(bytes: Uint8Array): void {
    let reply: Reply;
    try {
      reply = decodeReply(bytes);
    } catch (error) {
      this.#end(asGymError(error));
      this.#current?.terminate();
      return;
    }
    if (reply.op === "delivery") {
      this.receivers.get(reply.env)?.deliver(reply);
      return;
    }
    const waiting = this.#requests.take(reply.id);
    if (reply.op !== "error") waiting?.resolve(reply);
    else if (waiting !== undefined) waiting.reject(errorOf(reply));
    else if (reply.id === 0 && reply.env !== undefined) this.receivers.get(reply.env)?.end(errorOf(reply));
    else if (reply.id === 0) this.#told(errorOf(reply));
  }

  /** The server said why it will close: a stop may be followed by a start that knows this session. */
  #told(error: GymError): void {
    if (isFinal(error) || this.#reconnectMs() === 0) this.#end(error);
  }

  /** The socket is gone: try again, unless that is hopeless or was not wanted. */
  #lose(error: GymError): void {
    this.#socket = undefined;
    this.#current = undefined;
    clearInterval(this.#heartbeat);
    if (this.#ended !== undefined) return;
    const forMs = this.#reconnectMs();
    if (this.#key === undefined || forMs === 0 || isFinal(error)) this.#end(error);
    else if (this.#retry === undefined) this.#tryAgain(0, performance.now() + forMs, error);
  }

  #tryAgain(attempt: number, until: number, why: GymError): void {
    const left = until - performance.now();
    if (left <= 0) {
      this.#end(why);
      return;
    }
    this.#retry = setTimeout(
      () => {
        this.#attempt().then(
          () => {
            this.#retry = undefined;
            if (this.#socket === undefined) this.#lose(why); // lost again in the same breath
          },
          (error: unknown) => {
            if (isFinal(asGymError(error))) this.#end(asGymError(error));
            else this.#tryAgain(attempt + 1, until, why);
          },
        );
      },
      Math.min(left, backoffMs(attempt, Math.random())),
    );
  }

  #reconnectMs(): number {
    return this.#options.reconnectMs ?? this.#graceMs;
  }

  #startHeartbeat(): void {
    const { heartbeatMs = 20_000 } = this.#options;
    clearInterval(this.#heartbeat);
    if (heartbeatMs === 0) return;
    this.#heartbeat = setInterval(() => {
      if (performance.now() - this.#lastSent < heartbeatMs) return;
      this.request("ping", {}).catch(() => undefined); // what ends the session is told to the requests that matter
    }, heartbeatMs / 2);
    (this.#heartbeat as { unref?: () => void }).unref?.(); // in Node: a heartbeat alone keeps no process alive
  }

  /** Nothing will be answered any more. */
  #end(error: GymError): void {
    this.#ended ??= gone(this.url, error);
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    this.#requests.fail(this.#ended);
    for (const receiver of this.receivers.values()) receiver.end(this.#ended);
  }
}

function errorOf({ code, message, lost }: Reply<"error">): GymError {
  const error = GymError.fromWire(code, message);
  if (lost !== undefined) error.lost = lost;
  return error;
}
