/** Options of the verifier that came from outside (a JSON line, an HTTP body), checked once. */
import { GymError } from "../../../protocol/errors.ts";
import { checkExtractOptions, type ExtractOptions } from "./extract/options.ts";
import { MATH_DEFAULTS, type MathOptions } from "./options.ts";

export interface VerifyOptions extends MathOptions {
  /** Where in the text the answer is looked for. */
  readonly extract?: ExtractOptions;
}

type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const flag: Check = ["true or false", (value) => typeof value === "boolean"];
const oneOf = (...words: readonly string[]): Check => [words.map((word) => `"${word}"`).join(", "), (value) => words.includes(value as string)]; // prettier-ignore
const integer = (min: number, max: number): Check => [`an integer in ${min}..${max}`, (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max]; // prettier-ignore

const CHECKS: { readonly [K in keyof Required<MathOptions>]: Check } = {
  tolerance: ["a number in 0..0.1", (value) => typeof value === "number" && value >= 0 && value <= 0.1],
  roundToGold: flag,
  orderedLists: flag,
  units: oneOf("optional", "require", "ignore"),
  percent: oneOf("either", "value", "number"),
  bases: oneOf("same", "value"),
  form: oneOf("asked", "any"),
  decimalComma: flag,
  strict: flag,
  multiple: oneOf("auto", "last", "first", "all"),
  // What one decision may cost: more than the default is not to be had from outside.
  maxLength: integer(1, MATH_DEFAULTS.maxLength),
  maxNesting: integer(1, MATH_DEFAULTS.maxNesting),
  maxWork: integer(1, MATH_DEFAULTS.maxWork),
  maxBits: integer(64, MATH_DEFAULTS.maxBits),
};

/** @throws {GymError} BAD_PARAM naming the option that is wrong */
export function checkVerifyOptions(given: unknown, where = "options"): VerifyOptions {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new GymError("BAD_PARAM", where, { expected: "an object", received: given });
  }
  for (const [name, value] of Object.entries(given)) {
    if (name === "extract") {
      checkExtractOptions(value, `${where}.extract`);
      continue;
    }
    if (!Object.hasOwn(CHECKS, name)) {
      const names = [...Object.keys(CHECKS), "extract"].join(", ");
      throw new GymError("BAD_PARAM", `${where}.${name}`, { expected: `one of ${names}`, received: value });
    }
    const [expected, holds] = CHECKS[name as keyof MathOptions];
    if (!holds(value)) throw new GymError("BAD_PARAM", `${where}.${name}`, { expected, received: value });
  }
  return given; // every field was looked at
}
