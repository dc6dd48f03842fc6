/** Spaces and parameters in a few words, for tables that people read. */
import type { EnvInfo } from "../../protocol/env-info.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { describeParam } from "../env/param-values.ts";
import type { AnyParam } from "../env/params.ts";

/** "discrete(16)", "box(4) float32", "{hand: discrete(32), ...}" */
export function describeSpace(space: Space | undefined): string {
  switch (space?.kind) {
    case undefined:
      return "(not built)";
    case "discrete":
      return space.start === 0 ? `discrete(${space.n})` : `discrete(${space.n} from ${space.start})`;
    case "multiDiscrete":
      return `multiDiscrete(${space.nvec.join(", ")})`;
    case "multiBinary":
      return `multiBinary(${space.n})`;
    case "box":
      return `box(${space.shape.join("x")}) ${space.dtype}`;
    case "text":
      return `text(at most ${space.maxLength})`;
    case "dict":
      return `{${Object.entries(space.fields)
        .map(([name, field]) => `${name}: ${describeSpace(field)}`)
        .join(", ")}}`;
    case "tuple":
      return `(${space.items.map(describeSpace).join(", ")})`;
    case "oneOf":
      return `one of ${space.options.map(describeSpace).join(" | ")}`;
    case "sequence":
      return `sequence of ${describeSpace(space.element)}`;
  }
}

/** The params of a catalogue entry by name. */
export function paramsOf(info: EnvInfo): [string, AnyParam][] {
  // The catalogue is the JSON form of params schemas; an infinite bound has no JSON form and is put back.
  const restore = (param: JsonValue): AnyParam => ({ min: -Infinity, max: Infinity, ...(param as object) }) as AnyParam;
  return Object.entries(info.params).map(([name, param]) => [name, restore(param)]);
}

/** "an integer in 2..1000, default 8, set by the operator only. Cells of the corridor." */
export function describeSetting(param: AnyParam): string {
  const operator = param.operator === true ? ", set by the operator only" : "";
  const doc = param.doc === undefined ? "" : `. ${param.doc}`;
  return `${describeParam(param)}, default ${JSON.stringify(param.default)}${operator}${doc}`;
}
