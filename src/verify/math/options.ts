/** How two answers are compared: every option of the math verifier, its default and its meaning, in one place. */

export interface MathOptions {
  /**
   * Relative tolerance, in [0, 0.1], used only where one side is written as a decimal; integers never get any.
   * 0 (the default): a decimal is the exact rational that it spells, so 0.333 is not 1/3.
   */
  readonly tolerance?: number;
  /**
   * `true`: a gold written as a decimal with k places also accepts every number that rounds to it (half up or half
   * even) at k places. Off by default.
   */
  readonly roundToGold?: boolean;
  /** `true`: "1, 2" is not "2, 1". Off by default: a bare list is unordered, a tuple in parentheses always ordered. */
  readonly orderedLists?: boolean;
  /**
   * "optional" (default): where both sides have a unit the units must agree (1 m = 100 cm, $5 = 500 cents, never
   * m = s); where one side has none, the bare numbers are compared. "require": both or neither must have one.
   * "ignore": only the numbers are compared.
   */
  readonly units?: "optional" | "require" | "ignore";
  /**
   * "either" (default): 50% is 0.5, and the sign may also be left off (50% and 50), as a unit may.
   * "value": 50% is 0.5 and nothing else. "number": 50% is 50 and nothing else.
   */
  readonly percent?: "either" | "value" | "number";
  /**
   * "same" (default): 101_2 equals numerals of base 2 only, since a question that asks for a base is answered by
   * writing in it. "value": 101_2 is 5.
   */
  readonly bases?: "same" | "value";
  /**
   * "asked" (default, the one documented asymmetry): a gold in interval notation refuses an inequality, and a solved
   * gold (x > 3, x = 5) refuses an unsolved answer (2x > 6, 2x = 10), since either may be the question copied. The
   * other way round is accepted. "any": whatever has the same solutions.
   */
  readonly form?: "asked" | "any";
  /** `true`: a comma is a decimal comma (1,5 is 1.5) and a dot groups thousands. Off by default. */
  readonly decimalComma?: boolean;
  /**
   * `true`: no leniency about what was asked for: "x = 5" is not "5", a bare list is not a tuple, units as "require",
   * percent as "value". Off by default.
   */
  readonly strict?: boolean;
  /**
   * Which boxed answers of a text count: "auto" (default) takes the last, or the last run of neighbouring ones when
   * the gold is a list; "last", "first", "all" as they say. Read by the extraction; a count must always match.
   */
  readonly multiple?: "auto" | "last" | "first" | "all";
  /** Longest answer that is read, in UTF-16 units; longer ones are "too-large". Default 4096. */
  readonly maxLength?: number;
  /** Deepest nesting of brackets and commands that is read. Default 60. */
  readonly maxNesting?: number;
  /** Work units (about 0.1 microseconds each) that one decision may spend before it is "too-large". Default 50,000. */
  readonly maxWork?: number;
  /** Longest integer that is computed, in bits; longer ones are "too-large". Default 65,536 (about 19,700 digits). */
  readonly maxBits?: number;
}

export const MATH_DEFAULTS: Required<MathOptions> = {
  tolerance: 0,
  roundToGold: false,
  orderedLists: false,
  units: "optional",
  percent: "either",
  bases: "same",
  form: "asked",
  decimalComma: false,
  strict: false,
  multiple: "auto",
  maxLength: 4096,
  maxNesting: 60,
  maxWork: 50_000,
  maxBits: 65_536,
};

/** Options with every default filled in; `strict` tightens units and percent unless they were given. */
export function mathOptions(given: MathOptions = {}): Required<MathOptions> {
  const strict = given.strict === true ? ({ units: "require", percent: "value" } as const) : {};
  return { ...MATH_DEFAULTS, ...strict, ...given };
}
