/** What a handle remembers of its numbered requests: which are under way, and the replies that the client has not acknowledged. */
import { GymError } from "../../protocol/errors.ts";

/** What to do with a numbered request. */
export type Decision =
  | { readonly kind: "run" }
  /** Answered before: send this again. */
  | { readonly kind: "cached"; readonly reply: Uint8Array }
  /** Still under way: its reply goes to this request too. */
  | { readonly kind: "join" };

/** What is remembered across a restart. */
export interface SavedReplies {
  readonly last: number;
  readonly acked: number;
  readonly kept: readonly (readonly [seq: number, reply: Uint8Array])[];
}

const NOTHING = { seq: 0, id: 0 };

/** Requests that may wait for the answer to one step. */
const MAX_REPEATS = 64;

const tooOften = (where: string, seq: number): GymError =>
  new GymError("LIMIT", `${where}: seq ${seq}`, {
    expected: `at most ${MAX_REPEATS} requests for a step that is under way`,
    hint: "Wait for its reply.",
  });

export class Replies {
  /** Most replies kept, and most requests ahead of the last acknowledgement. */
  readonly window: number;
  /** By seq modulo the window, from the last acknowledged to the last accepted: no two of these share a place. */
  readonly #kept: (Uint8Array | undefined)[] = [];
  /** A request under way and who asked for it, where there is but one: the common case, and tables that grow and shrink with each step are dear. */
  #only = NOTHING;
  #underWay: Map<number, number[]> | undefined;
  #last: number;
  #acked: number;

  constructor(window: number, saved: SavedReplies = { last: 0, acked: 0, kept: [] }) {
    this.window = window;
    for (const [seq, reply] of saved.kept) this.#kept[seq % window] = reply;
    this.#last = saved.last;
    this.#acked = saved.acked;
  }

  save(): SavedReplies {
    return { last: this.#last, acked: this.#acked, kept: this.#beyond(0) };
  }

  /** The highest seq that was accepted. */
  get last(): number {
    return this.#last;
  }

  /** Judges request `seq` and forgets replies up to `ack`. @throws {GymError} STALE */
  accept(where: string, seq: number, ack: number, id: number): Decision {
    this.#acknowledge(Math.min(ack, this.#last));
    if (seq === this.#last + 1) {
      if (seq - this.#acked > this.window) throw this.#tooFar(where, seq);
      this.#last = seq;
      if (this.#only.seq === 0) this.#only = { seq, id };
      else this.#others.set(seq, [id]);
      return { kind: "run" };
    }
    if (seq === this.#only.seq) {
      this.#others.set(seq, [this.#only.id]);
      this.#only = NOTHING;
    }
    const waiting = this.#underWay?.get(seq);
    if (waiting !== undefined) {
      if (waiting.length >= MAX_REPEATS) throw tooOften(where, seq);
      waiting.push(id);
      return { kind: "join" };
    }
    const reply = seq > this.#acked && seq <= this.#last ? this.#kept[seq % this.window] : undefined;
    if (reply !== undefined) return { kind: "cached", reply };
    throw new GymError("STALE", `${where}: seq`, {
      expected: `${this.#last + 1}, or one in ${this.#acked + 1}..${this.#last} again`,
      received: seq,
      hint: "Number requests of a handle from 1 without gaps.",
    });
  }

  /** Keeps the reply of `seq` until it is acknowledged; gives the ids that wait for it, the first asked first. */
  answer(seq: number, reply: Uint8Array): number[] {
    // Acknowledged before it was there: who says so does not want it kept.
    if (seq > this.#acked) this.#kept[seq % this.window] = reply;
    if (seq === this.#only.seq) {
      const { id } = this.#only;
      this.#only = NOTHING;
      return [id];
    }
    const waiting = this.#underWay?.get(seq) ?? [];
    this.#underWay?.delete(seq);
    return waiting;
  }

  get #others(): Map<number, number[]> {
    return (this.#underWay ??= new Map());
  }

  /** Kept replies beyond `ack`, in order. */
  after(ack: number): Uint8Array[] {
    return this.#beyond(ack).map(([, reply]) => reply);
  }

  #beyond(ack: number): [seq: number, reply: Uint8Array][] {
    const found: [number, Uint8Array][] = [];
    for (let seq = Math.max(ack, this.#acked) + 1; seq <= this.#last; seq++) {
      const reply = this.#kept[seq % this.window];
      if (reply !== undefined) found.push([seq, reply]);
    }
    return found;
  }

  #acknowledge(ack: number): void {
    for (; this.#acked < ack; this.#acked++) this.#kept[(this.#acked + 1) % this.window] = undefined;
  }

  #tooFar(where: string, seq: number): GymError {
    return new GymError("STALE", `${where}: seq ${seq}`, {
      expected: `at most ${this.window} requests beyond the last acknowledged reply (${this.#acked})`,
      hint: "Send `ack` with each step, or make the env with a larger window.",
    });
  }
}
