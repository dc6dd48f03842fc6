/** Frames of a first-ready env on their way to the client: numbered from 1, kept until it says that they arrived. */
import { GymError } from "../../protocol/errors.ts";

/** What is remembered across a restart. */
export interface SavedDeliveries {
  readonly number: number;
  readonly acked: number;
  readonly kept: readonly (readonly [number: number, bytes: Uint8Array])[];
}

export class Deliveries {
  readonly #most: number;
  readonly #kept: Map<number, Uint8Array>;
  #number: number;
  #acked: number;

  /** @param most deliveries kept before `send` is refused */
  constructor(most: number, saved: SavedDeliveries = { number: 0, acked: 0, kept: [] }) {
    this.#most = most;
    this.#number = saved.number;
    this.#acked = saved.acked;
    this.#kept = new Map(saved.kept);
  }

  save(): SavedDeliveries {
    return { number: this.#number, acked: this.#acked, kept: [...this.#kept] };
  }

  /** Numbers and keeps a delivery; gives its bytes. */
  add(encode: (number: number) => Uint8Array): Uint8Array {
    const bytes = encode(++this.#number);
    this.#kept.set(this.#number, bytes);
    return bytes;
  }

  /** The client has everything up to `ack`. */
  acknowledge(ack: number): void {
    for (const last = Math.min(ack, this.#number); this.#acked < last; this.#acked++)
      this.#kept.delete(this.#acked + 1);
  }

  /** @throws {GymError} LIMIT when as many as may be kept are */
  assertRoom(where: string): void {
    if (this.#kept.size < this.#most) return;
    throw new GymError("LIMIT", `${where}: ${this.#kept.size} deliveries are not acknowledged (maxDeliveries)`, {
      hint: "Send `ack`, the highest delivery number that arrived.",
    });
  }

  /** Kept deliveries beyond `ack`, in order. */
  after(ack: number): Uint8Array[] {
    return [...this.#kept].filter(([number]) => number > ack).map(([, bytes]) => bytes);
  }
}
