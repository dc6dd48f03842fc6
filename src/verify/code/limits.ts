/** The limits of a box: their defaults, their ranges, and the check of what a caller sets. */
import { GymError } from "../../../protocol/errors.ts";
import type { Limits } from "./types.ts";

export const DEFAULT_LIMITS: Limits = {
  wallMs: 10_000,
  cpuMs: 5_000,
  memoryBytes: 256 * 2 ** 20,
  processes: 16,
  files: 64,
  fileBytes: 10 * 2 ** 20,
  outputBytes: 2 ** 20,
  resultBytes: 2 ** 20,
};

/** What a limit may be, whoever sets it. */
export const LIMIT_RANGES: { readonly [K in keyof Limits]: readonly [min: number, max: number] } = {
  wallMs: [1, 600_000],
  cpuMs: [1, 600_000],
  memoryBytes: [16 * 2 ** 20, 8 * 2 ** 30],
  processes: [1, 1_000],
  files: [8, 10_000],
  fileBytes: [0, 2 ** 30],
  outputBytes: [0, 64 * 2 ** 20],
  resultBytes: [64, 64 * 2 ** 20],
};

const isLimit = (name: string): name is keyof Limits => Object.hasOwn(LIMIT_RANGES, name);

/** `base` with what `given` sets, none above `most`.
 *  @throws {GymError} BAD_PARAM for a name that is no limit, or a value out of range */
export function withLimits(base: Limits, given: unknown = {}, most: Partial<Limits> = {}, where = "limits"): Limits {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new GymError("BAD_PARAM", where, { expected: "an object of limits", received: given });
  }
  const limits: { -readonly [K in keyof Limits]: number } = { ...base };
  for (const [name, value] of Object.entries(given)) {
    if (!isLimit(name)) {
      throw new GymError("BAD_PARAM", where, { expected: Object.keys(LIMIT_RANGES).join(", "), received: name });
    }
    if (value === undefined) continue;
    const [min, max] = LIMIT_RANGES[name];
    limits[name] = inRange(`${where}.${name}`, value, [min, Math.min(max, most[name] ?? max)]);
  }
  return limits;
}

function inRange(where: string, value: unknown, [min, max]: readonly [number, number]): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new GymError("BAD_PARAM", where, { expected: `an integer from ${min} to ${max}`, received: value });
}
