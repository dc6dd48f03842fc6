/** timeLimit: fewer steps before the runner truncates an episode. */
import type { Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { integer } from "./checks.ts";
import { erased, over } from "./plumbing.ts";

/** Truncates after `maxSteps` steps (1 .. 2^31-1), or earlier where the rules themselves say so. @throws {RangeError} */
export function timeLimit<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  maxSteps: number,
): Rules<S, A, O, I> {
  integer("timeLimit: maxSteps", maxSteps, 1, 2 ** 31 - 1);
  const inner = erased(rules);
  return over(inner, { maxSteps: Math.min(maxSteps, inner.maxSteps ?? Infinity) }) as never; // of the type above
}
