/** What spaces are for: asking whether a value lies in one, saying why not, and drawing values. */
import { ARRAYS, allocateAny, dtypeOf, elementsOf, setAny } from "./batch.ts";
import { boundAt, DTYPE_RANGE } from "./make-space.ts";
import { show } from "./show.ts";
import type { BatchOf, Box, MultiDiscrete, NumericArray, Space, Text, ValueOf } from "./spaces.ts";

/** A source of random numbers; `Rng` of dojang/env is one. */
export interface Draws {
  /** A double in [0, 1). */
  uniform(): number;
  /** An integer in 0 .. n-1, for n in 1 .. 2^32. */
  int(n: number): number;
  /** A standard normal. */
  normal(): number;
}

/** Flags of legal actions, 1 = legal: n of them for discrete(n); for multiDiscrete those of each element in turn. */
export type Mask = ArrayLike<number | boolean>;

/** Whether `value` lies in the space. Arrays must be of the space's own element type; NaN lies in no box. */
export const contains = <S extends Space>(space: S, value: unknown): value is ValueOf<S> =>
  explain(space, value) === undefined;

/** Why `value` lies outside the space ("camera.pose[1]: expected ..., got ..."), or undefined where it lies inside. */
export const explain = (space: Space, value: unknown): string | undefined => why(space, value, "");

/** One value. Draws are made in a fixed order, element by element and field by field: see protocol/README.md.
 *  @throws {RangeError} when `mask` has another length, or forbids everything. @throws {TypeError} when the space takes no mask. */
export const sample = <S extends Space>(space: S, draws: Draws, mask?: Mask): ValueOf<S> =>
  draw(space, draws, mask, 0) as ValueOf<S>;

/** n values; `mask` holds the flags of all rows, one row after the other. @throws as `sample` */
export function sampleBatch<S extends Space>(space: S, n: number, draws: Draws, mask?: Mask): BatchOf<S> {
  const batch = allocateAny(space, n);
  const width = mask === undefined ? 0 : maskWidthOf(space);
  if (mask !== undefined) checkMask(space, mask, n * width);
  for (let i = 0; i < n; i++) setAny(space, batch, i, drawAt(space, draws, mask, i * width));
  return batch as BatchOf<S>;
}

/** Flags in a mask for one value; 0 where the space takes no mask. */
export function maskWidthOf(space: Space): number {
  if (space.kind === "discrete") return space.n;
  return space.kind === "multiDiscrete" ? space.nvec.reduce((sum, n) => sum + n, 0) : 0;
}

const outside = (path: string, expected: string, value: unknown): string =>
  `${path === "" ? "" : `${path}: `}expected ${expected}, got ${show(value)}`;

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

function why(space: Space, value: unknown, path: string): string | undefined {
  switch (space.kind) {
    case "discrete":
      return isIntegerIn(value, space.start, space.start + space.n - 1)
        ? undefined
        : outside(path, `an integer in ${space.start}..${space.start + space.n - 1}`, value);
    case "box":
      return whyArray(space, value, path) ?? whyElement(space, value as NumericArray, path);
    case "multiDiscrete":
      return whyArray(space, value, path) ?? whyBelow(space.nvec, value as Int32Array, path);
    case "multiBinary":
      return whyArray(space, value, path) ?? whyBelow(2, value as Uint8Array, path);
    case "text":
      return whyText(space, value, path);
    default:
      return whyInside(space, value, path);
  }
}

function whyInside(
  space: Exclude<Space, { kind: "discrete" | "box" | "multiDiscrete" | "multiBinary" | "text" }>,
  value: unknown,
  path: string,
): string | undefined {
  if (space.kind === "dict") {
    if (!isRecord(value)) return outside(path, "an object", value);
    return first(Object.entries(space.fields), ([name, field]) => why(field, value[name], join(path, name)));
  }
  if (space.kind === "tuple") {
    if (!Array.isArray(value) || value.length !== space.items.length)
      return outside(path, `an array of ${space.items.length}`, value);
    return first(space.items, (item, i) => why(item, value[i], `${path}[${i}]`));
  }
  if (space.kind === "sequence") {
    if (!Array.isArray(value) || value.length > space.maxLength)
      return outside(path, `an array of at most ${space.maxLength}`, value);
    return first(value, (item, i) => why(space.element, item, `${path}[${i}]`));
  }
  if (!isRecord(value) || !isIntegerIn(value["tag"], 0, space.options.length - 1)) {
    return outside(path, `{tag, value} with a tag in 0..${space.options.length - 1}`, value);
  }
  return why(space.options[value["tag"] as number] as Space, value["value"], join(path, "value"));
}

function whyArray(
  space: Box | MultiDiscrete | { kind: "multiBinary"; n: number },
  value: unknown,
  path: string,
): string | undefined {
  const array = ARRAYS[dtypeOf(space)];
  const size = elementsOf(space);
  return value instanceof array && value.length === size
    ? undefined
    : outside(path, `a ${array.name} of ${size}`, value);
}

function whyElement(space: Box, value: NumericArray, path: string): string | undefined {
  for (let i = 0; i < value.length; i++) {
    const element = value[i] as number;
    const low = boundAt(space.low, i);
    const high = boundAt(space.high, i);
    // Written so that NaN fails it.
    if (!(element >= low && element <= high)) return outside(`${path}[${i}]`, `a number in ${low}..${high}`, element);
  }
  return undefined;
}

