/** What wrappers ask of their arguments. A wrong one is a mistake of the program: TypeError or RangeError, when the rules are built. */
import { show } from "../../../protocol/show.ts";
import type { Box, Discrete, Space } from "../../../protocol/spaces.ts";

/** @throws {RangeError} */
export function integer(where: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${where}: expected an integer in ${min}..${max}, got ${show(value)}`);
}

/** A number in min .. max. @throws {RangeError} */
export function real(where: string, value: number, min: number, max: number): number {
  // Written so that NaN fails it.
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new RangeError(`${where}: expected a number in ${min}..${max}, got ${show(value)}`);
}

/** @throws {RangeError} unless low <= high, neither of them NaN */
export function ordered(where: string, low: number, high: number): void {
  real(`${where}: low`, low, -Infinity, Infinity);
  real(`${where}: high`, high, -Infinity, Infinity);
  if (low > high) throw new RangeError(`${where}: expected low <= high, got ${low} and ${high}`);
}

/** @throws {TypeError} */
export function needFunction(where: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${where}: expected a function, got ${show(value)}`);
}

/** @param hint what to do with other spaces. @throws {TypeError} */
export function needBox(where: string, space: Space, hint: string): Box {
  if (space.kind === "box") return space;
  throw new TypeError(`${where}: expected a box, got ${space.kind}. ${hint}`);
}

/** @throws {TypeError} */
export function needDiscrete(where: string, space: Space, hint: string): Discrete {
  if (space.kind === "discrete") return space;
  throw new TypeError(`${where}: expected discrete, got ${space.kind}. ${hint}`);
}

export const FLATTEN_FIRST = "Wrap with flattenObservation (or oneHot) first.";
