/** Struct-of-arrays helpers: n values of a space in one typed array for each fixed-size leaf, a JS array for each other leaf. */
import { show } from "./show.ts";
import type {
  BatchOf,
  Box,
  Discrete,
  DType,
  MultiBinary,
  MultiDiscrete,
  NumericArray,
  Space,
  ValueOf,
} from "./spaces.ts";

/** Spaces whose batches are one typed array. */
export type ArraySpace = Discrete | Box | MultiDiscrete | MultiBinary;

/** Constructors of the element types. */
export const ARRAYS: { readonly [D in DType]: new (length: number) => NumericArray } = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
};

type Fields = Record<string, unknown>;

/** Elements of one value: 1 for discrete, the product of the shape for a box. */
export function elementsOf(space: ArraySpace): number {
  if (space.kind === "discrete") return 1;
  if (space.kind === "box") return space.shape.reduce((product, length) => product * length, 1);
  return space.kind === "multiBinary" ? space.n : space.nvec.length;
}

/** The element type of an array space's batch. */
export function dtypeOf(space: ArraySpace): DType {
  if (space.kind === "box") return space.dtype;
  return space.kind === "multiBinary" ? "uint8" : "int32";
}

/** n rows of zeros, empty texts, empty sequences and (oneOf) zeros of the first option. Zero need not lie in the space. */
export const allocate = <S extends Space>(space: S, n: number): BatchOf<S> => allocateAny(space, n) as BatchOf<S>;

/** Row i; arrays are views into the batch. */
export const getRow = <S extends Space>(space: S, batch: BatchOf<S>, i: number): ValueOf<S> =>
  getAny(space, batch, i) as ValueOf<S>;

/** Writes row i; arrays are copied. @throws {RangeError} when an array has another length. */
export function setRow<S extends Space>(space: S, batch: BatchOf<S>, i: number, value: ValueOf<S>): void;
// An overload, because comparing the conditional types with the erased ones is too deep for the compiler.
export function setRow(space: Space, batch: unknown, i: number, value: unknown): void {
  setAny(space, batch, i, value);
}

/** to[j] = from[i] */
export function copyRow<S extends Space>(space: S, from: BatchOf<S>, i: number, to: BatchOf<S>, j: number): void;
export function copyRow(space: Space, from: unknown, i: number, to: unknown, j: number): void {
  setAny(space, to, j, getAny(space, from, i));
}

/** Makes row i what `allocate` makes it. */
export const clearRow: <S extends Space>(space: S, batch: BatchOf<S>, i: number) => void = clearAny;

/** A new batch of the given rows, in the order of `index`. */
export function takeRows<S extends Space>(space: S, batch: BatchOf<S>, index: ArrayLike<number>): BatchOf<S> {
  const taken = allocateAny(space, index.length);
  for (let j = 0; j < index.length; j++) setAny(space, taken, j, getAny(space, batch, index[j] as number));
  return taken as BatchOf<S>;
}

/** Rows of a batch. */
export const batchLength: <S extends Space>(space: S, batch: BatchOf<S>) => number = lengthOfAny;

/** The slices that `observe(state, out)` writes for row i: a view for box, multiDiscrete and multiBinary; for dict and tuple a record or an array of
 *  the views of their array leaves (a dict leaves the other fields out, a tuple holds undefined there); undefined for every other space. */
export function outAt(space: Space, batch: unknown, i: number): unknown {
  switch (space.kind) {
    case "box":
    case "multiDiscrete":
    case "multiBinary":
      return getAny(space, batch, i);
    case "dict":
      return outFields(space.fields, batch as Fields, i);
    case "tuple":
      return space.items.map((item, k) => outAt(item, (batch as unknown[])[k], i));
    default:
      return undefined;
  }
}

function outFields(fields: Readonly<Record<string, Space>>, batch: Fields, i: number): Fields | undefined {
  const out: Fields = {};
  let some = false;
  for (const name in fields) {
    const slice = outAt(fields[name] as Space, batch[name], i);
    if (slice === undefined) continue;
    out[name] = slice;
    some = true;
  }
  return some ? out : undefined;
}

