/** --param KEY=VALUE and --env-param ENV.KEY=VALUE: text into the value that the env's parameter takes. Ranges are checked where the env is made. */
import type { JsonValue } from "../../protocol/frames.ts";
import type { AnyParam } from "../env/params.ts";
import { wrongCall } from "./errors.ts";

type Values = Record<string, JsonValue>;

/**
 * Nested values from `mapName=8x8`, `rewardSchedule.goal=2`. Names that the schema lacks are kept: the env refuses them with the nearest one.
 * @param where begins what errors name
 * @throws {GymError} BAD_PARAM for a text without "=" or one that cannot be the parameter's type
 */
export function parseParams(
  schema: readonly (readonly [string, AnyParam])[],
  given: readonly string[],
  where = "--param ",
): Values {
  const values: Values = {};
  for (const item of given) {
    const cut = item.indexOf("=");
    if (cut <= 0) throw wrongCall(where.trimEnd(), "KEY=VALUE", item);
    const path = item.slice(0, cut).trim();
    const keys = path.split(".");
    put(
      values,
      keys,
      parseValue(`${where}${path}`, find(Object.fromEntries(schema), keys), item.slice(cut + 1).trim()),
    );
  }
  return values;
}

function find(
  fields: Readonly<Record<string, AnyParam>>,
  [head = "", ...rest]: readonly string[],
): AnyParam | undefined {
  const param = Object.hasOwn(fields, head) ? fields[head] : undefined;
  if (rest.length === 0) return param;
  return param?.type === "record" ? find(param.fields, rest) : undefined;
}

const TYPES = { int: "an integer", real: "a number", flag: "true or false", choice: "a number", list: "a JSON array", record: "a JSON object" }; // prettier-ignore

function parseValue(path: string, param: AnyParam | undefined, text: string): JsonValue {
  if (param?.type === "string" || (param?.type === "choice" && typeof param.default === "string")) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    if (param === undefined) return text;
    throw wrongCall(path, TYPES[param.type], text);
  }
}

function put(values: Values, [head = "", ...rest]: readonly string[], value: JsonValue): void {
  if (rest.length === 0) {
    values[head] = value;
    return;
  }
  const inner = { ...(values[head] as Values | undefined) };
  put(inner, rest, value);
  values[head] = inner;
}

/** --resets LIST. @throws {GymError} BAD_PARAM for what is no JSON array */
export function parseResets(text: string): readonly JsonValue[] {
  try {
    const list: unknown = JSON.parse(text);
    // JSON.parse gives nothing but JSON.
    if (Array.isArray(list)) return list as readonly JsonValue[];
  } catch {
    // Said below.
  }
  throw wrongCall("--resets", "a JSON array of reset options", text);
}
