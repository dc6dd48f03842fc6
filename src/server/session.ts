/** One client's envs and the answers to its requests. Outlives its sockets: bytes come in by `receive` and leave by whatever link is attached. */
import { decodeRequest, encodeReply } from "../../protocol/codec.ts";
import { asGymError, ERROR_CODES, GymError } from "../../protocol/errors.ts";
import type { Op, Reply, Request } from "../../protocol/messages.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import type { OnFault } from "../env/faults.ts";
import type { ServerContext } from "./context.ts";
import { errorReply } from "./error-reply.ts";
import { FaultLog } from "./fault-log.ts";
import type { Handle } from "./handle.ts";
import { thrown, type Logger } from "./log.ts";
import { madeReply } from "./made-reply.ts";
import { OPS } from "./ops/index.ts";
import { Outbox } from "./outbox.ts";
import type { ResumeToken } from "./resume-token.ts";
import { Subscriptions } from "./subscriptions.ts";
import { may, type Capability, type Token } from "./tokens.ts";

/** The way to the client, while there is one. */
export interface Link {
  /** @param sent called when the bytes have left this process, or never will */
  send(bytes: Uint8Array, sent?: () => void): void;
  /** Closes the socket; the client was told why. */
  end(error: GymError): void;
  /** The client broke the protocol: tells it so, perhaps not at once, hears nothing more of it and closes the socket. */
  refuse(answer: Uint8Array, error: GymError): void;
}

export interface SessionStart {
  readonly id: string;
  readonly resume: ResumeToken;
  readonly token: Token | undefined;
  readonly lastId?: number;
  readonly nextHandle?: number;
  readonly kept?: Iterable<readonly [id: number, reply: Uint8Array]>;
}

/** Of a session without envs. */
const NONE: readonly Handle[] = [];

export class Session implements OnFault {
  readonly id: string;
  readonly context: ServerContext;
  /** Few, so that a table of them would be larger than what it holds. */
  #handles = NONE;
  readonly resume: ResumeToken;
  readonly token: Token | undefined;
  readonly outbox: Outbox;
  #subscriptions: Subscriptions | undefined;
  #faultLog: FaultLog | undefined;
  #link: Link | undefined;
  #lastId: number;
  #nextHandle: number;
  #instances = 0;
  #making = 0;
  #closed = false;
  /** When the client was last heard of, in ms of performance.now(). */
  lastHeard = performance.now();

  constructor(context: ServerContext, start: SessionStart) {
    this.id = start.id;
    this.context = context;
    this.resume = start.resume;
    this.token = start.token;
    this.outbox = new Outbox(context.limits, start.kept);
    this.#lastId = start.lastId ?? 0;
    this.#nextHandle = start.nextHandle ?? 1;
  }

  /** Made for each line, and not kept: a logger of its own for each of thousands of sessions takes more than the session. */
  get log(): Logger {
    return this.context.log.child({ session: this.id });
  }

  get handles(): readonly Handle[] {
    return this.#handles;
  }

