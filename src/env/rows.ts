/** Views and bulk operations on whole batches: the first n rows without a copy, rows set to zero, a copy of its own. */
import { elementsOf, type ArraySpace } from "../../protocol/batch.ts";
import type { NumericArray, Space } from "../../protocol/spaces.ts";

/** One column of a batch: numbers, or the values of a text, sequence or oneOf space. */
type Column = NumericArray | unknown[];

/** Spaces whose batches are one typed array. */
export const isArraySpace = (space: Space): space is ArraySpace =>
  space.kind === "discrete" || space.kind === "box" || space.kind === "multiDiscrete" || space.kind === "multiBinary";

/** Applies `leaf` to every column of a batch and gives a batch of the results; dict and tuple are walked, everything else is one column. */
function mapColumns(space: Space, batch: unknown, leaf: (column: Column, size: number) => unknown): unknown {
  if (space.kind === "dict") {
    const columns = batch as Readonly<Record<string, unknown>>;
    const mapped: Record<string, unknown> = {};
    for (const name in space.fields) mapped[name] = mapColumns(space.fields[name] as Space, columns[name], leaf);
    return mapped;
  }
  if (space.kind === "tuple") {
    const columns = batch as readonly unknown[];
    return space.items.map((item, i) => mapColumns(item, columns[i], leaf));
  }
  return leaf(batch as Column, isArraySpace(space) ? elementsOf(space) : 1);
}

/** The first `rows` rows: views of typed arrays, slices of JS arrays. */
export const firstRows = (space: Space, batch: unknown, rows: number): unknown => rowsFrom(space, batch, 0, rows);

/** `rows` rows from row `first` on: views of typed arrays, slices of JS arrays. */
export function rowsFrom(space: Space, batch: unknown, first: number, rows: number): unknown {
  return mapColumns(space, batch, (column, size) => {
    if (column.length === rows * size) return column;
    const [begin, end] = [first * size, (first + rows) * size];
    return Array.isArray(column) ? column.slice(begin, end) : column.subarray(begin, end);
  });
}

/** The typed arrays of a batch with the elements that a row has in each. */
export function arrayColumns(space: Space, batch: unknown): { readonly array: NumericArray; readonly size: number }[] {
  const found: { array: NumericArray; size: number }[] = [];
  mapColumns(space, batch, (array, size) => (Array.isArray(array) ? undefined : found.push({ array, size })));
  return found;
}

/** The column of a discrete leaf, with what lies in its space. */
export interface DiscreteColumn {
  readonly array: Int32Array;
  readonly low: number;
  readonly high: number;
}

/** The discrete leaves of a batch. */
export function discreteColumns(space: Space, batch: unknown): DiscreteColumn[] {
  switch (space.kind) {
    case "discrete":
      return [{ array: batch as Int32Array, low: space.start, high: space.start + space.n - 1 }];
    case "dict":
      return Object.entries(space.fields).flatMap(([name, field]) =>
        discreteColumns(field, (batch as Readonly<Record<string, unknown>>)[name]),
      );
    case "tuple":
      return space.items.flatMap((item, i) => discreteColumns(item, (batch as readonly unknown[])[i]));
    default:
      return [];
  }
}

const ZEROS = new Uint8Array(65_536);

/** Zeroes the first `count` elements. */
export function zero(array: NumericArray, count: number): void {
  // A call of `fill` costs more than a few stores, and a single env has few.
  if (count > 8) {
    if (!(array.buffer instanceof ArrayBuffer)) zeroShared(array, count);
    else array.fill(0, 0, count);
  } else for (let i = 0; i < count; i++) array[i] = 0;
}

/** Memory that threads share is filled byte by byte, but copied in words: 8 times as fast. */
function zeroShared({ buffer, byteOffset, BYTES_PER_ELEMENT }: NumericArray, count: number): void {
  const bytes = new Uint8Array(buffer, byteOffset, count * BYTES_PER_ELEMENT);
  for (let at = 0; at < bytes.length; at += ZEROS.length)
    bytes.set(bytes.length - at < ZEROS.length ? ZEROS.subarray(0, bytes.length - at) : ZEROS, at);
}

const copyColumn = (column: Column): Column => column.slice();

/** A copy with arrays of its own. */
export const copyBatch = (space: Space, batch: unknown): unknown =>
  isArraySpace(space) ? copyColumn(batch as Column) : mapColumns(space, batch, copyColumn);
