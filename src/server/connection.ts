/** One socket: `hello` first, then its session; reading stops while the client does not read. */
import type { Duplex } from "node:stream";
import { decodeRequest, encodeReply } from "../../protocol/codec.ts";
import { asGymError, GymError } from "../../protocol/errors.ts";
import { PROTOCOL_VERSIONS, type Reply, type Request } from "../../protocol/messages.ts";
import type { ServerContext } from "./context.ts";
import { errorReply } from "./error-reply.ts";
import { thrown } from "./log.ts";
import { SERVED_OPS } from "./ops/index.ts";
import type { Held } from "./http/per-address.ts";
import type { LinkedSocket, SocketOwner } from "./linked-socket.ts";
import type { Link, Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import { isSmall, writeSmall } from "./small-frame.ts";
import type { Token } from "./tokens.ts";
import { isViolation, type Violations } from "./violations.ts";

/** Close code for errors of the protocol; the reason is the error code. */
const CLOSE_ERROR = 4000;

/** Answers to pings that may be on their way: who sends more of them does not read. */
const MAX_PONGS = 60;

/** What all connections of a server share. */
export interface ConnectionHost {
  readonly context: ServerContext;
  readonly sessions: Sessions;
  readonly violations: Violations;
  closed(connection: Connection): void;
}

export class Connection implements Link, SocketOwner {
  readonly #socket: LinkedSocket;
  /** What `#socket` writes to. */
  readonly #stream: Duplex;
  readonly #host: ConnectionHost;
  readonly #token: Token | undefined;
  /** The place that it takes at its address. */
  readonly held: Held;
  #pongs = 0;
  /** Until the client is greeted, or until it is told what it broke. */
  #timer: NodeJS.Timeout | undefined;
  /** The client broke the protocol. */
  #broken = false;
  #session: Session | undefined;
  /** Leaves the queue for a session. */
  #leave: (() => void) | undefined;

  constructor(socket: LinkedSocket, stream: Duplex, host: ConnectionHost, token: Token | undefined, held: Held) {
    this.#socket = socket;
    this.#stream = stream;
    this.#host = host;
    this.#token = token;
    this.held = held;
    const { helloTimeoutMs } = this.#context.limits;
    this.#timer = setTimeout(() => {
      this.stop(new GymError("HELLO_NEEDED", "the first message", { expected: `hello within ${helloTimeoutMs} ms` }));
    }, helloTimeoutMs);
    socket.owner = this;
  }

  get #context(): ServerContext {
    return this.#host.context;
  }

  onError(error: Error): void {
    this.#context.log.debug(thrown(error), "a socket failed");
    // A frame that `ws` does not take has cost as much as a message that we do not.
    if ("code" in error && String(error.code).startsWith("WS_ERR_")) this.#break();
  }

  onPing(data: Buffer): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (this.#pongs >= MAX_PONGS || socket.bufferedAmount > this.#context.limits.maxBuffered) {
      socket.terminate();
      return;
    }
    this.#pongs++;
    socket.pong(data, false, () => {
      this.#pongs--;
    });
  }

  onClose(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
    if (this.#session !== undefined) this.#host.sessions.detach(this.#session, this, this.#broken);
    this.#host.closed(this);
  }

  /** `ws` does not copy: the bytes must not change until they are sent. Encoders give fresh ones each time. */
  send(bytes: Uint8Array, sent?: () => void): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) {
      this.#context.metrics.dropped("no-socket");
      sent?.();
      return;
    }
    this.#context.metrics.sent(bytes.length);
    const { maxBuffered } = this.#context.limits;
    if (socket.bufferedAmount + bytes.length <= maxBuffered || socket.isPaused) {
      if (isSmall(bytes)) writeSmall(this.#stream, bytes, sent);
      else socket.send(bytes, sent);
      return;
    }
    // No reading while the client does not read: requests stay in its own buffers.
    socket.pause();
    socket.send(bytes, () => {
      socket.resume();
      sent?.();
    });
  }

  end(error: GymError): void {
    this.#socket.close(CLOSE_ERROR, error.code);
  }

  /** Tells the client why, outside of any request, and closes. */
  stop(error: GymError): void {
    this.#context.metrics.failed(error.code);
    clearTimeout(this.#timer);
    this.send(encodeReply(errorReply(0, error)));
    this.end(error);
  }

  refuse(answer: Uint8Array, error: GymError): void {
    const wait = isViolation(error) ? this.#break() : 0;
    if (wait === undefined) {
      this.#socket.terminate();
      return;
    }
    const tell = (): void => {
      this.send(answer);
      this.end(error);
    };
    if (wait === 0) {
      tell();
      return;
    }
    this.#socket.pause();
    this.#timer = setTimeout(() => {
      this.#socket.resume();
      tell();
    }, wait);
  }

  /** Notes that the client broke the protocol: what else it sends is not looked at. Gives the milliseconds to wait for the answer's turn. */
  #break(): number | undefined {
    clearTimeout(this.#timer);
    this.#broken = true;
    return this.#host.violations.wait();
  }

  /** Drops the socket at once. */
  terminate(): void {
    this.#socket.terminate();
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#broken || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#context.metrics.received(data.length);
    if (!isBinary) {
      this.#refuse(0, new GymError("BAD_MESSAGE", "frame", { expected: "a binary frame", received: "a text frame" }));
    } else if (this.#leave !== undefined) {
      this.#refuse(0, new GymError("BAD_MESSAGE", "message", { expected: "nothing before `welcome`" }));
    } else if (this.#session === undefined) this.#first(data);
    else this.#session.receive(data);
  }

  #first(data: Buffer): void {
    const { id, request, error } = decodeRequest(data);
    if (request === undefined) this.#refuse(id, error);
    else if (request.op !== "hello") {
      this.#refuse(id, new GymError("HELLO_NEEDED", "the first message", { expected: "hello", received: request.op }));
    } else {
      try {
        this.#hello(request);
      } catch (thrown) {
        this.#refuse(id, asGymError(thrown));
      }
    }
  }

  #refuse(id: number, error: GymError): void {
    this.#context.metrics.failed(error.code);
    this.refuse(encodeReply(errorReply(id, error)), error);
  }

  #hello(request: Request<"hello">): void {
    const version = commonVersion(request.versions);
    clearTimeout(this.#timer);
    this.#timer = undefined; // a timer keeps what it was to do
    if (request.resume === undefined && this.#host.sessions.full) this.#queue(request, version);
    else this.#begin(request, version);
  }

  /** Waits for a session, and tells the client so. */
  #queue(request: Request<"hello">, version: number): void {
    const place = this.#host.sessions.admission.enter(
      () => {
        this.#leave = undefined;
        this.#begin(request, version);
      },
      (error) => {
        this.#refuse(request.id, error);
      },
    );
    this.#leave = place.leave;
    const message = `all sessions are taken; ${place.ahead} clients are ahead`;
    this.send(encodeReply({ op: "notice", id: 0, kind: "queued", message, details: { ahead: place.ahead } }));
  }

  #begin(request: Request<"hello">, version: number): void {
    const { resume } = request;
    const opened =
      resume === undefined
        ? this.#host.sessions.open(this.#token, this)
        : this.#host.sessions.take(resume.session, resume.token, this.#token, this);
    this.#session = opened.session;
    this.send(encodeReply(this.#welcome(request.id, version, opened, resume !== undefined)));
    if (resume !== undefined) resend(opened.session, resume);
  }

  #welcome(
    id: number,
    version: number,
    opened: { session: Session; secret: string },
    resumed: boolean,
  ): Reply<"welcome"> {
    const { limits, server } = this.#context;
    return {
      op: "welcome",
      id,
      version,
      server,
      session: opened.session.id,
      token: opened.secret,
      grace: limits.graceMs / 1000,
      resumed,
      ...(resumed && { lastId: opened.session.lastId }),
      limits,
      features: SERVED_OPS,
    };
  }
}

/** Sends what the client did not get: step replies beyond its acknowledgements, and the other replies it waits for. */
function resend(session: Session, { acks = [], waiting = [] }: NonNullable<Request<"hello">["resume"]>): void {
  const acked = new Map(acks);
  for (const handle of session.handles) {
    for (const bytes of handle.after(acked.get(handle.id) ?? 0)) session.sendBytes(bytes);
  }
  for (const id of waiting) if (id <= session.lastId) session.again(id);
}

/** @throws {GymError} BAD_VERSION, naming both sides' versions */
function commonVersion(versions: readonly [number, number]): number {
  const [first, last] = versions;
  const [oldest, newest] = PROTOCOL_VERSIONS;
  const version = Math.min(last, newest);
  if (version >= Math.max(first, oldest)) return version;
  throw new GymError("BAD_VERSION", "hello.versions", {
    expected: `a client that speaks one of the versions ${oldest}..${newest} of this server`,
    received: versions,
    hint: last < oldest ? "Update the client." : "Update the server.",
  });
}