  get subscriptions(): Subscriptions {
    return (this.#subscriptions ??= new Subscriptions());
  }

  /** The highest request id received: what the client sent beyond it never arrived. */
  get lastId(): number {
    return this.#lastId;
  }

  get nextHandle(): number {
    return this.#nextHandle;
  }

  get attached(): boolean {
    return this.#link !== undefined;
  }

  attach(link: Link): void {
    this.#link = link;
    this.lastHeard = performance.now();
  }

  /** The socket is gone; false when another one has taken its place. */
  detach(link: Link): boolean {
    if (this.#link !== link) return false;
    this.#link = undefined;
    return true;
  }

  /** Answers one message. Never throws. */
  receive(bytes: Uint8Array): void {
    this.lastHeard = performance.now();
    this.resume.confirm();
    const { id, request, error } = decodeRequest(bytes);
    if (request === undefined) this.fail(id, error);
    else if (id <= this.#lastId && request.op !== "step") this.again(id);
    else this.#dispatch(request);
  }

  /** Answers a request that was received before: from what is kept, or when it is done. */
  again(id: number): void {
    const made = this.#handles.find(({ madeBy }) => madeBy === id);
    if (made !== undefined) {
      this.sendBytes(encodeReply(madeReply(this, made)));
      return;
    }
    const fate = this.outbox.fate(id);
    if (fate.kind === "kept") this.sendBytes(fate.reply);
    if (fate.kind !== "gone") return;
    this.sendBytes(encodeReply(errorReply(id, new GymError("STALE", `request id ${id}`, { expected: "ids that increase within a session, or one whose reply is still kept" })))); // prettier-ignore
  }

  #dispatch(request: Request): void {
    const { id, op } = request;
    this.#lastId = Math.max(this.#lastId, id);
    const handler = OPS[op] as ((session: Session, request: Request) => unknown) | undefined;
    if (handler === undefined) {
      this.fail(id, new GymError("UNSUPPORTED", `op ${op}`, { hint: "`welcome` lists what this server has." }));
      return;
    }
    if (op !== "step" && !this.#begin(id)) return;
    try {
      const result = handler(this, request);
      if (result instanceof Promise) result.catch((error: unknown) => { this.fail(id, error, envOf(request)); }); // prettier-ignore
    } catch (error) {
      this.fail(id, error, envOf(request));
    }
  }

  /** Notes a request that may take a while; refuses it where too many are under way. */
  #begin(id: number): boolean {
    const { maxPending } = this.context.limits;
    if (this.outbox.pending < maxPending) {
      this.outbox.begun(id);
      return true;
    }
    const hint = "Wait for replies before asking for more.";
    this.fail(id, new GymError("LIMIT", `requests under way in one session (maxPending): ${maxPending}`, { hint }));
    return false;
  }

  /** Answers a request and keeps the answer for a while. */
  reply(reply: Reply): void {
    const bytes = encodeReply(reply);
    if (reply.id > 0) this.outbox.answered(reply.id, bytes);
    this.sendBytes(bytes);
  }

  /** Answers the request that made an env. */
  replyMade(handle: Handle): void {
    this.outbox.done(handle.madeBy);
    this.sendBytes(encodeReply(madeReply(this, handle)));
  }

  /** @param sent called when the bytes have left, or when there is no way to the client */
  sendBytes(bytes: Uint8Array, sent?: () => void): void {
    if (this.#link === undefined || this.#closed) {
      this.context.metrics.dropped("no-socket");
      sent?.();
    } else this.#link.send(bytes, sent);
  }

  /** Logs failures of an env's plugin. */
  onFault(env: BuiltEnv, error: GymError, row: number): void {
    this.#faultLog ??= new FaultLog();
    this.#faultLog.write(this.log, env, error, row);
  }

  /** Counts an error reply; a defect of dojang itself is logged. */
  noteFailure(error: GymError): void {
    this.context.metrics.failed(error.code);
    if (error.code === "INTERNAL") this.log.error(thrown(error.cause ?? error), "internal error");
  }

  /** What was thrown, as an error for the client; what only the operator should know is logged. */
  explain(thrown: unknown): GymError {
    const error = asGymError(thrown);
    this.noteFailure(error);
    return error;
  }

  /** Answers with an error; closes the socket where the error says so. */
  fail(id: number, thrown: unknown, env?: number): void {
    const error = this.explain(thrown);
    const reply = errorReply(id, error, env);
    if (ERROR_CODES[error.code].closes && this.#link !== undefined) {
      this.outbox.done(id);
      this.#link.refuse(encodeReply(reply), error);
    } else this.reply(reply);
  }

  /** Nothing would be lost with it. */
  get blank(): boolean {
    return this.#handles.length === 0 && this.#making === 0 && this.outbox.empty && this.#subscriptions === undefined;
  }

  /** Closes the socket, if there is one. */
  end(error: GymError): void {
    this.#link?.end(error);
  }

  /** @throws {GymError} UNKNOWN_HANDLE */
  handle(id: number): Handle {
    for (const handle of this.#handles) if (handle.id === id) return handle;
    throw new GymError("UNKNOWN_HANDLE", "env", {
      expected: "a handle that `make` gave in this session",
      received: id,
    });
  }

  /** Keeps room for an env of `num` instances while it is made; what it gives lets go of that. @throws {GymError} LIMIT */
  reserve(num: number): () => void {
    const { maxHandles, maxInstances } = this.context.limits;
    const over = (what: string, limit: number): GymError =>
      new GymError("LIMIT", `${what} in one session`, {
        expected: `at most ${limit}`,
        hint: "Close envs that are no longer needed.",
      });
    if (this.#handles.length + this.#making >= maxHandles) throw over("envs (maxHandles)", maxHandles);
    if (this.#instances + num > maxInstances) throw over("instances (maxInstances)", maxInstances);
    this.#making++;
    this.#instances += num;
    return () => {
      this.#making--;
      this.#instances -= num;
    };
  }

  /** @throws {GymError} CANCELLED when the session was closed while the env was made; the env is closed too */
  add(make: (id: number) => Handle): Handle {
    const handle = make(this.#nextHandle);
    if (this.#closed) {
      handle.close().catch((error: unknown) => { this.log.error(thrown(error), "closing an env failed"); }); // prettier-ignore
      throw new GymError("CANCELLED", `${handle.env.id}: the session is closed`);
    }
    this.#nextHandle = Math.max(this.#nextHandle, handle.id) + 1;
    this.#handles = this.#handles.concat(handle); // spreading would leave room for sixteen more
    this.#instances += handle.runner.num;
    return handle;
  }

  async drop(handle: Handle): Promise<void> {
    this.#handles = this.#handles.filter((other) => other !== handle);
    this.#instances -= handle.runner.num;
    await handle.close();
  }

  may(capability: Capability, secret: boolean): boolean {
    return may(this.token, capability, secret);
  }

  /** @throws {GymError} FORBIDDEN */
  need(capability: Capability, secret: boolean, where: string): void {
    if (this.may(capability, secret)) return;
    throw new GymError("FORBIDDEN", where, {
      expected: `a token with the capability \`${capability}\``,
      hint: "Ask the operator of the server.",
    });
  }

  /** Closes every env; recordings are complete when it settles. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions?.endAll();
    const results = await Promise.allSettled(this.#handles.map((handle) => this.drop(handle)));
    for (const result of results) {
      if (result.status === "rejected") this.log.error(thrown(result.reason), "closing an env failed");
    }
  }
}

const envOf = (request: Request): number | undefined =>
  "env" in request && typeof request.env === "number" ? request.env : undefined;

/** A handler answers by itself (`session.reply`); what it throws, or rejects with, becomes the error reply. */
export type Handler<K extends Op> = (session: Session, request: Request<K>) => void | Promise<void>;
