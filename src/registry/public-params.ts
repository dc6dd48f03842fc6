/** The params that clients may see: those of the operator (paths, addresses, limits) left out. */
import type { JsonValue } from "../../protocol/frames.ts";
import type { AnyParam, ParamsSchema } from "../env/params.ts";

type Values = Readonly<Record<string, JsonValue>>;

/** @param values resolved against the schema */
export function publicParams(schema: ParamsSchema, values: Values): Values {
  const shown: Record<string, JsonValue> = {};
  for (const [name, param] of Object.entries(schema)) {
    if (param.operator !== true && Object.hasOwn(values, name))
      shown[name] = publicValue(param, values[name] as JsonValue);
  }
  return shown;
}

function publicValue(param: AnyParam, value: JsonValue): JsonValue {
  if (param.type === "record") return publicParams(param.fields, value as Values);
  if (param.type === "list") return (value as readonly JsonValue[]).map((item) => publicValue(param.element, item));
  return value;
}
