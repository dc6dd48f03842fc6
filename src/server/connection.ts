/** One socket: `hello` first, then its session; reading stops while the client does not read. */
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { decodeRequest, encodeReply } from "../../protocol/codec.ts";
import { GymError } from "../../protocol/errors.ts";
import { PROTOCOL_VERSIONS, type Request } from "../../protocol/messages.ts";
import type { ServerContext } from "./context.ts";
import { SERVED_OPS } from "./ops/index.ts";
import { errorReply, Session } from "./session.ts";
import type { Token } from "./tokens.ts";

/** Close code for errors of the protocol; the reason is the error code. */
const CLOSE_ERROR = 4000;

export class Connection {
  readonly #socket: WebSocket;
  readonly #context: ServerContext;
  readonly #token: Token | undefined;
  readonly #onSession: (session: Session) => void;
  #session: Session | undefined;
  #helloTimer: NodeJS.Timeout;

  constructor(
    socket: WebSocket,
    context: ServerContext,
    token: Token | undefined,
    onSession: (session: Session) => void,
  ) {
    this.#socket = socket;
    this.#context = context;
    this.#token = token;
    this.#onSession = onSession;
    this.#helloTimer = setTimeout(() => {
      this.end(
        new GymError("HELLO_NEEDED", "the first message", {
          expected: `hello within ${context.limits.helloTimeoutMs} ms`,
        }),
      );
    }, context.limits.helloTimeoutMs);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#receive(data, isBinary);
    });
    socket.on("error", (error) => {
      context.log(`socket error: ${error.message}`);
    });
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Tells the client why, then closes. */
  end(error: GymError): void {
    clearTimeout(this.#helloTimer);
    this.#send(encodeReply(errorReply(0, error)));
    this.#socket.close(CLOSE_ERROR, error.code);
  }

  /** Drops the socket at once. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** After the socket has closed. */
  ended(): void {
    clearTimeout(this.#helloTimer);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!isBinary) {
      this.end(
        new GymError("BAD_MESSAGE", "frame", { expected: "a binary frame (MessagePack)", received: "a text frame" }),
      );
    } else if (this.#session === undefined) this.#hello(data);
    else this.#session.receive(data);
  }

  #hello(data: Buffer): void {
    const { id, request, error } = decodeRequest(data);
    if (request === undefined) this.#refuse(id, error);
    else if (request.op !== "hello") {
      this.#refuse(id, new GymError("HELLO_NEEDED", "the first message", { expected: "hello", received: request.op }));
    } else this.#welcome(request);
  }

  #refuse(id: number, error: GymError): void {
    clearTimeout(this.#helloTimer);
    this.#send(encodeReply(errorReply(id, error)));
    this.#socket.close(CLOSE_ERROR, error.code);
  }

  #welcome(request: Request<"hello">): void {
    const [first, last] = request.versions;
    const [ours, newest] = PROTOCOL_VERSIONS;
    const version = Math.min(last, newest);
    if (version < Math.max(first, ours)) {
      const expected = `a client that speaks one of the versions ${ours}..${newest} of this server`;
      this.#refuse(request.id, new GymError("BAD_VERSION", "hello.versions", { expected, received: request.versions, hint: last < ours ? "Update the client." : "Update the server." })); // prettier-ignore
      return;
    }
    clearTimeout(this.#helloTimer);
    const session = this.#open();
    session.reply({
      op: "welcome",
      id: request.id,
      version,
      server: this.#context.server,
      session: session.id,
      token: randomBytes(16).toString("hex"),
      grace: 0,
      resumed: false,
      limits: this.#context.limits,
      features: SERVED_OPS,
    });
  }

  #open(): Session {
    const id = randomBytes(9).toString("base64url");
    const session = new Session(
      id,
      this.#context,
      this.#token,
      (bytes) => { this.#send(bytes); }, // prettier-ignore
      (error) => { this.#socket.close(CLOSE_ERROR, error.code); }, // prettier-ignore
    );
    this.#session = session;
    this.#onSession(session);
    return session;
  }

  /** `ws` does not copy: the bytes must not change until they are sent. Encoders give fresh ones each time. */
  #send(bytes: Uint8Array): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    const { maxBuffered } = this.#context.limits;
    if (socket.bufferedAmount + bytes.length <= maxBuffered || socket.isPaused) {
      socket.send(bytes);
      return;
    }
    // No reading while the client does not read: requests stay in its own buffers.
    socket.pause();
    socket.send(bytes, () => {
      socket.resume();
    });
  }
}
