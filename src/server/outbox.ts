/** Replies to requests without a number of their own (make, reset, ...), kept for a while: a client that lost its socket asks for them again by id. */

export interface OutboxLimits {
  /** Most replies kept. */
  readonly maxKeptReplies: number;
  /** Most bytes of kept replies together. */
  readonly maxKeptBytes: number;
}

/** What became of a request with an id that was seen before. */
export type Fate =
  { readonly kind: "kept"; readonly reply: Uint8Array } | { readonly kind: "pending" } | { readonly kind: "gone" };

export class Outbox {
  readonly #limits: OutboxLimits;
  /** Both are there while there is something in them: most sessions are idle, and an empty table is larger than all else here. */
  #pending: Set<number> | undefined;
  #kept: Map<number, Uint8Array> | undefined;
  #bytes = 0;

  constructor(limits: OutboxLimits, kept: Iterable<readonly [id: number, reply: Uint8Array]> = []) {
    this.#limits = limits;
    for (const [id, reply] of kept) this.answered(id, reply);
  }

  /** Requests without an answer yet. */
  get pending(): number {
    return this.#pending?.size ?? 0;
  }

  /** Nothing is under way or kept. */
  get empty(): boolean {
    return this.#pending === undefined && this.#kept === undefined;
  }

  begun(id: number): void {
    this.#pending ??= new Set();
    this.#pending.add(id);
  }

  /** The request has an answer that need not be kept. */
  done(id: number): void {
    if (this.#pending?.delete(id) === true && this.#pending.size === 0) this.#pending = undefined;
  }

  /** Keeps the reply; the oldest give way. */
  answered(id: number, reply: Uint8Array): void {
    this.done(id);
    this.#kept ??= new Map();
    // A small message lies in memory that it shares with others, and would keep all of that.
    this.#kept.set(id, reply.length < reply.buffer.byteLength ? reply.slice() : reply);
    this.#bytes += reply.length;
    const { maxKeptReplies, maxKeptBytes } = this.#limits;
    for (const [oldest, bytes] of this.#kept) {
      if (this.#kept.size <= maxKeptReplies && this.#bytes <= maxKeptBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  fate(id: number): Fate {
    const reply = this.#kept?.get(id);
    if (reply !== undefined) return { kind: "kept", reply };
    return { kind: this.#pending?.has(id) === true ? "pending" : "gone" };
  }

  entries(): [id: number, reply: Uint8Array][] {
    return [...(this.#kept ?? [])];
  }
}
