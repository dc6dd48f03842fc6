/** Numbers of encoded values: which kind, what value, and whether two are the same. */
import type { Encoded } from "../encoded.ts";

/** An exact integer, or a double. */
export type Num = { readonly int: bigint } | { readonly float: number };

const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN, "-0": -0 };

/** The number that `value` is, if it is one. A boolean is none. */
export function numberOf(value: Encoded): Num | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? { int: BigInt(value) } : { float: value };
  if (typeof value !== "object" || value === null) return undefined;
  if ("i" in value) return { int: BigInt(value.i) };
  if ("f" in value) return { float: typeof value.f === "number" ? value.f : SPECIAL[value.f]! };
  return undefined;
}

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** Integers are equal when they are the same; where a float is involved, when they lie within the tolerance. */
export function sameNumber(a: Num, b: Num, tolerance: Tolerance, nanEqual: boolean): boolean {
  if ("int" in a && "int" in b) return a.int === b.int;
  const x = "int" in a ? Number(a.int) : a.float;
  const y = "int" in b ? Number(b.int) : b.float;
  if (Number.isNaN(x) || Number.isNaN(y)) return nanEqual && Number.isNaN(x) && Number.isNaN(y);
  if (!Number.isFinite(x) || !Number.isFinite(y)) {
    // An integer beyond the doubles is not infinite.
    return x === y && !("int" in a) && !("int" in b);
  }
  const gap = Math.abs(x - y);
  return x === y || gap <= tolerance.absolute || gap <= tolerance.relative * Math.max(Math.abs(x), Math.abs(y));
}

/** A text that two numbers share exactly when they have the same value. */
export function numberKey(number: Num): string {
  if ("int" in number) return `${number.int}`;
  return Number.isInteger(number.float) ? `${BigInt(number.float)}` : `${number.float}`;
}
