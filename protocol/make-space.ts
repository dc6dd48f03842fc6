/** Constructors of spaces. They check their arguments (a wrong one is a mistake of the program: TypeError or RangeError) and freeze what they give. */
import { show } from "./show.ts";
import type {
  Box,
  Dict,
  Discrete,
  DType,
  MultiBinary,
  MultiDiscrete,
  OneOf,
  Sequence,
  Space,
  Text,
  Tuple,
} from "./spaces.ts";

/** Smallest and largest value of each element type; integers hold nothing outside, float32 rounds within. */
export const DTYPE_RANGE: {
  readonly [D in DType]: { readonly min: number; readonly max: number; readonly integer: boolean };
} = {
  float32: { min: -3.4028234663852886e38, max: 3.4028234663852886e38, integer: false },
  float64: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, integer: false },
  int8: { min: -128, max: 127, integer: true },
  uint8: { min: 0, max: 255, integer: true },
  int16: { min: -32_768, max: 32_767, integer: true },
  uint16: { min: 0, max: 65_535, integer: true },
  int32: { min: -2_147_483_648, max: 2_147_483_647, integer: true },
  uint32: { min: 0, max: 4_294_967_295, integer: true },
};

/** Most elements of one array, most code units of one text, most elements of one sequence. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** Most options of a oneOf: its tag is one byte. */
export const MAX_OPTIONS = 256;

/** One number for all elements, or a flat list with one for each. */
export type Bound = number | readonly number[];

/** The integers start .. start + n - 1, all of which must fit 32 bits. @throws {RangeError} */
export function discrete(n: number, start = 0): Discrete {
  const { min, max } = DTYPE_RANGE.int32;
  integer("discrete: n", n, 1, max - min + 1);
  integer("discrete: start", start, min, max - n + 1);
  return Object.freeze({ kind: "discrete", n, start: start + 0 });
}

/** An array of `shape` (row-major; [] is one number) with inclusive bounds: one for all elements, or a flat list with one for each. Float bounds may be
 *  infinite; float32 bounds are rounded to float32, as the elements are. @throws {TypeError | RangeError} */
export function box(shape: readonly number[], low: Bound, high: Bound): Box<"float32">;
export function box<D extends DType>(shape: readonly number[], low: Bound, high: Bound, dtype: D): Box<D>;
// Overloads: with a default for D, a box inside dict() would take its type from there, and be of any element type.
export function box(shape: readonly number[], low: Bound, high: Bound, dtype: DType = "float32"): Box {
  if (!Object.hasOwn(DTYPE_RANGE, dtype)) {
    throw new TypeError(`box: dtype: expected one of ${Object.keys(DTYPE_RANGE).join(", ")}, got ${show(dtype)}`);
  }
  list("box: shape", shape);
  const size = shape.reduce((product, length, i) => product * integer(`box: shape[${i}]`, length, 1, MAX_ELEMENTS), 1);
  integer("box: number of elements", size, 1, MAX_ELEMENTS);
  const lows = bounds("low", low, size, dtype);
  const highs = bounds("high", high, size, dtype);
  checkOrder(lows, highs, size);
  return Object.freeze({ kind: "box", shape: Object.freeze([...shape]), low: lows, high: highs, dtype });
}

/** A vector of integers, element i in 0 .. nvec[i] - 1. @throws {TypeError | RangeError} */
export function multiDiscrete(nvec: readonly number[]): MultiDiscrete {
  list("multiDiscrete: nvec", nvec);
  integer("multiDiscrete: length of nvec", nvec.length, 1, MAX_ELEMENTS);
  nvec.forEach((n, i) => integer(`multiDiscrete: nvec[${i}]`, n, 1, DTYPE_RANGE.int32.max));
  return Object.freeze({ kind: "multiDiscrete", nvec: Object.freeze([...nvec]) });
}

/** A vector of n zeros and ones. @throws {RangeError} */
export function multiBinary(n: number): MultiBinary {
  return Object.freeze({ kind: "multiBinary", n: integer("multiBinary: n", n, 1, MAX_ELEMENTS) });
}

/** Well-formed strings of minLength (default 0) .. maxLength UTF-16 code units; with `charset` of its characters only, each of them one code unit.
 *  @throws {TypeError | RangeError} */
export function text(options: {
  readonly minLength?: number;
  readonly maxLength: number;
  readonly charset?: string;
}): Text {
  const { minLength = 0, charset } = options;
  const maxLength = integer("text: maxLength", options.maxLength, 0, MAX_ELEMENTS);
  integer("text: minLength", minLength, 0, maxLength);
  if (charset === undefined) return Object.freeze({ kind: "text", minLength, maxLength });
  if (typeof charset !== "string") throw new TypeError(`text: charset: expected a string, got ${show(charset)}`);
  if (charset === "" || new Set(charset).size !== charset.length || !charset.isWellFormed()) {
    throw new RangeError(`text: charset: expected distinct characters of one UTF-16 code unit, got ${show(charset)}`);
  }
  return Object.freeze({ kind: "text", minLength, maxLength, charset });
}

