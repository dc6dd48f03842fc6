/** Checkers: functions of the operator that decide where values cannot be compared, such as "any shortest path". */
import { GymError } from "../../../protocol/errors.ts";
import type { Encoded } from "./encoded.ts";

/** What a checker looks at: plain data, in the encoding of encoded.ts. */
export interface Checked {
  readonly args: readonly Encoded[];
  /** What the test says, where it says anything. */
  readonly expected?: Encoded;
  /** What the submission returned; of a script, what it printed. */
  readonly returned: Encoded;
  /** The arguments after the call, where the test asks for them. */
  readonly mutated?: readonly Encoded[];
}

/** Runs in the judge's own process, so only an operator's module can bring one. Throwing makes the verdict `infrastructure`. */
export type Checker = (checked: Checked) => boolean | Promise<boolean>;

export type Checkers = Readonly<Record<string, Checker>>;

/** @throws {GymError} BAD_PARAM when no such checker was loaded */
export function checkerNamed(name: string, checkers: Checkers): Checker {
  const checker = Object.hasOwn(checkers, name) ? checkers[name] : undefined;
  if (checker !== undefined) return checker;
  const names = Object.keys(checkers);
  throw new GymError("BAD_PARAM", "compare.checker", {
    expected: names.length === 0 ? "none: the operator loaded no checkers" : names.join(", "),
    received: name,
  });
}
