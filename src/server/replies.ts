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

export class Replies {
  /** Most replies kept, and most requests ahead of the last acknowledgement. */
  readonly window: number;
  readonly #kept: Map<number, Uint8Array>;
  readonly #underWay = new Map<number, number[]>();
  #last: number;
  #acked: number;

  constructor(window: number, saved: SavedReplies = { last: 0, acked: 0, kept: [] }) {
    this.window = window;
    this.#kept = new Map(saved.kept);
    this.#last = saved.last;
    this.#acked = saved.acked;
  }

  save(): SavedReplies {
    return { last: this.#last, acked: this.#acked, kept: [...this.#kept] };
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
      this.#underWay.set(seq, [id]);
      return { kind: "run" };
    }
    const waiting = this.#underWay.get(seq);
    if (waiting !== undefined) {
      waiting.push(id);
      return { kind: "join" };
    }
    const reply = this.#kept.get(seq);
    if (reply !== undefined) return { kind: "cached", reply };
    throw new GymError("STALE", `${where}: seq`, {
      expected: `${this.#last + 1}, or one in ${this.#acked + 1}..${this.#last} again`,
      received: seq,
      hint: "Number requests of a handle from 1 without gaps.",
    });
  }

  /** Keeps the reply of `seq` until it is acknowledged; gives the ids that wait for it, the first asked first. */
  answer(seq: number, reply: Uint8Array): number[] {
    const waiting = this.#underWay.get(seq) ?? [];
    this.#underWay.delete(seq);
    this.#kept.set(seq, reply);
    return waiting;
  }

  /** Kept replies beyond `ack`, in order. */
  after(ack: number): Uint8Array[] {
    return [...this.#kept].filter(([seq]) => seq > ack).sort(([a], [b]) => a - b).map(([, reply]) => reply); // prettier-ignore
  }

  #acknowledge(ack: number): void {
    for (; this.#acked < ack; this.#acked++) this.#kept.delete(this.#acked + 1);
  }

  #tooFar(where: string, seq: number): GymError {
    return new GymError("STALE", `${where}: seq ${seq}`, {
      expected: `at most ${this.window} requests beyond the last acknowledged reply (${this.#acked})`,
      hint: "Send `ack` with each step, or make the env with a larger window.",
    });
  }
}
