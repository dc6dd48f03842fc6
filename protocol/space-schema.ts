/** Spaces as JSON Schema (2020-12), for programs that write values as JSON: tool calls of language models, HTTP clients. */
import type { JsonValue } from "./frames.ts";
import { DTYPE_RANGE } from "./make-space.ts";
import type { Box, Space, Text } from "./spaces.ts";

type Schema = Readonly<Record<string, JsonValue>>;

/** A schema that accepts every value of the space in its JSON form: a box as arrays nested by its shape, multiDiscrete and multiBinary as flat arrays,
 *  everything else as it is. Boxes with bounds for each element are described by the widest of them. */
export const spaceToSchema = (space: Space): Schema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  ...describe(space),
});

function describe(space: Space): Schema {
  switch (space.kind) {
    case "discrete":
      return { type: "integer", minimum: space.start, maximum: space.start + space.n - 1 };
    case "box":
      return space.shape.reduceRight<Schema>((items, length) => exactly(length, items), describeElement(space));
    case "multiDiscrete":
      return listOf(space.nvec.map((n) => ({ type: "integer", minimum: 0, maximum: n - 1 })));
    case "multiBinary":
      return exactly(space.n, { type: "integer", enum: [0, 1] });
    case "text":
      return describeText(space);
    case "dict": {
      const fields = Object.entries(space.fields).map(([name, field]) => [name, describe(field)] as const);
      return record(Object.fromEntries(fields));
    }
    case "tuple":
      return listOf(space.items.map(describe));
    case "oneOf":
      return { oneOf: space.options.map((option, tag) => record({ tag: { const: tag }, value: describe(option) })) };
    case "sequence":
      return { type: "array", items: describe(space.element), maxItems: space.maxLength };
  }
}

function describeElement({ dtype, low, high }: Box): Schema {
  const minimum = typeof low === "number" ? low : low.reduce((a, b) => Math.min(a, b));
  const maximum = typeof high === "number" ? high : high.reduce((a, b) => Math.max(a, b));
  return {
    type: DTYPE_RANGE[dtype].integer ? "integer" : "number",
    ...(Number.isFinite(minimum) ? { minimum } : {}),
    ...(Number.isFinite(maximum) ? { maximum } : {}),
  };
}

function describeText({ minLength, maxLength, charset }: Text): Schema {
  // JSON Schema counts code points, a space counts UTF-16 code units: only with a charset are they the same.
  if (charset === undefined) return { type: "string", minLength: Math.ceil(minLength / 2), maxLength };
  const pattern = `^[${charset.replace(/[\\\]^-]/g, "\\$&")}]*$`;
  return { type: "string", minLength, maxLength, pattern };
}

const exactly = (length: number, items: Schema): Schema => ({
  type: "array",
  items,
  minItems: length,
  maxItems: length,
});

const listOf = (items: readonly Schema[]): Schema => ({
  type: "array",
  prefixItems: items,
  items: false,
  minItems: items.length,
});

const record = (properties: Schema): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
