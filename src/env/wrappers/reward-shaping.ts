/** rewardShaping: a potential added to the reward without changing which policies are optimal (Ng, Harada & Russell, 1999). */
import { show } from "../../../protocol/show.ts";
import type { Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { needFunction, real } from "./checks.ts";
import { erased, over, stepThen } from "./plumbing.ts";

export interface RewardShapingOptions {
  /** The learner's own discount, in 0 .. 1: with another one the best policy may change. Default 0.99. */
  readonly gamma?: number;
}

/** Adds F = gamma * potential(after) - potential(before); the potential of a terminal state counts as 0 (Grzes, 2017). F is the named part "shaping".
 *  `potential` must be pure and finite. @throws {TypeError | RangeError} */
export function rewardShaping<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  potential: (state: S) => number,
  { gamma = 0.99 }: RewardShapingOptions = {},
): Rules<S, A, O, I> {
  needFunction("rewardShaping: potential", potential);
  real("rewardShaping: gamma", gamma, 0, 1);
  const inner = erased(rules);
  const at = (state: unknown): number => {
    const value = potential(state as S); // the state of `rules`
    if (Number.isFinite(value)) return value;
    throw new RangeError(`rewardShaping: potential: expected a finite number, got ${show(value)}`);
  };
  return over(inner, {
    step(state, ...rest) {
      const before = at(state); // now: the step may change the state in place
      return stepThen(inner, [state, ...rest], (t) => {
        const added = (t.terminated ? 0 : gamma * at(t.state)) - before;
        const rewards = { ...t.rewards, shaping: (t.rewards?.["shaping"] ?? 0) + added };
        return { state: t.state, reward: t.reward + added, terminated: t.terminated, rewards };
      });
    },
  }) as never; // of the type above
}
