/** The batches of a segment that is not full yet: part of a checkpoint, or a resumed run would lose them. */
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { columnsOf, type Columned } from "./columns-of.ts";
import type { Transitions } from "./transitions.ts";

export class Segment implements Saveable {
  readonly #steps: number;
  #batches: Transitions[] = [];
  #saved: readonly Plain[] = [];

  /** @param steps batches (time steps) in a segment, >= 1 */
  constructor(steps: number) {
    this.#steps = steps;
  }

  /** Adds a batch; gives the whole segment when it is full. */
  add(batch: Transitions): readonly Transitions[] | undefined {
    // What was saved is data alone; spaces and the rest are those of the stream that goes on.
    for (const saved of this.#saved) this.#batches.push({ ...batch, ...(saved as unknown as Columned) });
    this.#saved = [];
    this.#batches.push(batch);
    return this.#batches.length >= this.#steps ? this.take() : undefined;
  }

  /** What there is, full or not. */
  take(): readonly Transitions[] {
    const taken = this.#batches;
    this.#batches = [];
    return taken;
  }

  save(): Plain {
    return { batches: [...this.#saved, ...this.#batches.map(columnsOf)] };
  }

  load(state: Plain): void {
    this.#batches = [];
    this.#saved = fieldsOf(state)["batches"] as readonly Plain[];
  }
}
