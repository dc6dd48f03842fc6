/** What an encoded value that is neither a number nor a plain scalar is, with the types of both languages brought together. */
import type { Encoded, Pair } from "../encoded.ts";

/** `exact` is the name by which `exactTypes` tells shapes of one kind apart. */
export type Shape =
  | { readonly kind: "list" | "set" | "complex"; readonly exact: string; readonly items: readonly Encoded[] }
  | { readonly kind: "map"; readonly exact: string; readonly pairs: readonly Pair[] }
  | { readonly kind: "bytes"; readonly exact: string; readonly text: string }
  | { readonly kind: "nothing" | "opaque"; readonly exact: string };

export function shapeOf(value: Exclude<Encoded, null | boolean | string>): Shape {
  if (typeof value === "number") return { kind: "opaque", exact: "number" };
  // `in` narrows the union but not its array member.
  if (Array.isArray(value)) return { kind: "list", exact: "list", items: value as readonly Encoded[] };
  const tagged = value as Exclude<typeof value, readonly Encoded[]>;
  if ("t" in tagged) return { kind: "list", exact: "tuple", items: tagged.t };
  if ("it" in tagged) return { kind: "list", exact: "iterator", items: tagged.it };
  if ("s" in tagged) return { kind: "set", exact: "set", items: tagged.s };
  if ("z" in tagged) return { kind: "set", exact: "frozenset", items: tagged.z };
  if ("d" in tagged) return { kind: "map", exact: "object", pairs: tagged.d };
  if ("m" in tagged) return { kind: "map", exact: "Map", pairs: tagged.m };
  if ("b" in tagged) return { kind: "bytes", exact: "bytes", text: tagged.b };
  if ("c" in tagged) return { kind: "complex", exact: "complex", items: tagged.c };
  if ("u" in tagged) return { kind: "nothing", exact: "undefined" };
  return { kind: "opaque", exact: "o" in tagged ? tagged.o : "n" in tagged ? tagged.n : "number" };
}
