/** Columns of open segments, instance-major: the steps of instance i lie at slots i * capacity ..., so a segment is one contiguous view when it closes. */
import { arrayOf, BYTES, bytesOf } from "../../protocol/bytes.ts";
import { toColumns } from "../../protocol/columns.ts";
import type { DType, NumericArray, Space } from "../../protocol/spaces.ts";
import { batchFrom, columnAt, leavesOf, type Leaf } from "./leaves.ts";

/** Which rows of a frame go to which slots: parallel, the first `count` of each. */
export interface Placement {
  readonly rows: Int32Array;
  readonly slots: Int32Array;
  readonly count: number;
}

/** One typed column. Copies words where it can, so that one compiled loop serves every element type. */
export class ArrayColumn {
  readonly dtype: DType;
  /** Elements of a row. */
  readonly size: number;
  readonly rowBytes: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(dtype: DType, size: number, slots: number) {
    this.dtype = dtype;
    this.size = size;
    this.rowBytes = size * BYTES[dtype];
    const buffer = new ArrayBuffer(Math.ceil((slots * this.rowBytes) / 4) * 4);
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  put(source: NumericArray, placement: Placement): void {
    if (this.rowBytes % 4 === 0 && source.byteOffset % 4 === 0) {
      scatterWords(wordsOf(source), this.#words, placement, this.rowBytes >> 2);
    } else {
      scatterBytes(bytesOf(source), this.#bytes, placement, this.rowBytes);
    }
  }

  /** Row i goes to slot i * capacity + step. */
  putStep(rows: NumericArray, step: number, capacity: number): void {
    if (this.rowBytes % 4 === 0 && rows.byteOffset % 4 === 0) {
      spreadWords(wordsOf(rows), this.#words, this.rowBytes >> 2, step, capacity);
    } else {
      spreadBytes(bytesOf(rows), this.#bytes, this.rowBytes, step, capacity);
    }
  }

  /** Fills slots of a float64 column with NaN. */
  putNaN({ slots, count }: Placement): void {
    const doubles = new Float64Array(this.#bytes.buffer);
    for (let i = 0; i < count; i++) doubles[slots[i] as number] = NaN;
  }

  /** The bytes of `rows` slots from `slot`: a view, valid until those slots are written again. */
  view(slot: number, rows: number): Uint8Array {
    return this.#bytes.subarray(slot * this.rowBytes, (slot + rows) * this.rowBytes);
  }
}

const wordsOf = (array: NumericArray): Int32Array =>
  new Int32Array(array.buffer, array.byteOffset, array.byteLength >> 2);

// Loops of their own for the commonest sizes, and each for one type of array: compiled for several, they take five times as long.

function spreadWords(from: Int32Array, to: Int32Array, size: number, step: number, capacity: number): void {
  const rows = from.length / size;
  if (size === 1) {
    for (let row = 0, slot = step; row < rows; row++, slot += capacity) to[slot] = from[row] as number;
  } else if (size === 2) {
    for (let row = 0, slot = 2 * step; row < rows; row++, slot += 2 * capacity) {
      to[slot] = from[2 * row] as number;
      to[slot + 1] = from[2 * row + 1] as number;
    }
  } else {
    for (let row = 0; row < rows; row++) {
      const target = (row * capacity + step) * size;
      for (let k = 0; k < size; k++) to[target + k] = from[row * size + k] as number;
    }
  }
}

function spreadBytes(from: Uint8Array, to: Uint8Array, size: number, step: number, capacity: number): void {
  const rows = from.length / size;
  for (let row = 0; row < rows; row++) {
    const target = (row * capacity + step) * size;
    for (let k = 0; k < size; k++) to[target + k] = from[row * size + k] as number;
  }
}

function scatterWords(from: Int32Array, to: Int32Array, { rows, slots, count }: Placement, size: number): void {
  if (size === 1) {
    for (let i = 0; i < count; i++) to[slots[i] as number] = from[rows[i] as number] as number;
    return;
  }
  for (let i = 0; i < count; i++) {
    const source = (rows[i] as number) * size;
    const target = (slots[i] as number) * size;
    for (let k = 0; k < size; k++) to[target + k] = from[source + k] as number;
  }
}

function scatterBytes(from: Uint8Array, to: Uint8Array, { rows, slots, count }: Placement, size: number): void {
  for (let i = 0; i < count; i++) {
    const source = (rows[i] as number) * size;
    const target = (slots[i] as number) * size;
    for (let k = 0; k < size; k++) to[target + k] = from[source + k] as number;
  }
}

/** The columns of a space. Values that are no arrays are kept as values and become columns when the segment closes. */
export class SpaceColumns {
  readonly #space: Space;
  readonly #leaves: readonly Leaf[];
  readonly #columns: readonly (ArrayColumn | unknown[])[];
  /** Bytes of the array leaves of a row. */
  readonly rowBytes: number;
  /** Whether every leaf is one typed array. */
  readonly allArrays: boolean;

  constructor(space: Space, slots: number) {
    this.#space = space;
    this.#leaves = leavesOf(space);
    this.#columns = this.#leaves.map(({ array }) => (array ? new ArrayColumn(array.dtype, array.size, slots) : []));
    this.allArrays = this.#leaves.every((leaf) => leaf.array);
    this.rowBytes = rowBytesOf(space);
  }

  /** Returns the bytes that values which are no arrays take, roughly. */
  put(batch: unknown, placement: Placement): number {
    let extra = 0;
    for (const [k, leaf] of this.#leaves.entries()) {
      const column = this.#columns[k] as ArrayColumn | unknown[];
      const source = columnAt(batch, leaf.path);
      if (column instanceof ArrayColumn) column.put(source as NumericArray, placement);
      else extra += putValues(source as readonly unknown[], column, placement);
    }
    return extra;
  }

  /** One step of every instance, as `ArrayColumn.putStep`. Every leaf must be an array. */
  putStep(batch: unknown, step: number, capacity: number): void {
    for (const [k, { path }] of this.#leaves.entries()) {
      (this.#columns[k] as ArrayColumn).putStep(columnAt(batch, path) as NumericArray, step, capacity);
    }
  }

  /** Little-endian columns of `rows` slots from `slot`. */
  read(slot: number, rows: number): readonly Uint8Array[] {
    if (this.allArrays) return this.#columns.map((column) => (column as ArrayColumn).view(slot, rows));
    const columns = this.#columns.map((column) =>
      column instanceof ArrayColumn ? arrayOf(column.dtype, column.view(slot, rows)) : column.slice(slot, slot + rows),
    );
    return toColumns(this.#space, batchFrom(this.#space, columns) as never, rows);
  }
}

export const rowBytesOf = (space: Space): number =>
  leavesOf(space).reduce((sum, { array }) => sum + (array?.bytes ?? 16), 0);

function putValues(source: readonly unknown[], column: unknown[], { rows, slots, count }: Placement): number {
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const value = source[rows[i] as number];
    // Texts cannot change; anything else may belong to the plugin's state.
    column[slots[i] as number] = typeof value === "string" ? value : structuredClone(value);
    bytes += sizeOf(value);
  }
  return bytes;
}

/** Roughly the bytes a value takes as a column. */
function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 4);
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce<number>((sum, item) => sum + sizeOf(item), 0);
}
