/** Observations of many rows with their legal-action masks, written one row at a time into columns. */
import { allocate, clearRow, copyRow, outAt } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import type { NumericArray, Space } from "../../protocol/spaces.ts";
import { maskWidth } from "./built-env.ts";
import { arrayColumns, discreteColumns, firstRows, rowsFrom, zero, type DiscreteColumn } from "./rows.ts";
import type { AnyRules } from "./rules.ts";
import type { StateColumns } from "./state-columns.ts";
import { makeStore, type Store } from "./store-returned.ts";

const FIRST_CAPACITY = 16;

/** Memory for what rows look like. */
export interface Shown {
  readonly observations: unknown;
  /** Empty where the rules have no masks. */
  readonly mask: Uint8Array;
}

/** Of rules that have none. */
const NO_MASK = new Uint8Array(0);

export class ObservationRows {
  readonly #rules: AnyRules;
  readonly #space: Space;
  readonly #discrete: boolean;
  readonly #width: number;
  readonly #most: number;
  #capacity = 0;
  #batch: unknown;
  #mask: Uint8Array = NO_MASK;
  #outs: unknown[] = [];
  #arrays: readonly { readonly array: NumericArray; readonly size: number }[] = [];
  #store: Store = () => undefined;
  #discretes: readonly DiscreteColumn[] = [];

  /** @param most rows that will ever be written; @param capacity rows to make room for now; @param memory where to write those, absent: in memory of its own */
  constructor(rules: AnyRules, most: number, capacity: number, memory?: Shown) {
    this.#rules = rules;
    this.#space = rules.observation;
    this.#discrete = rules.observation.kind === "discrete";
    this.#width = maskWidth(rules);
    this.#most = most;
    this.#resize(capacity, memory);
  }

  /** Rows 0 .. rows-1 are about to be written: `observe` finds its slices zeroed. */
  begin(rows: number): void {
    // A discrete value is always written, or its row cleared.
    if (!this.#discrete) for (const { array, size } of this.#arrays) zero(array, rows * size);
  }

  /** Asks the rules what `state` looks like and writes it into row `place`. @throws what the plugin throws, or ENV_FAULT */
  write(place: number, state: unknown): void {
    if (place >= this.#capacity) this.#grow();
    this.#store(place, this.#rules.observe(state, this.#outs[place]));
    if (this.#width > 0) this.#writeMask(place, state);
  }

  /** The same for the instances `rows` of batch rules, from row `first` on. @throws as above: then those rows are as they were */
  writeAll(columns: StateColumns, rows: Uint32Array, first: number): void {
    const end = first + rows.length;
    while (end > this.#capacity) this.#grow();
    try {
      columns.batch.observe(columns.columns, rows, rowsFrom(this.#space, this.#batch, first, rows.length));
      for (const column of this.#discretes) checkDiscrete(column, first, end);
      if (this.#width > 0) this.#writeMasks(columns, rows, first);
    } catch (error) {
      for (let place = first; place < end; place++) this.clear(place);
      throw error;
    }
  }

  #writeMasks(columns: StateColumns, rows: Uint32Array, first: number): void {
    const { batch } = columns;
    const width = this.#width;
    if (batch.legal === undefined) {
      for (let k = 0; k < rows.length; k++) this.#writeMask(first + k, columns.get(rows[k]!));
      return;
    }
    const whole = this.#mask.length === rows.length * width;
    const out = whole ? this.#mask : this.#mask.subarray(first * width, (first + rows.length) * width);
    batch.legal(columns.columns, rows, out);
  }

  #writeMask(place: number, state: unknown): void {
    const width = this.#width;
    const mask = this.#mask;
    const legal = this.#rules.legal?.(state);
    if (legal?.length !== width) {
      throw new GymError("ENV_FAULT", "legal", { expected: `${width} flags`, received: legal });
    }
    const start = place * width;
    for (let i = 0; i < width; i++) mask[start + i] = legal[i] ? 1 : 0;
  }

  /** Makes row `place` zeros and empty values. */
  clear(place: number): void {
    clearRow(this.#space, this.#batch as never, place);
    if (this.#width > 0) this.#mask.fill(0, place * this.#width, (place + 1) * this.#width);
  }

  /** The first `rows` rows, not copied. */
  observations(rows: number): never {
    return (rows === this.#capacity ? this.#batch : firstRows(this.#space, this.#batch, rows)) as never;
  }

  /** Their masks, not copied; undefined when the rules have none. */
  mask(rows: number): Uint8Array | undefined {
    if (this.#width === 0) return undefined;
    return rows === this.#capacity ? this.#mask : this.#mask.subarray(0, rows * this.#width);
  }

  /** Both, not copied. */
  read(rows: number): { observations: never; mask?: Uint8Array } {
    const observations = this.observations(rows);
    const mask = this.mask(rows);
    return mask === undefined ? { observations } : { observations, mask };
  }

  #grow(): void {
    const held = { batch: this.#batch, mask: this.#mask, rows: this.#capacity };
    this.#resize(Math.min(this.#most, Math.max(FIRST_CAPACITY, 2 * this.#capacity)));
    for (let i = 0; i < held.rows; i++) copyRow(this.#space, held.batch as never, i, this.#batch as never, i);
    this.#mask.set(held.mask);
  }

  #resize(capacity: number, memory?: Shown): void {
    const space = this.#space;
    this.#capacity = capacity;
    this.#batch = memory?.observations ?? allocate(space, capacity);
    if (this.#width > 0) this.#mask = memory?.mask ?? new Uint8Array(capacity * this.#width);
    this.#outs = Array.from({ length: capacity }, (_, i): unknown => outAt(space, this.#batch, i));
    this.#arrays = arrayColumns(space, this.#batch);
    this.#store = makeStore(space, this.#batch);
    this.#discretes = discreteColumns(space, this.#batch);
  }
}

function checkDiscrete({ array, low, high }: DiscreteColumn, first: number, end: number): void {
  for (let place = first; place < end; place++) {
    const value = array[place]!;
    if (value >= low && value <= high) continue;
    throw new GymError("ENV_FAULT", "observe", { expected: `an integer in ${low}..${high}`, received: value });
  }
}
