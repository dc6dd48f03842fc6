/** Views and bulk operations on whole batches: the first n rows without a copy, all rows set to zero, a copy of its own. */
import type { Space } from "../../protocol/spaces.ts";

/** Applies `leaf` to every column of a batch; dict and tuple are walked, everything else is one column. */
function mapColumns(space: Space, batch: unknown, leaf: (column: Column, size: number) => unknown): unknown {
  if (space.kind === "dict") {
    const columns = batch as Readonly<Record<string, unknown>>;
    const entries = Object.entries(space.fields);
    return Object.fromEntries(entries.map(([name, field]) => [name, mapColumns(field, columns[name], leaf)]));
  }
  if (space.kind === "tuple") {
    const columns = batch as readonly unknown[];
    return space.items.map((item, i) => mapColumns(item, columns[i], leaf));
  }
  return leaf(batch as Column, elements(space));
}

type Column = Int32Array | unknown[];

function elements(space: Space): number {
  if (space.kind === "box") return space.shape.reduce((product, side) => product * side, 1);
  if (space.kind === "multiDiscrete") return space.nvec.length;
  return space.kind === "multiBinary" ? space.n : 1;
}

/** The first `rows` rows: views of typed arrays, slices of JS arrays. */
export function firstRows(space: Space, batch: unknown, rows: number): unknown {
  return mapColumns(space, batch, (column, size) => {
    if (column.length === rows * size) return column;
    return Array.isArray(column) ? column.slice(0, rows) : column.subarray(0, rows * size);
  });
}

/** Zeroes the typed arrays of a batch; JS arrays keep their values until they are overwritten. */
export function zero(space: Space, batch: unknown): void {
  mapColumns(space, batch, (column) => (Array.isArray(column) ? undefined : column.fill(0)));
}

/** A copy with arrays of its own. */
export const copyBatch = (space: Space, batch: unknown): unknown =>
  mapColumns(space, batch, (column) => column.slice());
