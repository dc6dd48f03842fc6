/** Runs inside the sandbox: makes values of the JSON of encoded.ts, without touching anything a submission may have changed. */
import type { Primordials } from "./primordials.ts";

/** @returns a function that reads a list of encoded values. The text comes from the judge and is well formed. */
export function decoder(P: Primordials) {
  type Fields = Record<string, unknown>;
  type Pairs = [unknown, unknown][];

  const list = (items: unknown[]): unknown[] => {
    // The slots exist already, so writing them meets no setter.
    for (let i = 0; i < items.length; i++) items[i] = read(items[i]);
    return items;
  };

  const map = (pairs: Pairs): object => {
    const made = P.construct<object>(P.Map, []);
    for (let i = 0; i < pairs.length; i++) P.apply(P.mapAdd, made, [read(pairs[i]![0]), read(pairs[i]![1])]);
    return made;
  };

  const set = (items: unknown[]): object => {
    const made = P.construct<object>(P.Set, []);
    for (let i = 0; i < items.length; i++) P.apply(P.setAdd, made, [read(items[i])]);
    return made;
  };

  const record = (pairs: Pairs): object => {
    for (let i = 0; i < pairs.length; i++) if (typeof pairs[i]![0] !== "string") return map(pairs);
    const made = {};
    for (let i = 0; i < pairs.length; i++) {
      const value = read(pairs[i]![1]);
      // Without a prototype: else a "get" put on Object.prototype would be taken for this descriptor's.
      const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true };
      P.defineProperty(made, pairs[i]![0] as string, descriptor);
    }
    return made;
  };

  const float = (value: number | string): number => {
    if (typeof value === "number") return value;
    return value === "nan" ? NaN : value === "inf" ? Infinity : value === "-inf" ? -Infinity : -0;
  };

  const digit = (code: number): number =>
    code >= 97 ? code - 71 : code >= 65 ? code - 65 : code >= 48 ? code + 4 : code === 43 ? 62 : 63;

  const bytes = (text: string): Uint8Array => {
    const padding = text === "" ? 0 : text[text.length - 2] === "=" ? 2 : text[text.length - 1] === "=" ? 1 : 0;
    const made = P.construct<Uint8Array>(P.Uint8Array, [(text.length / 4) * 3 - padding]);
    const at = (i: number): number => digit(P.apply<number>(P.charCodeAt, text, [i])) & 63;
    for (let i = 0, o = 0; i < text.length; i += 4, o += 3) {
      const word = (at(i) << 18) | (at(i + 1) << 12) | (at(i + 2) << 6) | at(i + 3);
      // A write beyond the end of a typed array goes nowhere: the padding's bytes.
      made[o] = word >> 16;
      made[o + 1] = word >> 8;
      made[o + 2] = word;
    }
    return made;
  };

  const tagged = (fields: Fields, tag: string | undefined): unknown => {
    const content = fields[tag!];
    switch (tag) {
      case "f":
        return float(content as number | string);
      case "i":
        return P.BigInt(content as string);
      case "t":
      case "it":
        return list(content as unknown[]);
      case "s":
      case "z":
        return set(content as unknown[]);
      case "d":
        return record(content as Pairs);
      case "m":
        return map(content as Pairs);
      case "b":
        return bytes(content as string);
      case "u":
        return undefined;
      default:
        throw P.failure("ArgumentError", `JavaScript has no value for the tag ${tag}`);
    }
  };

  const read = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (P.isArray(value)) return list(value as unknown[]);
    return tagged(value as Fields, P.ownKeys(value)[0] as string | undefined);
  };

  return (text: string): unknown[] => list(P.parse(text) as unknown[]);
}
