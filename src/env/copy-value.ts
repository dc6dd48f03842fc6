/** A copy of one value of a space that shares nothing with it. */
import type { NumericArray, Space } from "../../protocol/spaces.ts";

/** @param value lies in `space` */
export function copyValue(space: Space, value: unknown): unknown {
  switch (space.kind) {
    case "discrete":
    case "text":
      return value;
    case "dict": {
      const copy: Record<string, unknown> = {};
      const fields = value as Readonly<Record<string, unknown>>;
      for (const name in space.fields) copy[name] = copyValue(space.fields[name] as Space, fields[name]);
      return copy;
    }
    case "tuple":
      return space.items.map((item, i) => copyValue(item, (value as readonly unknown[])[i]));
    case "sequence":
      return (value as readonly unknown[]).map((item) => copyValue(space.element, item));
    case "oneOf": {
      const { tag, value: chosen } = value as { readonly tag: number; readonly value: unknown };
      return { tag, value: copyValue(space.options[tag] as Space, chosen) };
    }
    default:
      return (value as NumericArray).slice();
  }
}
