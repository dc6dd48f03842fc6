/** Spaces as JSON, both ways, and as JSON Schema. Infinities are the strings "inf" and "-inf"; the fields of a dict are a list, because their order counts. */
import { GymError } from "./errors.ts";
import type { JsonValue } from "./frames.ts";
import { box, dict, discrete, multiBinary, multiDiscrete, oneOf, sequence, text, tuple } from "./make-space.ts";
import type { DType, Space } from "./spaces.ts";

type JsonObject = Readonly<Record<string, JsonValue>>;

/** The JSON form of a space; `spaceFromJson` reads it back. */
export function spaceToJson(space: Space): JsonObject {
  switch (space.kind) {
    case "box":
      return { ...space, low: boundToJson(space.low), high: boundToJson(space.high) };
    case "dict":
      return { kind: "dict", fields: Object.entries(space.fields).map(([name, field]) => [name, spaceToJson(field)]) };
    case "tuple":
      return { kind: "tuple", items: space.items.map(spaceToJson) };
    case "oneOf":
      return { kind: "oneOf", options: space.options.map(spaceToJson) };
    case "sequence":
      return { kind: "sequence", element: spaceToJson(space.element), maxLength: space.maxLength };
    default:
      return { ...space };
  }
}

/** Reads the JSON form; fields it does not know are ignored. @throws {GymError} BAD_MESSAGE, naming the place ("space.fields.camera.shape"). */
export function spaceFromJson(json: unknown, where = "space"): Space {
  const { kind } = object(json, where);
  const read = READERS[kind as Space["kind"]] as Reader | undefined;
  if (typeof kind !== "string" || !Object.hasOwn(READERS, kind) || read === undefined) {
    throw bad(`${where}.kind`, `one of ${Object.keys(READERS).join(", ")}`, kind);
  }
  try {
    return read(object(json, where), where);
  } catch (error) {
    if (error instanceof GymError) throw error;
    // The constructors' own complaints name the argument.
    throw new GymError("BAD_MESSAGE", `${where}: ${error instanceof Error ? error.message : "unreadable"}`, {}, error);
  }
}

/** Whether two spaces hold the same values in the same columns. */
export const sameSpace = (a: Space, b: Space): boolean =>
  a === b || JSON.stringify(spaceToJson(a)) === JSON.stringify(spaceToJson(b));

type Reader = (json: JsonRecord, where: string) => Space;
type JsonRecord = Readonly<Record<string, unknown>>;

// Ranges are the constructors' affair; here only what would slip through them is checked.
const READERS: { readonly [K in Space["kind"]]: Reader } = {
  discrete: (json, where) => discrete(number(json["n"], `${where}.n`), number(json["start"] ?? 0, `${where}.start`)),
  box: (json, where) =>
    box(
      numbers(json["shape"], `${where}.shape`),
      boundFromJson(json["low"], `${where}.low`),
      boundFromJson(json["high"], `${where}.high`),
      string(json["dtype"], `${where}.dtype`) as DType, // any other string is refused by `box`
    ),
  multiDiscrete: (json, where) => multiDiscrete(numbers(json["nvec"], `${where}.nvec`)),
  multiBinary: (json, where) => multiBinary(number(json["n"], `${where}.n`)),
  text: (json, where) =>
    text({
      minLength: number(json["minLength"] ?? 0, `${where}.minLength`),
      maxLength: number(json["maxLength"], `${where}.maxLength`),
      ...(json["charset"] === undefined ? {} : { charset: string(json["charset"], `${where}.charset`) }),
    }),
  dict: (json, where) => dict(readFields(json["fields"], `${where}.fields`)),
  tuple: (json, where) => tuple(...readSpaces(json["items"], `${where}.items`)),
  oneOf: (json, where) => oneOf(...readSpaces(json["options"], `${where}.options`)),
  sequence: (json, where) =>
    sequence(spaceFromJson(json["element"], `${where}.element`), {
      maxLength: number(json["maxLength"], `${where}.maxLength`),
    }),
};

function readFields(json: unknown, where: string): Record<string, Space> {
  const fields: Record<string, Space> = {};
  for (const [i, pair] of list(json, where).entries()) {
    const [name, field] = list(pair, `${where}[${i}]`);
    const key = string(name, `${where}[${i}][0]`);
    if (key === "__proto__" || Object.hasOwn(fields, key)) throw bad(`${where}[${i}][0]`, "a new field name", key);
    fields[key] = spaceFromJson(field, `${where}.${key}`);
  }
  return fields;
}

const readSpaces = (json: unknown, where: string): Space[] =>
  list(json, where).map((item, i) => spaceFromJson(item, `${where}[${i}]`));

const boundToJson = (bound: number | readonly number[]): JsonValue =>
  typeof bound === "number" ? limitToJson(bound) : bound.map(limitToJson);

const limitToJson = (limit: number): JsonValue =>
  Number.isFinite(limit) ? limit : limit === Infinity ? "inf" : "-inf";

const boundFromJson = (json: unknown, where: string): number | number[] =>
  Array.isArray(json) ? json.map((item, i) => limitFromJson(item, `${where}[${i}]`)) : limitFromJson(json, where);

function limitFromJson(json: unknown, where: string): number {
  if (json === "inf") return Infinity;
  if (json === "-inf") return -Infinity;
  if (typeof json === "number") return json;
  throw bad(where, 'a number, "inf" or "-inf"', json);
}

const bad = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_MESSAGE", where, { expected, received });

function object(json: unknown, where: string): JsonRecord {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as JsonRecord;
  throw bad(where, "an object", json);
}

function list(json: unknown, where: string): readonly unknown[] {
  if (Array.isArray(json)) return json;
  throw bad(where, "a list", json);
}

const numbers = (json: unknown, where: string): number[] =>
  list(json, where).map((item, i) => number(item, `${where}[${i}]`));

function number(json: unknown, where: string): number {
  if (typeof json === "number") return json;
  throw bad(where, "a number", json);
}

function string(json: unknown, where: string): string {
  if (typeof json === "string") return json;
  throw bad(where, "a string", json);
}
