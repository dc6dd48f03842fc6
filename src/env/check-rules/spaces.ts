/** Rules about what `build` gives: the functions and spaces that it must hold. */
import { maskWidthOf } from "../../../protocol/space-values.ts";
import {
  box,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  oneOf,
  sequence,
  text,
  tuple,
} from "../../../protocol/make-space.ts";
import type { Space } from "../../../protocol/spaces.ts";
import { warnOfStrangers } from "./plugin.ts";
import { Broken, broken, type CheckRule } from "./rule.ts";

const FIELDS = [
  ...["action", "observation", "maxSteps", "async", "maxConcurrent", "enforceLegal", "infoSpace"],
  ...["reset", "step", "observe", "legal", "render", "info", "batch", "close"],
];

const rulesHaveTheirFunctions: CheckRule = {
  name: "rulesHaveTheirFunctions",
  check({ rules, warn }) {
    const given: unknown = rules;
    if (typeof given !== "object" || given === null)
      throw broken("build", "rules({...})", given, "Return rules({...}) from build.");
    const fields = given as Readonly<Record<string, unknown>>;
    for (const name of ["reset", "step", "observe"])
      if (typeof fields[name] !== "function")
        throw broken(`rules.${name}`, "a function", fields[name], "Add it to rules({...}).");
    for (const name of ["legal", "render", "info", "close"])
      if (fields[name] !== undefined && typeof fields[name] !== "function")
        throw broken(`rules.${name}`, "a function or nothing", fields[name], "Make it a function of the state.");
    warnOfStrangers("rules", given, FIELDS, warn, { mask: "legal", actionMask: "legal" });
  },
};

const spacesAreValid: CheckRule = {
  name: "spacesAreValid",
  needs: ["rulesHaveTheirFunctions"],
  check({ rules }) {
    const { action, observation, infoSpace } = rules as { action?: Space; observation?: Space; infoSpace?: Space };
    checkSpace("rules.action", action);
    checkSpace("rules.observation", observation);
    if (infoSpace !== undefined) checkSpace("rules.infoSpace", infoSpace);
  },
};

function checkSpace(where: string, space: Space | undefined): void {
  const hint = "Make spaces with discrete, box, multiDiscrete, multiBinary, text, dict, tuple, oneOf and sequence.";
  if (typeof space !== "object") throw broken(where, "a space", space, hint);
  try {
    remake(space);
  } catch (error) {
    throw new Broken(`${where}: ${error instanceof Error ? error.message : "is no space"}`, hint);
  }
}

/** Makes the space once more, so that the constructors check one that was written by hand. */
function remake(space: Space): Space {
  switch (space.kind) {
    case "discrete":
      return discrete(space.n, space.start);
    case "box":
      return box(space.shape, space.low, space.high, space.dtype);
    case "multiDiscrete":
      return multiDiscrete(space.nvec);
    case "multiBinary":
      return multiBinary(space.n);
    case "text":
      return text(space);
    case "dict":
      return dict(Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, remake(field)])));
    case "tuple":
      return tuple(...space.items.map(remake));
    case "oneOf":
      return oneOf(...space.options.map(remake));
    case "sequence":
      return sequence(remake(space.element), space);
    default:
      throw new TypeError(`expected a known kind of space, got ${String((space as { kind: unknown }).kind)}`);
  }
}

/** @param absent what leaving it out means */
const isACount = (field: "maxSteps" | "maxConcurrent", absent: string): CheckRule => ({
  name: `${field}IsACount`,
  needs: ["rulesHaveTheirFunctions"],
  check({ rules: { [field]: value } }) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
    throw broken(`rules.${field}`, "an integer from 1 on, or nothing", value, `Leave it out for ${absent}.`);
  },
});

const maxStepsIsACount = isACount("maxSteps", "no time limit");
const maxConcurrentIsACount = isACount("maxConcurrent", "the server's limit");

const legalSuitsTheActions: CheckRule = {
  name: "legalSuitsTheActions",
  needs: ["spacesAreValid"],
  check({ rules }) {
    if (rules.legal === undefined) {
      if (rules.enforceLegal)
        throw broken(
          "rules.legal",
          "a function, as enforceLegal is set",
          undefined,
          "Add legal, or drop enforceLegal.",
        );
    } else if (maskWidthOf(rules.action) === 0) {
      const hint = "Remove legal, or let illegal actions have no effect.";
      throw broken("rules.action", "discrete or multiDiscrete, as there is a mask", rules.action.kind, hint);
    }
  },
};

const infoHasItsSpace: CheckRule = {
  name: "infoHasItsSpace",
  needs: ["rulesHaveTheirFunctions"],
  check({ rules }) {
    const { infoSpace } = rules;
    // Only whether there is one: it is not called.
    const info: unknown = rules.info;
    if (info && !infoSpace)
      throw broken("rules.infoSpace", "the space of info's values", infoSpace, "Declare infoSpace.");
    if (infoSpace && !info)
      throw broken("rules.info", "a function, as infoSpace is set", info, "Add info, or drop infoSpace.");
  },
};

export const SHAPE_RULES: readonly CheckRule[] = [
  rulesHaveTheirFunctions,
  spacesAreValid,
  maxStepsIsACount,
  maxConcurrentIsACount,
  legalSuitsTheActions,
  infoHasItsSpace,
];
