/** Checks of single values: predicates that can say what they expect. Message checks are built of them; see fields.ts. */
import type { JsonValue } from "./frames.ts";

export interface Check<T = unknown> {
  (value: unknown): value is T;
  /** What is right, as a noun phrase. */
  readonly says: string;
  readonly isOptional?: boolean;
}

/** A check of a field that may be missing; nil counts as missing. */
export interface OptionalCheck<T = unknown> extends Check<T> {
  readonly isOptional: true;
}

/** Checks for the fields of T: one for each, optional ones for optional fields and for no others. */
export type Checks<T> = {
  readonly [F in keyof T]-?: undefined extends T[F] ? OptionalCheck<Exclude<T[F], undefined>> : Check<T[F]>;
};

export const check = <T>(says: string, test: (value: unknown) => boolean): Check<T> =>
  Object.assign((value: unknown): value is T => test(value), { says });

export const optional = <T>(inner: Check<T>): OptionalCheck<T> =>
  Object.assign((value: unknown): value is T => inner(value), { says: inner.says, isOptional: true as const });

export const isText = check<string>("a text", (value) => typeof value === "string");
export const isFlag = check<boolean>("true or false", (value) => typeof value === "boolean");
export const isBytes = check<Uint8Array>("bytes", (value) => value instanceof Uint8Array);
export const isCount = check<number>("an integer in 0..2^53-1", isNatural);
export const isPositive = check<number>("an integer in 1..2^53-1", (value) => isNatural(value) && value !== 0);
export const isNumber = check<number>("a finite number", (value) => Number.isFinite(value));
export const isSeed = check<number>("an integer in 0..2^53-1", isNatural);

export const oneOfTexts = <T extends string>(texts: readonly T[]): Check<T> =>
  check(`one of ${texts.join(", ")}`, (value) => (texts as readonly unknown[]).includes(value));

export const listOf = <T>(item: Check<T>): Check<readonly T[]> =>
  check(`a list, each item ${item.says}`, (value) => Array.isArray(value) && value.every((each) => item(each)));

export const mapOf = <T>(item: Check<T>): Check<Readonly<Record<string, T>>> =>
  check(`a map, each value ${item.says}`, (value) => isMap(value) && Object.values(value).every((each) => item(each)));

/** A map with the given fields; others are allowed and ignored. */
export function record<T>(fields: Checks<T>): Check<T> {
  const entries = Object.entries<Check>(fields);
  const says = entries.map(([name, field]) => `${name}${field.isOptional === true ? "?" : ""}: ${field.says}`);
  return check(
    `a map {${says.join(", ")}}`,
    (value) =>
      isMap(value) &&
      entries.every(([name, field]) => (value[name] === undefined ? field.isOptional === true : field(value[name]))),
  );
}

export const pairOf = <T>(first: Check<T>): Check<readonly [T, T]> =>
  check(
    `a list of two, each ${first.says}`,
    (value) => Array.isArray(value) && value.length === 2 && value.every((each) => first(each)),
  );

export const either = <A, B>(a: Check<A>, b: Check<B>): Check<A | B> =>
  check(`${a.says} or ${b.says}`, (value) => a(value) || b(value));

/** nil, a boolean, a finite number, a text, or lists and maps of those, 32 deep at most. */
export const isJson = check<JsonValue>("a JSON value", (value) => isJsonWithin(value, 32));
export const isJsonMap = check<Readonly<Record<string, JsonValue>>>(
  "a map of JSON values",
  (value) => isMap(value) && isJsonWithin(value, 32),
);

/** Whether a field of a message is right, or missing (nil counts as missing here) where it may be. */
export const fits = (value: unknown, field: Check): boolean =>
  value === undefined || value === null ? field.isOptional === true : field(value);

/** A plain object: what MessagePack maps become, and what may become one. Dates, Maps and the like are none. */
export function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function isNatural(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isJsonWithin(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isJsonWithin(item, depth - 1));
  if (!isMap(value)) return false;
  // An undefined property is one that is not there: the encoder leaves it out.
  return Object.values(value).every((item) => item === undefined || isJsonWithin(item, depth - 1));
}
