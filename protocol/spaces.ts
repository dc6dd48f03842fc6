/** Spaces are data: what an action or an observation may be. Constructors check their arguments; see space-values.ts for `contains` and `sample`. */

/** Element types of arrays, by name on the wire (little-endian). */
export interface DTypes {
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
}
export type DType = keyof DTypes;
export type NumericArray = DTypes[DType];

/** Integers start .. start+n-1. */
export interface Discrete {
  readonly kind: "discrete";
  readonly n: number;
  readonly start: number;
}
/** An array of `shape` (row-major, flat in memory); bounds are inclusive, one for all elements or one each, and may be infinite. */
export interface Box<D extends DType = DType> {
  readonly kind: "box";
  readonly shape: readonly number[];
  readonly low: number | readonly number[];
  readonly high: number | readonly number[];
  readonly dtype: D;
}
/** A vector of integers, element i in 0 .. nvec[i]-1. */
export interface MultiDiscrete {
  readonly kind: "multiDiscrete";
  readonly nvec: readonly number[];
}
/** A vector of n zeros and ones. */
export interface MultiBinary {
  readonly kind: "multiBinary";
  readonly n: number;
}
/** A string of minLength .. maxLength UTF-16 code units, of the given characters if `charset` is set. */
export interface Text {
  readonly kind: "text";
  readonly minLength: number;
  readonly maxLength: number;
  readonly charset?: string;
}
export interface Dict<F extends Readonly<Record<string, Space>> = Readonly<Record<string, Space>>> {
  readonly kind: "dict";
  readonly fields: F;
}
export interface Tuple<T extends readonly Space[] = readonly Space[]> {
  readonly kind: "tuple";
  readonly items: T;
}
/** Exactly one of several spaces; a value is `{tag, value}` with the index of the space chosen. */
export interface OneOf<T extends readonly Space[] = readonly Space[]> {
  readonly kind: "oneOf";
  readonly options: T;
}
/** 0 .. maxLength values of one space. */
export interface Sequence<E extends Space = Space> {
  readonly kind: "sequence";
  readonly element: E;
  readonly maxLength: number;
}

// A recursive union needs interfaces for its containers: `Space` refers to itself through them.
export type Space =
  Discrete | Box | MultiDiscrete | MultiBinary | Text | DictOfSpaces | TupleOfSpaces | OneOfSpaces | SequenceOfSpace;
interface DictOfSpaces extends Dict {
  readonly kind: "dict";
}
interface TupleOfSpaces extends Tuple {
  readonly kind: "tuple";
}
interface OneOfSpaces extends OneOf {
  readonly kind: "oneOf";
}
interface SequenceOfSpace extends Sequence {
  readonly kind: "sequence";
}

/** One value of a space. (A tuple of unknown length gives unknown[]: mapping over it would expand `Space` without end.) */
export type ValueOf<S> = S extends Discrete
  ? number
  : S extends Box<infer D>
    ? DTypes[D]
    : S extends MultiDiscrete
      ? Int32Array
      : S extends MultiBinary
        ? Uint8Array
        : S extends Text
          ? string
          : S extends Dict<infer F>
            ? { [K in keyof F]: ValueOf<F[K]> }
            : S extends Tuple<infer T>
              ? number extends T["length"]
                ? unknown[]
                : { [I in keyof T]: ValueOf<T[I]> }
              : S extends OneOf<infer T>
                ? { tag: number; value: ValueOf<T[number]> }
                : S extends Sequence<infer E>
                  ? ValueOf<E>[]
                  : never;

/** n values of a space as a struct of arrays: a typed array [n * size] for each fixed-size leaf, a JS array [n] for the others. */
export type BatchOf<S> = S extends Discrete | MultiDiscrete
  ? Int32Array
  : S extends Box<infer D>
    ? DTypes[D]
    : S extends MultiBinary
      ? Uint8Array
      : S extends Dict<infer F>
        ? { [K in keyof F]: BatchOf<F[K]> }
        : S extends Tuple<infer T>
          ? number extends T["length"]
            ? unknown[]
            : { [I in keyof T]: BatchOf<T[I]> }
          : ValueOf<S>[];
