/** Reads the golden vectors: literal bytes and what they mean. */
import { readFileSync } from "node:fs";
import { ARRAYS, dtypeOf } from "../../protocol/batch.ts";
import type { Space } from "../../protocol/index.ts";

const folder = new URL("../../protocol/vectors/", import.meta.url);

/** `{"$bytes": "0aff"}` in a vector stands for bytes. */
export const vectors = <T>(name: string): T[] =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"), revive) as T[];

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function revive(_key: string, value: unknown): unknown {
  const hex = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof hex === "string" ? fromHex(hex) : value;
}

/** The value of a vector with the arrays that its space asks for. */
export function typed(space: Space, value: unknown): unknown {
  switch (space.kind) {
    case "box":
    case "multiDiscrete":
    case "multiBinary": {
      const array = new ARRAYS[dtypeOf(space)]((value as number[]).length);
      array.set(value as number[]);
      return array;
    }
    case "dict":
      return Object.fromEntries(
        Object.entries(space.fields).map(([name, field]) => [
          name,
          typed(field, (value as Record<string, unknown>)[name]),
        ]),
      );
    case "tuple":
      return space.items.map((item, i) => typed(item, (value as unknown[])[i]));
    case "sequence":
      return (value as unknown[]).map((item) => typed(space.element, item));
    case "oneOf": {
      const { tag, value: inner } = value as { tag: number; value: unknown };
      return { tag, value: typed(space.options[tag] as Space, inner) };
    }
    default:
      return value;
  }
}
