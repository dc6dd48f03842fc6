/** Replies to requests without a number of their own (make, reset, ...), kept for a while: a client that lost its socket asks for them again by id. */

export interface OutboxLimits {
  /** Most replies kept. */
  readonly maxReplies: number;
  /** Most bytes of kept replies together. */
  readonly maxBytes: number;
}

/** What became of a request with an id that was seen before. */
export type Fate =
  { readonly kind: "kept"; readonly reply: Uint8Array } | { readonly kind: "pending" } | { readonly kind: "gone" };

export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #pending = new Set<number>();
  readonly #kept = new Map<number, Uint8Array>();
  #bytes = 0;

  constructor(limits: OutboxLimits, kept: Iterable<readonly [id: number, reply: Uint8Array]> = []) {
    this.#limits = limits;
    for (const [id, reply] of kept) this.answered(id, reply);
  }

  /** Requests without an answer yet. */
  get pending(): number {
    return this.#pending.size;
  }

  begun(id: number): void {
    this.#pending.add(id);
  }

  /** Keeps the reply; the oldest give way. */
  answered(id: number, reply: Uint8Array): void {
    this.#pending.delete(id);
    this.#kept.set(id, reply);
    this.#bytes += reply.length;
    const { maxReplies, maxBytes } = this.#limits;
    for (const [oldest, bytes] of this.#kept) {
      if (this.#kept.size <= maxReplies && this.#bytes <= maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  fate(id: number): Fate {
    const reply = this.#kept.get(id);
    if (reply !== undefined) return { kind: "kept", reply };
    return { kind: this.#pending.has(id) ? "pending" : "gone" };
  }

  entries(): [id: number, reply: Uint8Array][] {
    return [...this.#kept];
  }
}