// From here on types are erased: a space decides at run time what its batch is, and the signatures above tie the two.

export function allocateAny(space: Space, n: number): unknown {
  switch (space.kind) {
    case "discrete":
    case "box":
    case "multiDiscrete":
    case "multiBinary":
      return new ARRAYS[dtypeOf(space)](n * elementsOf(space));
    case "dict":
      return mapFields(space.fields, (field) => allocateAny(field, n));
    case "tuple":
      return space.items.map((item) => allocateAny(item, n));
    default:
      return Array.from({ length: n }, () => emptyValue(space));
  }
}

/** One value of zeros, as `allocate` fills rows with. */
export function emptyValue(space: Space): unknown {
  switch (space.kind) {
    case "text":
      return "";
    case "sequence":
      return [];
    case "oneOf":
      return { tag: 0, value: emptyValue(space.options[0] as Space) };
    default:
      return getAny(space, allocateAny(space, 1), 0);
  }
}

export function getAny(space: Space, batch: unknown, i: number): unknown {
  switch (space.kind) {
    case "discrete":
      return (batch as Int32Array)[i];
    case "box":
    case "multiDiscrete":
    case "multiBinary": {
      const size = elementsOf(space);
      return (batch as NumericArray).subarray(i * size, (i + 1) * size);
    }
    case "dict":
      return mapFields(space.fields, (field, name) => getAny(field, (batch as Fields)[name], i));
    case "tuple":
      return space.items.map((item, k) => getAny(item, (batch as unknown[])[k], i));
    default:
      return (batch as unknown[])[i];
  }
}

export function setAny(space: Space, batch: unknown, i: number, value: unknown): void {
  switch (space.kind) {
    case "discrete":
      (batch as Int32Array)[i] = value as number;
      return;
    case "box":
    case "multiDiscrete":
    case "multiBinary":
      setArray(batch as NumericArray, i, value as ArrayLike<number>, elementsOf(space));
      return;
    case "dict":
      for (const name in space.fields)
        setAny(space.fields[name] as Space, (batch as Fields)[name], i, (value as Fields)[name]);
      return;
    case "tuple":
      for (let k = 0; k < space.items.length; k++)
        setAny(space.items[k] as Space, (batch as unknown[])[k], i, (value as unknown[])[k]);
      return;
    default:
      (batch as unknown[])[i] = value;
  }
}

function setArray(batch: NumericArray, i: number, value: ArrayLike<number>, size: number): void {
  // Without this check a longer value would spill into the next row.
  if (value.length !== size) throw new RangeError(`setRow: expected ${size} elements, got ${show(value)}`);
  batch.set(value, i * size);
}

function clearAny(space: Space, batch: unknown, i: number): void {
  if (space.kind === "dict") {
    for (const name in space.fields) clearAny(space.fields[name] as Space, (batch as Fields)[name], i);
  } else if (space.kind === "tuple") {
    space.items.forEach((item, k) => {
      clearAny(item, (batch as unknown[])[k], i);
    });
  } else if (space.kind === "text" || space.kind === "oneOf" || space.kind === "sequence") {
    (batch as unknown[])[i] = emptyValue(space);
  } else {
    const size = elementsOf(space);
    (batch as NumericArray).fill(0, i * size, (i + 1) * size);
  }
}

function lengthOfAny(space: Space, batch: unknown): number {
  switch (space.kind) {
    case "discrete":
    case "box":
    case "multiDiscrete":
    case "multiBinary":
      return (batch as NumericArray).length / elementsOf(space);
    case "dict": {
      const first = Object.keys(space.fields)[0] as string;
      return lengthOfAny(space.fields[first] as Space, (batch as Fields)[first]);
    }
    case "tuple":
      return lengthOfAny(space.items[0] as Space, (batch as unknown[])[0]);
    default:
      return (batch as unknown[]).length;
  }
}

function mapFields(fields: Readonly<Record<string, Space>>, make: (field: Space, name: string) => unknown): Fields {
  const made: Fields = {};
  for (const name in fields) made[name] = make(fields[name] as Space, name);
  return made;
}
