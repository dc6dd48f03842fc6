/** Requests that have no reply yet, with the bytes to send again after a lost socket. */
import { asGymError, type GymError } from "../../protocol/errors.ts";
import { encodeRequest } from "../../protocol/codec.ts";
import type { Op, Reply, ReplyTo, Request, Requests } from "../../protocol/messages.ts";

interface Waiting {
  readonly op: Op;
  readonly bytes: Uint8Array;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: GymError) => void;
}

export class OpenRequests {
  readonly #several = new Map<number, Waiting>();
  /** The only one that waits, and its id: a table that grows and shrinks with each step is dear. */
  #only: Waiting | undefined;
  #onlyId = 0;
  #nextId = 1;

  /** Numbers and encodes a request. @throws {GymError} BAD_PARAM when a field cannot be sent */
  add<K extends Op>(op: K, fields: Requests[K]): { bytes: Uint8Array; reply: Promise<ReplyTo<K>> } {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const bytes = encode(op, id, fields);
    const waiting = { op, bytes, resolve, reject };
    if (this.#only === undefined && this.#several.size === 0) [this.#only, this.#onlyId] = [waiting, id];
    else this.#waiting.set(id, waiting);
    // The reply to an op is of that op; errors reject.
    return { bytes, reply: promise as Promise<ReplyTo<K>> };
  }

  /** Forgets a hello whose socket is gone: its answer will never come. */
  forgetHello(): void {
    for (const [id, { op }] of this.#waiting) if (op === "hello") this.#waiting.delete(id);
  }

  /** Takes the request that `id` answers; undefined when nobody waits for it. */
  take(id: number): Waiting | undefined {
    const only = this.#only;
    if (only !== undefined && id === this.#onlyId) {
      this.#only = undefined;
      return only;
    }
    const waiting = this.#several.get(id);
    this.#several.delete(id);
    return waiting;
  }

  /** All that wait, in the order they were made. */
  get #waiting(): Map<number, Waiting> {
    // The table is empty while there is an only one, so its place is the first.
    if (this.#only !== undefined) this.#several.set(this.#onlyId, this.#only);
    this.#only = undefined;
    return this.#several;
  }

  /** Bytes of the requests beyond `lastId`, in the order they were made: the server never got them. */
  beyond(lastId: number): Uint8Array[] {
    return [...this.#waiting].filter(([id, { op }]) => id > lastId && op !== "hello").map(([, { bytes }]) => bytes);
  }

  /** Ids of requests that are known by id alone; steps are known by their seq. */
  unnumbered(): number[] {
    return [...this.#waiting].filter(([, { op }]) => op !== "step" && op !== "hello").map(([id]) => id);
  }

  /** Rejects them all. */
  fail(error: GymError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function encode<K extends Op>(op: K, id: number, fields: Requests[K]): Uint8Array {
  try {
    return encodeRequest({ ...fields, op, id } as unknown as Request);
  } catch (error) {
    throw asGymError(error, "BAD_PARAM");
  }
}
