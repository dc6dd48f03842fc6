/** Compares plain data, bit by bit (NaN equals NaN, -0 is not 0), and tells where it first differs. */
import { show } from "../../../protocol/show.ts";

/** `path: A, then B` for the first place where the two differ; undefined where they are the same. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  const differ = `${path === "" ? "" : `${path}: `}${show(a)}, then ${show(b)}`;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return differ;
  // By tag, not by prototype: the copy of a class instance is a plain object, and `stateIsPlainData` speaks of that.
  if (tagOf(a) !== tagOf(b)) return differ;
  if (sameBytes(a, b)) return undefined;
  const left = partsOf(a);
  const right = partsOf(b);
  if (left === undefined || right?.length !== left.length) return differ;
  for (let i = 0; i < left.length; i++) {
    const [name, value] = left[i] as Part;
    const [otherName, other] = right[i] as Part;
    const found = name === otherName ? firstDifference(value, other, join(path, name)) : differ;
    if (found !== undefined) return found;
  }
  return undefined;
}

const tagOf = (value: object): string => Object.prototype.toString.call(value);

/** Most arrays that are compared are the same, and some are pictures: they are not to be taken apart for that. */
function sameBytes(a: object, b: object): boolean {
  if (!(a instanceof Uint8Array && b instanceof Uint8Array) || a.length !== b.length) return false;
  return a.every((byte, i) => byte === b[i]);
}

type Part = readonly [name: string, value: unknown];

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** What an object of plain data is made of, in order; fields by name, so that their order does not count. */
function partsOf(value: object): Part[] | undefined {
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const items: ArrayLike<unknown> = "length" in value ? (value as unknown as ArrayLike<unknown>) : bytes;
    return Array.from(items, (item, i) => [`${i}`, item]);
  }
  if (value instanceof ArrayBuffer) return partsOf(new Uint8Array(value));
  if (value instanceof Date) return [["time", value.getTime()]];
  if (value instanceof Map) return Array.from(value, ([key, item], i) => [`${i}`, [key, item]]);
  if (value instanceof Set) return Array.from(value, (item, i) => [`${i}`, item]);
  const names = Object.keys(value).sort();
  return names.map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]]);
}
