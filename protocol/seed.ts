/** Seeds: integers 0 .. 2^53-1, and 0 is one of them. */
import { GymError } from "./errors.ts";

export const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** The seed as it is. @throws {GymError} BAD_SEED */
export function checkSeed(seed: unknown, where = "seed"): number {
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0) return Object.is(seed, -0) ? 0 : seed;
  throw new GymError("BAD_SEED", where, { expected: "an integer in 0..2^53-1", received: seed });
}
