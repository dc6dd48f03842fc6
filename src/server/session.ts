/** One client's envs and the answers to its requests. Knows nothing of sockets: bytes come in by `receive` and leave by `send`. */
import { asGymError, ERROR_CODES, GymError } from "../../protocol/errors.ts";
import { decodeRequest, encodeReply } from "../../protocol/codec.ts";
import type { Op, Reply, Request } from "../../protocol/messages.ts";
import type { Handle } from "./handle.ts";
import type { ServerContext } from "./context.ts";
import { OPS } from "./ops/index.ts";
import { may, type Capability, type Token } from "./tokens.ts";

export class Session {
  readonly id: string;
  readonly context: ServerContext;
  readonly handles = new Map<number, Handle>();
  readonly #token: Token | undefined;
  readonly #send: (bytes: Uint8Array) => void;
  readonly #end: (error: GymError) => void;
  #nextHandle = 1;
  #instances = 0;
  #closed = false;

  /** @param end closes the connection after an error that does not leave it usable */
  constructor(
    id: string,
    context: ServerContext,
    token: Token | undefined,
    send: (bytes: Uint8Array) => void,
    end: (error: GymError) => void,
  ) {
    this.id = id;
    this.context = context;
    this.#token = token;
    this.#send = send;
    this.#end = end;
  }

  /** Answers one message. Never throws. */
  receive(bytes: Uint8Array): void {
    const { id, request, error } = decodeRequest(bytes);
    if (request === undefined) this.fail(id, error);
    else this.#dispatch(request);
  }

  #dispatch(request: Request): void {
    const handler = OPS[request.op] as ((session: Session, request: Request) => unknown) | undefined;
    if (handler === undefined) {
      this.fail(
        request.id,
        new GymError("UNSUPPORTED", `op ${request.op}`, { hint: "`welcome` lists what this server has." }),
      );
      return;
    }
    try {
      const result = handler(this, request);
      if (result instanceof Promise) result.catch((error: unknown) => { this.fail(request.id, error, envOf(request)); }); // prettier-ignore
    } catch (error) {
      this.fail(request.id, error, envOf(request));
    }
  }

  reply(reply: Reply): void {
    this.sendBytes(encodeReply(reply));
  }

  sendBytes(bytes: Uint8Array): void {
    if (!this.#closed) this.#send(bytes);
  }

  /** Answers with an error; closes where the error says so. */
  fail(id: number, thrown: unknown, env?: number): void {
    const error = asGymError(thrown);
    if (error.code === "INTERNAL") this.context.log(`internal error: ${String(error.cause ?? error)}`);
    this.reply(errorReply(id, error, env));
    if (ERROR_CODES[error.code].closes) this.#end(error);
  }

  /** @throws {GymError} UNKNOWN_HANDLE */
  handle(id: number): Handle {
    const handle = this.handles.get(id);
    if (handle !== undefined) return handle;
    throw new GymError("UNKNOWN_HANDLE", "env", {
      expected: "a handle that `make` gave in this session",
      received: id,
    });
  }

  /** @throws {GymError} LIMIT */
  assertRoom(num: number): void {
    const { maxHandles, maxInstances } = this.context.limits;
    const over = (what: string, limit: number): GymError => new GymError("LIMIT", `${what} in one session`, { expected: `at most ${limit}`, hint: "Close envs that are no longer needed." }); // prettier-ignore
    if (this.handles.size >= maxHandles) throw over("envs (maxHandles)", maxHandles);
    if (this.#instances + num > maxInstances) throw over("instances (maxInstances)", maxInstances);
  }

  add(make: (id: number) => Handle): Handle {
    const handle = make(this.#nextHandle++);
    this.handles.set(handle.id, handle);
    this.#instances += handle.runner.num;
    return handle;
  }

  async drop(handle: Handle): Promise<void> {
    this.handles.delete(handle.id);
    this.#instances -= handle.runner.num;
    await handle.close();
  }

  may(capability: Capability, secret: boolean): boolean {
    return may(this.#token, capability, secret);
  }

  /** @throws {GymError} FORBIDDEN */
  need(capability: Capability, secret: boolean, where: string): void {
    if (this.may(capability, secret)) return;
    throw new GymError("FORBIDDEN", where, { expected: `a token with the capability \`${capability}\``, hint: "Ask the operator of the server." }); // prettier-ignore
  }

  /** Closes every env; recordings are complete when it settles. */
  async close(): Promise<void> {
    this.#closed = true;
    const results = await Promise.allSettled([...this.handles.values()].map((handle) => this.drop(handle)));
    for (const result of results)
      if (result.status === "rejected") this.context.log(`closing an env failed: ${String(result.reason)}`);
  }
}

export function errorReply(id: number, error: GymError, env?: number): Reply<"error"> {
  const { code, message, retryable } = error;
  return { op: "error", id, code, message, retryable, ...(env !== undefined && { env }) };
}

const envOf = (request: Request): number | undefined =>
  "env" in request && typeof request.env === "number" ? request.env : undefined;

/** A handler answers by itself (`session.reply`); what it throws, or rejects with, becomes the error reply. */
export type Handler<K extends Op> = (session: Session, request: Request<K>) => void | Promise<void>;
