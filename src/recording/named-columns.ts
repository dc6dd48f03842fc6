/** Columns that come with a name: reward parts and what an agent sends along. Which there are may change between segments, never within one. */
import type { NumericArray } from "../../protocol/spaces.ts";
import { dtypeName } from "./leaves.ts";
import { ArrayColumn, type Placement } from "./store-columns.ts";

/** Most columns of a kind. */
export const MAX_NAMES = 64;

export type Named = Readonly<Record<string, NumericArray>>;

export class NamedColumns {
  readonly #slots: number;
  #columns = new Map<string, ArrayColumn>();

  constructor(slots: number) {
    this.#slots = slots;
  }

  get size(): number {
    return this.#columns.size;
  }

  get rowBytes(): number {
    let sum = 0;
    for (const column of this.#columns.values()) sum += column.rowBytes;
    return sum;
  }

  /** Whether these are exactly the columns there are: names, element types and sizes. */
  fit(named: Named, rows: number): boolean {
    let count = 0;
    for (const name in named) {
      const column = this.#columns.get(name);
      const array = named[name] as NumericArray;
      if (column?.size !== array.length / rows || column.dtype !== dtypeName(array)) return false;
      count++;
    }
    return count === this.#columns.size;
  }

  has = (name: string): boolean => this.#columns.has(name);

  /** Replaces the columns. All segments must be closed. */
  replace(named: Named, rows: number): void {
    const columnOf = (array: NumericArray): ArrayColumn =>
      new ArrayColumn(dtypeName(array), array.length / rows, this.#slots);
    this.#columns = new Map(Object.entries(named).map(([name, array]) => [name, columnOf(array)]));
  }

  /** Adds float64 columns of one element. All segments must be closed. */
  add(names: readonly string[]): void {
    for (const name of names) this.#columns.set(name, new ArrayColumn("float64", 1, this.#slots));
  }

  /** Columns that are not given become NaN. */
  put(named: Named, placement: Placement): void {
    for (const [name, column] of this.#columns) {
      const array = named[name];
      if (array) column.put(array, placement);
      else column.putNaN(placement);
    }
  }

  read<T>(slot: number, rows: number, describe: (column: ArrayColumn, data: Uint8Array) => T): Record<string, T> {
    return Object.fromEntries(
      [...this.#columns].map(([name, column]) => [name, describe(column, column.view(slot, rows))]),
    );
  }
}
