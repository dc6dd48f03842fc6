/** A space in a few words, for error messages: `discrete(16)`, `box(4) float32`. */
import type { Space } from "dojang/protocol";

export function describeSpace(space: Space): string {
  switch (space.kind) {
    case "discrete":
      return `discrete(${space.n})`;
    case "box":
      return `box(${space.shape.join(" x ")}) ${space.dtype}`;
    case "multiDiscrete":
      return `multiDiscrete(${space.nvec.join(", ")})`;
    case "multiBinary":
      return `multiBinary(${space.n})`;
    case "dict":
      return `dict(${Object.entries(space.fields).map(([name, field]) => `${name}: ${describeSpace(field)}`).join(", ")})`; // prettier-ignore
    case "tuple":
      return `tuple(${space.items.map(describeSpace).join(", ")})`;
    case "oneOf":
      return `oneOf(${space.options.map(describeSpace).join(", ")})`;
    case "sequence":
      return `sequence of ${describeSpace(space.element)}`;
    case "text":
      return "text";
  }
}
