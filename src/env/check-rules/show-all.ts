/** Asks rules all that they show of a state, twice, and notices what asking changes. */
import type { Rng } from "../rng.ts";
import type { AnyRules } from "../rules.ts";
import { firstDifference } from "./first-difference.ts";
import { info, mask, observe, picture } from "./look.ts";
import type { Shown } from "./probe.ts";

export function showAll(rules: AnyRules, state: unknown, rng: Rng): Shown {
  const before = copyOf(state);
  const draws = rng.state;
  const impurities: string[] = [];
  const ask = <T>(name: string, call: () => T): T => {
    const value = call();
    const first = copyOf(value);
    note(impurities, `${name} changed the state`, before, state);
    note(impurities, `${name} drew from the generator`, draws, rng.state);
    note(impurities, `${name} gave two answers for one state`, first, call());
    return value;
  };
  const { value: observation, returned } = ask("observe", () => observe(rules, state));
  return {
    observation,
    returned,
    mask: ask("legal", () => mask(rules, state)),
    info: ask("info", () => info(rules, state)),
    picture: ask("render", () => picture(rules, state)),
    impurity: impurities[0],
  };
}

function note(impurities: string[], what: string, before: unknown, after: unknown): void {
  const difference = before === NO_COPY ? undefined : firstDifference(before, after);
  if (difference !== undefined) impurities.push(`${what}: ${difference}`);
}

/** Stands for a value that has no copy: it is not compared, and `stateIsPlainData` says why. */
export const NO_COPY: unique symbol = Symbol("no copy");

export function copyOf(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return NO_COPY;
  }
}
