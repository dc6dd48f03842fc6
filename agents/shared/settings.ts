/** `key=value` settings of a command line, read against the schema of the agent's hyperparameters. */
import { constantRamp, meantName, type AnyParam, type ParamsSchema } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";

type Settings = Record<string, JsonValue>;

/**
 * Nested values from settings such as `alpha=0.1` and `epsilon.to=0.05`; types and ranges are checked where they are resolved.
 * @throws {GymError} BAD_PARAM for a setting without "=", an unknown key, or text that cannot be the parameter's type
 */
export function parseSettings(
  agent: { readonly id: string; readonly schema: ParamsSchema },
  settings: readonly string[],
): Settings {
  const values: Settings = {};
  for (const setting of settings) {
    const cut = setting.indexOf("=");
    if (cut <= 0) throw new GymError("BAD_PARAM", `${agent.id}: --set`, { expected: "key=value", received: setting });
    const path = setting.slice(0, cut).trim();
    put(values, path.split("."), parseValue(agent.id, path, findParam(agent, path), setting.slice(cut + 1).trim()));
  }
  return values;
}

/** `over` laid on `base`, record by record. */
export function mergeSettings(base: Readonly<Settings>, over: Readonly<Settings>): Settings {
  const merged: Settings = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = fieldsIn(merged[name]);
    merged[name] = below !== undefined && isObject(value) ? mergeSettings(below, value) : value;
  }
  return merged;
}

function findParam({ id, schema }: { readonly id: string; readonly schema: ParamsSchema }, path: string): AnyParam {
  let fields = schema;
  let param: AnyParam | undefined;
  for (const name of path.split(".")) {
    param = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (param === undefined) throw unknownKey(id, path, schema);
    fields = param.type === "record" ? param.fields : {};
  }
  return param as AnyParam;
}

function unknownKey(id: string, path: string, schema: ParamsSchema): GymError {
  const keys = keysOf(schema, "");
  const meant = meantName(path, [...Object.keys(schema), ...keys]);
  const hint = meant === undefined ? {} : { hint: `Did you mean "${meant}"?` };
  return new GymError("BAD_PARAM", `${id}: --set`, { expected: `one of ${keys.join(", ")}`, received: path, ...hint });
}

/** The keys of a schema's values, nested ones with dots. */
export const keysOf = (schema: ParamsSchema, before: string): string[] =>
  Object.entries(schema).flatMap(([name, param]) =>
    param.type === "record" ? keysOf(param.fields, `${before}${name}.`) : [before + name],
  );

function parseValue(id: string, path: string, param: AnyParam, text: string): JsonValue {
  if (param.type === "string" || (param.type === "choice" && typeof param.default === "string")) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    const types = { int: "an integer", real: "a number", flag: "true or false", choice: "a number", list: "a JSON array", record: "a JSON object", ramp: "a number" }; // prettier-ignore
    throw new GymError("BAD_PARAM", `${id}: --set ${path}`, {
      expected: types[param.type === "record" && param.ramp === true ? "ramp" : param.type],
      received: text,
    });
  }
}

function put(values: Settings, path: readonly string[], value: JsonValue): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    values[name] = value;
    return;
  }
  const inner: Settings = { ...fieldsIn(values[name]) };
  put(inner, rest, value);
  values[name] = inner;
}

/** The fields of a record; a number is one only as a ramp that stays there. */
export const fieldsIn = (value: JsonValue | undefined): Readonly<Settings> | undefined =>
  typeof value === "number" ? constantRamp(value) : isObject(value) ? value : undefined;

const isObject = (value: unknown): value is Readonly<Settings> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
