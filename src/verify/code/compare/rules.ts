/** The options of a comparison with nothing left open. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Comparison } from "../types.ts";
import type { Tolerance } from "./numbers.ts";

export interface Rules {
  readonly exactTypes: boolean;
  readonly unordered: boolean;
  readonly nanEqual: boolean;
  readonly exactText: boolean;
  readonly tolerance: Tolerance;
  /** A tolerance was asked for: numbers in printed text may differ by it. */
  readonly textTolerance: boolean;
  readonly checker: string | undefined;
}

const FLAGS = ["exactTypes", "unordered", "nanEqual", "exactText"] as const;
const NAMES: readonly string[] = [...FLAGS, "tolerance", "checker"];

/** @throws {GymError} BAD_PARAM for an option that is unknown or of the wrong type */
export function rulesOf(given: Comparison | undefined = {}, where = "compare"): Rules {
  if (typeof given !== "object" || (given as unknown) === null || Array.isArray(given)) {
    throw new GymError("BAD_PARAM", where, { expected: "an object of options", received: given });
  }
  for (const name of Object.keys(given)) {
    if (!NAMES.includes(name)) throw new GymError("BAD_PARAM", where, { expected: NAMES.join(", "), received: name });
  }
  for (const name of FLAGS) {
    // What a data file holds has not been seen by the type checker.
    if (!["boolean", "undefined"].includes(typeof given[name])) {
      throw new GymError("BAD_PARAM", `${where}.${name}`, { expected: "true or false", received: given[name] });
    }
  }
  const { exactTypes = false, unordered = false, nanEqual = false, exactText = false, checker } = given;
  if (checker !== undefined && typeof (checker as unknown) !== "string") {
    throw new GymError("BAD_PARAM", `${where}.checker`, { expected: "the name of a checker", received: checker });
  }
  const tolerance = toleranceOf(given.tolerance, where);
  return {
    exactTypes,
    unordered,
    nanEqual,
    exactText,
    checker,
    tolerance,
    textTolerance: given.tolerance !== undefined,
  };
}

function toleranceOf(given: Comparison["tolerance"] = {}, where: string): Tolerance {
  const both = typeof given === "number" ? { relative: given, absolute: given } : given;
  const { relative = 1e-9, absolute = 0 } = both;
  for (const [name, value] of Object.entries({ relative, absolute })) {
    if (typeof (value as unknown) !== "number" || !(value >= 0 && value < Infinity)) {
      throw new GymError("BAD_PARAM", `${where}.tolerance.${name}`, {
        expected: "a number from 0 on",
        received: value,
      });
    }
  }
  return { relative, absolute };
}
