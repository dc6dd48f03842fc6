/** transformReward: a function of each reward. clipReward is one such. */
import type { Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { needFunction, ordered } from "./checks.ts";
import { erased, moved, over, stepThen } from "./plumbing.ts";

/** Gives `change(reward)` in place of each reward. Named parts stay as they are. @throws {TypeError} */
export function transformReward<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  change: (reward: number) => number,
): Rules<S, A, O, I> {
  needFunction("transformReward: change", change);
  const inner = erased(rules);
  return over(inner, {
    step: (...args) => stepThen(inner, args, (t) => moved(t, t.state, change(t.reward))),
  }) as never; // of the type above
}

/** Cuts rewards to low .. high (default -1 .. 1; one of them may be infinite). Named parts stay as they are. @throws {RangeError} */
export function clipReward<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  low = -1,
  high = 1,
): Rules<S, A, O, I> {
  ordered("clipReward", low, high);
  return transformReward(rules, (reward) => Math.min(high, Math.max(low, reward)));
}
