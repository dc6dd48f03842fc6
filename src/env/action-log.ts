/** The actions of each instance's current episode, kept for failure capsules. Bounded: beyond `limit` steps the oldest are given up. */
import { allocate, copyRow, getAny, setAny, takeRows } from "../../protocol/batch.ts";
import { toColumns } from "../../protocol/columns.ts";
import type { BatchOf, Discrete, Space } from "../../protocol/spaces.ts";
import { copyValue } from "./copy-value.ts";
import { isArraySpace } from "./rows.ts";

const FIRST_CAPACITY = 32;

/** Actions of one episode, oldest first. */
export interface LoggedActions {
  readonly batch: BatchOf<Space>;
  readonly count: number;
  /** False when some are missing at the front: the oldest were given up, or the episode was restored half-way. */
  readonly whole: boolean;
}

export class ActionLog {
  readonly #space: Space;
  readonly #limit: number;
  readonly #logs: Log;
  /** Step from which a row's log is whole: not 0 after a restore. */
  readonly #from: Int32Array;

  /** @param limit most steps kept for an instance, >= 1 */
  constructor(space: Space, num: number, limit: number) {
    this.#space = space;
    this.#limit = limit;
    this.#from = new Int32Array(num);
    this.#logs = space.kind === "discrete" ? new FlatLog(space, num, limit) : new RowLogs(space, num, limit);
  }

  /** The episode of `row` begins, or goes on, at `step`; what was noted before does not belong to it. */
  begin(row: number, step: number): void {
    this.#from[row] = step;
  }

  /** Notes the action of step `step` (from 0) of instance `row`: row `place` of `actions`. */
  note(row: number, step: number, actions: unknown, place: number): void {
    this.#logs.note(row, step < this.#limit ? step : step % this.#limit, actions, place);
  }

  /** The same for all of `rows`: row k of `actions` is for instance rows[k], whose next step is steps[rows[k]]. */
  noteAll(rows: Uint32Array, steps: Int32Array, actions: unknown): void {
    if (this.#logs instanceof FlatLog) this.#logs.noteAll(rows, steps, actions as Int32Array);
    else for (let k = 0; k < rows.length; k++) this.note(rows[k]!, steps[rows[k]!]!, actions, k);
  }

  /** The last actions of an episode that has noted `count` of them. */
  take(row: number, count: number): LoggedActions {
    const kept = Math.min(count - (this.#from[row] as number), this.#limit);
    const slots = Array.from({ length: kept }, (_, i) => (count - kept + i) % this.#limit);
    return { batch: this.#logs.take(row, slots), count: kept, whole: kept === count };
  }

  /** The same as bytes. */
  read(row: number, count: number): { actions: Uint8Array[]; count: number; cut: boolean } {
    const { batch, count: kept, whole } = this.take(row, count);
    const actions = toColumns(this.#space, batch, kept).map((column) => column.slice());
    return { actions, count: kept, cut: !whole };
  }
}

/** Twice what was held, but room for `slot` in any case: a restored episode begins far in. */
const capacityFor = (slot: number, held: number, limit: number): number =>
  Math.min(limit, Math.max(FIRST_CAPACITY, 2 * held, slot + 1));

interface Log {
  note(row: number, slot: number, actions: unknown, place: number): void;
  take(row: number, slots: readonly number[]): BatchOf<Space>;
}

/** Discrete actions, the most common by far: one array for all rows, counted from 0 so that most take a byte each. */
class FlatLog implements Log {
  readonly #num: number;
  readonly #limit: number;
  readonly #start: number;
  readonly #array: new (length: number) => Uint8Array | Int32Array;
  #capacity = 0;
  #actions: Uint8Array | Int32Array;

  constructor({ n, start }: Discrete, num: number, limit: number) {
    this.#num = num;
    this.#limit = limit;
    this.#start = start;
    this.#array = n <= 256 ? Uint8Array : Int32Array;
    this.#actions = new this.#array(0);
  }

  note(row: number, slot: number, actions: unknown, place: number): void {
    if (slot >= this.#capacity) this.#grow(slot);
    this.#actions[row * this.#capacity + slot] = ((actions as Int32Array)[place] as number) - this.#start;
  }

  noteAll(rows: Uint32Array, steps: Int32Array, actions: Int32Array): void {
    const limit = this.#limit;
    const start = this.#start;
    let capacity = this.#capacity;
    let log = this.#actions;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const step = steps[row]!;
      const slot = step < limit ? step : step % limit;
      if (slot >= capacity) {
        this.#grow(slot);
        capacity = this.#capacity;
        log = this.#actions;
      }
      log[row * capacity + slot] = actions[k]! - start;
    }
  }

  take(row: number, slots: readonly number[]): BatchOf<Space> {
    return Int32Array.from(slots, (slot) => this.#start + (this.#actions[row * this.#capacity + slot] as number));
  }

  #grow(slot: number): void {
    const held = this.#capacity;
    const capacity = capacityFor(slot, held, this.#limit);
    const bigger = new this.#array(this.#num * capacity);
    for (let row = 0; row < this.#num; row++)
      bigger.set(this.#actions.subarray(row * held, (row + 1) * held), row * capacity);
    this.#actions = bigger;
    this.#capacity = capacity;
  }
}

/** Actions of any other space: a batch for each row. */
class RowLogs implements Log {
  readonly #space: Space;
  readonly #limit: number;
  readonly #logs: BatchOf<Space>[];
  readonly #capacity: Int32Array;

  constructor(space: Space, num: number, limit: number) {
    this.#space = space;
    this.#limit = limit;
    this.#capacity = new Int32Array(num);
    this.#logs = new Array<BatchOf<Space>>(num).fill(allocate(space, 0));
  }

  note(row: number, slot: number, actions: unknown, place: number): void {
    if (slot >= (this.#capacity[row] as number)) this.#grow(row, slot);
    if (isArraySpace(this.#space)) copyRow(this.#space, actions as never, place, this.#logs[row] as never, slot);
    // Lists inside an action are the caller's.
    else setAny(this.#space, this.#logs[row], slot, copyValue(this.#space, getAny(this.#space, actions, place)));
  }

  take(row: number, slots: readonly number[]): BatchOf<Space> {
    return takeRows(this.#space, this.#logs[row] as BatchOf<Space>, slots);
  }

  #grow(row: number, slot: number): void {
    const held = this.#capacity[row] as number;
    const capacity = capacityFor(slot, held, this.#limit);
    const bigger = allocate(this.#space, capacity);
    for (let i = 0; i < held; i++) copyRow(this.#space, this.#logs[row] as BatchOf<Space>, i, bigger, i);
    this.#logs[row] = bigger;
    this.#capacity[row] = capacity;
  }
}
