/** The leaves of a space, in order: what a batch holds in one typed array (array leaves) or one JS array (value leaves). */
import { ARRAYS, dtypeOf, elementsOf } from "../../protocol/batch.ts";
import { BYTES } from "../../protocol/bytes.ts";
import type { DType, NumericArray, Space } from "../../protocol/spaces.ts";

export interface Leaf {
  /** Field names and item numbers that lead to it. */
  readonly path: readonly (string | number)[];
  readonly space: Space;
  /** Set for leaves of fixed size; absent for text, sequence and oneOf. */
  readonly array?: ArrayLeaf;
}

export interface ArrayLeaf {
  readonly dtype: DType;
  /** Elements of a row. */
  readonly size: number;
  /** Bytes of a row. */
  readonly bytes: number;
}

const known = new WeakMap<Space, readonly Leaf[]>();

/** Depth first: fields of a dict in their order, items of a tuple in theirs. */
export function leavesOf(space: Space): readonly Leaf[] {
  let leaves = known.get(space);
  if (!leaves) known.set(space, (leaves = walk(space, [])));
  return leaves;
}

function walk(space: Space, path: readonly (string | number)[]): Leaf[] {
  switch (space.kind) {
    case "dict":
      return Object.entries(space.fields).flatMap(([name, field]) => walk(field, [...path, name]));
    case "tuple":
      return space.items.flatMap((item, i) => walk(item, [...path, i]));
    case "text":
    case "sequence":
    case "oneOf":
      return [{ path, space }];
    default: {
      const dtype = dtypeOf(space);
      const size = elementsOf(space);
      return [{ path, space, array: { dtype, size, bytes: size * BYTES[dtype] } }];
    }
  }
}

/** The column of a leaf in a batch. */
export function columnAt(batch: unknown, path: readonly (string | number)[]): unknown {
  let at = batch;
  for (const key of path) at = (at as Readonly<Record<string | number, unknown>>)[key];
  return at;
}

/** The batch that has these columns, one for each leaf in order. */
export function batchFrom(space: Space, columns: readonly unknown[]): unknown {
  if (space.kind !== "dict" && space.kind !== "tuple") return columns[0];
  let next = 0;
  const build = (part: Space): unknown => {
    if (part.kind === "dict") {
      return Object.fromEntries(Object.entries(part.fields).map(([name, field]) => [name, build(field)]));
    }
    return part.kind === "tuple" ? part.items.map(build) : columns[next++];
  };
  return build(space);
}

/** The rows of several batches, one after the other. */
export function concatBatches(space: Space, batches: readonly unknown[]): unknown {
  if (batches.length === 1) return batches[0];
  const columns = leavesOf(space).map(({ path, array }) => {
    const parts = batches.map((batch) => columnAt(batch, path));
    return array ? concatArrays(array.dtype, parts as NumericArray[]) : (parts as unknown[][]).flat(1);
  });
  return batchFrom(space, columns);
}

export function concatArrays<D extends DType>(dtype: D, parts: readonly NumericArray[]): NumericArray {
  if (parts.length === 1) return parts[0] as NumericArray;
  const joined = new ARRAYS[dtype](parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Rows from .. to-1 of a batch: views of typed arrays, slices of JS arrays. */
export function sliceBatch(space: Space, batch: unknown, from: number, to: number): unknown {
  const columns = leavesOf(space).map(({ path, array }) => {
    const column = columnAt(batch, path);
    return array
      ? (column as NumericArray).subarray(from * array.size, to * array.size)
      : (column as unknown[]).slice(from, to);
  });
  return batchFrom(space, columns);
}

/** The name of an array's element type. */
export function dtypeName(array: NumericArray): DType {
  // Names of typed arrays are those of their element types with a capital and "Array": Float32Array, float32.
  return array.constructor.name.slice(0, -"Array".length).toLowerCase() as DType;
}

/** A copy with arrays of its own. */
export function copyBatch(space: Space, batch: unknown): unknown {
  const columns = leavesOf(space).map(({ path, array }) => {
    const column = columnAt(batch, path);
    return array ? (column as NumericArray).slice() : structuredClone(column);
  });
  return batchFrom(space, columns);
}

/** Bytes of the array leaves; 64 for every value of another leaf. */
export function batchBytes(space: Space, batch: unknown): number {
  return leavesOf(space).reduce((sum, { path, array }) => {
    const column = columnAt(batch, path);
    return sum + (array ? (column as NumericArray).byteLength : 64 * (column as unknown[]).length);
  }, 0);
}
