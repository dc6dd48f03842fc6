/** From what a caller gives to what `build` gets: every name known, every value in range, defaults filled in, frozen. */
import { GymError } from "../../protocol/errors.ts";
import { show } from "../../protocol/show.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import { isPlainObject, readFields, type Problem } from "./param-values.ts";
import type { AnyParam, ParamsSchema } from "./params.ts";

export interface ResolveOptions {
  /** True when the values come from configuration or command line, which may set operator parameters. Default false. */
  readonly operator?: boolean;
}

/**
 * The frozen values of a plugin's parameters.
 * @param given values by name; whatever a client sent, so of unknown type
 * @throws {GymError} BAD_PARAM, naming the env, the parameter, what was expected and what came
 */
export function resolveParams(
  plugin: { readonly id: string; readonly params?: ParamsSchema },
  given: unknown = {},
  { operator = false }: ResolveOptions = {},
): Readonly<Record<string, JsonValue>> {
  const fail = ({ path, expected, received, hint }: Problem): never => {
    // A name that the plugin does not know is the caller's: it may be long, or made to be printed.
    const name = /^[\w.[\]-]{1,80}$/.test(path) ? path : show(path);
    const where = path === "" ? `${plugin.id}: params` : `${plugin.id}: param ${name}`;
    throw new GymError("BAD_PARAM", where, { expected, received, ...(hint === undefined ? {} : { hint }) });
  };
  if (!isPlainObject(given)) return fail({ path: "", expected: "an object of values by name", received: given });
  return readFields({ operator, fail }, plugin.params ?? {}, given, "");
}

/** A schema for the catalogue: the same fields as JSON. An infinite bound has no JSON form and is left out. */
export const paramsToJson = (schema: ParamsSchema = {}): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries(Object.entries(schema).map(([name, param]) => [name, paramToJson(param)]));

function paramToJson(param: AnyParam): JsonValue {
  const json: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(param) as [string, unknown][]) {
    if (key === "element") json[key] = paramToJson(value as AnyParam);
    else if (key === "fields") json[key] = paramsToJson(value as ParamsSchema);
    else if (typeof value !== "number" || Number.isFinite(value)) json[key] = value as JsonValue;
  }
  return json;
}
