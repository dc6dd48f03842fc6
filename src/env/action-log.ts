/** The actions of each instance's current episode, kept for failure capsules. Bounded: beyond `limit` steps the oldest are given up. */
import { allocate, copyRow, takeRows } from "../../protocol/batch.ts";
import { toColumns } from "../../protocol/columns.ts";
import type { Space } from "../../protocol/spaces.ts";

const FIRST_CAPACITY = 32;

export class ActionLog {
  readonly #space: Space;
  readonly #limit: number;
  readonly #logs: unknown[];
  readonly #capacity: Int32Array;
  /** Step from which a row's log is whole: not 0 after a restore. */
  readonly #from: Int32Array;

  /** @param limit most steps kept for an instance */
  constructor(space: Space, num: number, limit: number) {
    this.#space = space;
    this.#limit = limit;
    this.#capacity = new Int32Array(num);
    this.#from = new Int32Array(num);
    this.#logs = new Array<unknown>(num).fill(undefined);
  }

  /** The episode of `row` begins, or goes on, at `step`; what was noted before does not belong to it. */
  begin(row: number, step: number): void {
    this.#from[row] = step;
  }

  /** Notes the action of step `step` (from 0) of instance `row`: row `place` of `actions`. */
  note(row: number, step: number, actions: unknown, place: number): void {
    if (step >= (this.#capacity[row] as number) && step < this.#limit) this.#grow(row, step);
    const slot = step % this.#limit;
    if (this.#space.kind === "discrete")
      (this.#logs[row] as Int32Array)[slot] = (actions as Int32Array)[place] as number;
    else copyRow(this.#space, actions as never, place, this.#logs[row] as never, slot);
  }

  /** The last actions of an episode that has noted `count` of them, oldest first. */
  read(row: number, count: number): { actions: Uint8Array[]; count: number; cut: boolean } {
    const kept = Math.min(count - (this.#from[row] as number), this.#limit);
    const slots = Array.from({ length: kept }, (_, i) => (count - kept + i) % this.#limit);
    const log = kept === 0 ? allocate(this.#space, 0) : takeRows(this.#space, this.#logs[row] as never, slots);
    const actions = toColumns(this.#space, log, kept).map((column) => column.slice());
    return { actions, count: kept, cut: kept < count };
  }

  #grow(row: number, step: number): void {
    const held = this.#capacity[row] as number;
    const capacity = Math.min(this.#limit, Math.max(FIRST_CAPACITY, 2 * held));
    const bigger = allocate(this.#space, capacity);
    for (let i = 0; i < Math.min(held, step); i++)
      copyRow(this.#space, this.#logs[row] as never, i, bigger as never, i);
    this.#logs[row] = bigger;
    this.#capacity[row] = capacity;
  }
}
