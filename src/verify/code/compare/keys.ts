/** Texts by which values are found in sets and among keys: equal texts, equal values. */
import type { Encoded } from "../encoded.ts";
import { numberKey, numberOf } from "./numbers.ts";
import { shapeOf } from "./shapes.ts";
import type { Rules } from "./rules.ts";

/** A text of `value`; undefined where the value holds something that equals nothing, itself included. */
export function keyOf(value: Encoded, rules: Rules): string | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  const number = numberOf(value);
  if (number !== undefined) {
    const kind = rules.exactTypes ? ("int" in number ? "i" : "f") : "n";
    if ("float" in number && Number.isNaN(number.float) && !rules.nanEqual) return undefined;
    return kind + numberKey(number);
  }
  const shape = shapeOf(value);
  const name = rules.exactTypes ? shape.exact : shape.kind;
  switch (shape.kind) {
    case "list":
      return joined(
        name,
        shape.items.map((item) => keyOf(item, rules)),
      );
    case "set":
      return joined(name, sorted(shape.items.map((item) => keyOf(item, rules))));
    case "map":
      return joined(
        name,
        sorted(shape.pairs.map(([key, item]) => joined("p", [keyOf(key, rules), keyOf(item, rules)]))),
      );
    case "bytes":
      return `b${shape.text}`;
    case "nothing":
      return rules.exactTypes ? "u" : "null";
    case "complex":
      return joined(
        name,
        shape.items.map((item) => keyOf(item, rules)),
      );
    case "opaque":
      return undefined;
  }
}

function joined(kind: string, keys: readonly (string | undefined)[]): string | undefined {
  return keys.includes(undefined) ? undefined : JSON.stringify([kind, ...keys]);
}

/** What has no key sorts anywhere: the whole has none then. */
function sorted(keys: readonly (string | undefined)[]): readonly (string | undefined)[] {
  return keys.toSorted((a = "", b = "") => (a < b ? -1 : a > b ? 1 : 0));
}