function whyBelow(
  counts: number | readonly number[],
  value: Int32Array | Uint8Array,
  path: string,
): string | undefined {
  for (let i = 0; i < value.length; i++) {
    const most = boundAt(counts, i) - 1;
    if (!isIntegerIn(value[i], 0, most)) return outside(`${path}[${i}]`, `an integer in 0..${most}`, value[i]);
  }
  return undefined;
}

function whyText(space: Text, value: unknown, path: string): string | undefined {
  const { minLength, maxLength, charset } = space;
  if (typeof value !== "string") return outside(path, "a string", value);
  if (value.length < minLength || value.length > maxLength) {
    return outside(path, `${minLength}..${maxLength} UTF-16 code units`, value.length);
  }
  if (!value.isWellFormed()) return outside(path, "well-formed Unicode", value);
  if (charset === undefined) return undefined;
  const stranger = Array.from(value).find((character) => !charset.includes(character));
  return stranger === undefined ? undefined : outside(path, `characters of ${show(charset)}`, stranger);
}

function draw(space: Space, draws: Draws, mask: Mask | undefined, at: number): unknown {
  if (mask !== undefined) checkMask(space, mask, maskWidthOf(space));
  return drawAt(space, draws, mask, at);
}

function drawAt(space: Space, draws: Draws, mask: Mask | undefined, at: number): unknown {
  switch (space.kind) {
    case "discrete":
      return space.start + choose(draws, space.n, mask, at);
    case "multiDiscrete":
      return drawComponents(space, draws, mask, at);
    case "box":
      return drawBox(space, draws);
    case "multiBinary":
      return Uint8Array.from({ length: space.n }, () => draws.int(2));
    case "text":
      return drawText(space, draws);
    case "dict":
      return Object.fromEntries(
        Object.entries(space.fields).map(([name, field]) => [name, drawAt(field, draws, undefined, 0)]),
      );
    case "tuple":
      return space.items.map((item) => drawAt(item, draws, undefined, 0));
    case "oneOf": {
      const tag = draws.int(space.options.length);
      return { tag, value: drawAt(space.options[tag] as Space, draws, undefined, 0) };
    }
    case "sequence":
      return drawSequence(space.element, space.maxLength, draws);
  }
}

/** A uniform choice among the n flags of `mask` from `at` on that are set; without a mask among all n. */
function choose(draws: Draws, n: number, mask: Mask | undefined, at: number): number {
  if (mask === undefined) return draws.int(n);
  let legal = 0;
  for (let k = 0; k < n; k++) if (mask[at + k]) legal++;
  if (legal === 0) throw new RangeError(`sample: expected a mask with at least one of ${n} flags set, got none`);
  let left = draws.int(legal);
  for (let k = 0; ; k++) if (mask[at + k] && left-- === 0) return k;
}

function drawComponents(space: MultiDiscrete, draws: Draws, mask: Mask | undefined, at: number): Int32Array {
  let offset = at;
  return Int32Array.from(space.nvec, (n) => {
    offset += n;
    return choose(draws, n, mask, offset - n);
  });
}

function drawBox(space: Box, draws: Draws): NumericArray {
  const array = new ARRAYS[space.dtype](elementsOf(space));
  const whole = DTYPE_RANGE[space.dtype].integer;
  for (let i = 0; i < array.length; i++) {
    const low = boundAt(space.low, i);
    const high = boundAt(space.high, i);
    array[i] = whole ? low + draws.int(high - low + 1) : drawReal(low, high, draws);
  }
  return array;
}

/** Uniform between finite bounds, shifted exponential with one of them, standard normal without any. */
function drawReal(low: number, high: number, draws: Draws): number {
  if (low === -Infinity) return high === Infinity ? draws.normal() : high + Math.log(1 - draws.uniform());
  if (high === Infinity) return low - Math.log(1 - draws.uniform());
  const u = draws.uniform();
  // Not low + u * (high - low): the difference of two large bounds overflows.
  return Math.min(high, Math.max(low, low * (1 - u) + high * u));
}

const ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function drawText({ minLength, maxLength, charset = ALPHANUMERIC }: Text, draws: Draws): string {
  const length = minLength + draws.int(maxLength - minLength + 1);
  let drawn = "";
  for (let i = 0; i < length; i++) drawn += charset[draws.int(charset.length)] as string;
  return drawn;
}

/** Lengths are geometric with mean 3, cut at maxLength: nested sequences stay small. */
function drawSequence(element: Space, maxLength: number, draws: Draws): unknown[] {
  const drawn: unknown[] = [];
  while (drawn.length < maxLength && draws.uniform() >= 0.25) drawn.push(drawAt(element, draws, undefined, 0));
  return drawn;
}

function checkMask(space: Space, mask: Mask, length: number): void {
  if (space.kind !== "discrete" && space.kind !== "multiDiscrete") {
    throw new TypeError(`sample: expected no mask for a ${space.kind} space, got ${show(mask)}`);
  }
  if (mask.length !== length) throw new RangeError(`sample: expected a mask of ${length} flags, got ${mask.length}`);
}

const isIntegerIn = (value: unknown, min: number, max: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

function first<T>(items: readonly T[], reason: (item: T, i: number) => string | undefined): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const found = reason(items[i] as T, i);
    if (found !== undefined) return found;
  }
  return undefined;
}