/** A record of spaces. Columns and draws follow the order of the fields. @throws {TypeError | RangeError} */
export function dict<const F extends Readonly<Record<string, Space>>>(fields: F): Dict<F> {
  if (!isObject(fields)) throw new TypeError(`dict: expected an object of spaces, got ${show(fields)}`);
  const names = Object.keys(fields);
  if (names.length === 0) throw new RangeError("dict: expected at least one field, got none");
  for (const name of names) {
    checkName(name);
    checkSpace(`dict: ${name}`, fields[name]);
  }
  return Object.freeze({ kind: "dict", fields: Object.freeze({ ...fields }) });
}

/** A fixed list of spaces. @throws {TypeError | RangeError} */
export function tuple<const T extends readonly Space[]>(...items: T): Tuple<T> {
  return Object.freeze({ kind: "tuple", items: spaces("tuple", items, MAX_ELEMENTS) });
}

/** Exactly one of 1 .. 256 spaces; values are `{tag, value}`. @throws {TypeError | RangeError} */
export function oneOf<const T extends readonly Space[]>(...options: T): OneOf<T> {
  return Object.freeze({ kind: "oneOf", options: spaces("oneOf", options, MAX_OPTIONS) });
}

/** 0 .. maxLength values of one space. @throws {TypeError | RangeError} */
export function sequence<const E extends Space>(element: E, options: { readonly maxLength: number }): Sequence<E> {
  checkSpace("sequence: element", element);
  return Object.freeze({
    kind: "sequence",
    element,
    maxLength: integer("sequence: maxLength", options.maxLength, 0, MAX_ELEMENTS),
  });
}

// A caller in JavaScript may pass anything, whatever the type says.
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;

const KINDS: ReadonlySet<unknown> = new Set<Space["kind"]>([
  ...(["discrete", "box", "multiDiscrete", "multiBinary", "text", "dict", "tuple", "oneOf", "sequence"] as const),
]);

/** Paths of columns are built of names, dots and brackets, so names hold none of those. */
const RESERVED_IN_NAMES = /[.[\]()]/;

function checkName(name: string): void {
  if (name === "" || name === "__proto__" || RESERVED_IN_NAMES.test(name) || !name.isWellFormed()) {
    throw new RangeError(
      `dict: expected field names that are not empty, not __proto__ and free of . [ ] ( ), got ${show(name)}`,
    );
  }
}

function spaces<const T extends readonly Space[]>(where: string, items: T, most: number): T {
  integer(`${where}: number of spaces`, items.length, 1, most);
  items.forEach((item, i) => {
    checkSpace(`${where}: ${i}`, item);
  });
  return Object.freeze(items);
}

function checkSpace(where: string, space: unknown): void {
  if (typeof space === "object" && space !== null && "kind" in space && KINDS.has(space.kind)) return;
  throw new TypeError(`${where}: expected a space, such as discrete(2), got ${show(space)}`);
}

function bounds(name: string, bound: Bound, size: number, dtype: DType): Bound {
  if (typeof bound === "number") return checkBound(`box: ${name}`, bound, name, dtype);
  list(`box: ${name}`, bound);
  if (bound.length !== size) throw new RangeError(`box: ${name}: expected 1 or ${size} numbers, got ${bound.length}`);
  const each = bound.map((value, i) => checkBound(`box: ${name}[${i}]`, value, name, dtype));
  // One number says the same as many equal ones, and equal spaces then look equal.
  return each.every((value) => value === each[0]) ? (each[0] as number) : Object.freeze(each);
}

function checkBound(where: string, bound: number, name: string, dtype: DType): number {
  const { min, max, integer: whole } = DTYPE_RANGE[dtype];
  if (whole) return integer(`${where} of ${dtype}`, bound, min, max) + 0;
  if (bound === (name === "low" ? -Infinity : Infinity)) return bound;
  const rounded = dtype === "float32" ? Math.fround(bound) : bound;
  if (Number.isFinite(rounded)) return rounded + 0;
  throw new RangeError(
    `${where}: expected ${name === "low" ? "-Infinity" : "Infinity"} or a number that fits ${dtype}, got ${show(bound)}`,
  );
}

function checkOrder(low: Bound, high: Bound, size: number): void {
  const count = typeof low === "number" && typeof high === "number" ? 1 : size;
  for (let i = 0; i < count; i++) {
    if (boundAt(low, i) > boundAt(high, i)) {
      throw new RangeError(`box: element ${i}: expected low <= high, got ${boundAt(low, i)} and ${boundAt(high, i)}`);
    }
  }
}

/** The bound of element i. */
export const boundAt = (bound: Bound, i: number): number => (typeof bound === "number" ? bound : (bound[i] as number));

function integer(where: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${where}: expected an integer in ${min}..${max}, got ${show(value)}`);
}

function list(where: string, value: readonly number[]): void {
  if (!Array.isArray(value)) throw new TypeError(`${where}: expected a list of numbers, got ${show(value)}`);
}
