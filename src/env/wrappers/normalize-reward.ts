/** normalizeReward: rewards divided by the deviation of the discounted return so far (Engstrom et al., 2020). */
import type { Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { real } from "./checks.ts";
import { carry, erased, moved, stepThen, type Carried } from "./plumbing.ts";
import { copyOf, include, startOf, type Prior, type RunningStatistics } from "./running-statistics.ts";

export interface NormalizeRewardOptions {
  /** Discount of the return whose deviation is the scale, in 0 .. 1. Default 0.99. */
  readonly gamma?: number;
  /** Statistics of the return that every episode begins with. */
  readonly prior?: Prior;
  /** Added to the variance. Default 1e-8. */
  readonly epsilon?: number;
  /** Rewards are cut to -clip .. clip. Default Infinity. */
  readonly clip?: number;
}

/** Statistics of the discounted return, and the return itself. */
export interface ReturnScale {
  readonly statistics: RunningStatistics;
  readonly discounted: number;
}

/** reward / sqrt(variance + epsilon), where variance is that of R <- gamma R + reward over the episode so far; the mean stays. Named parts stay too.
 *  Statistics are of one instance and one episode. @throws {RangeError} */
export function normalizeReward<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  options: NormalizeRewardOptions = {},
): Rules<Carried<S, ReturnScale>, A, O, I> {
  const { gamma = 0.99, prior = {}, epsilon = 1e-8, clip = Infinity } = options;
  real("normalizeReward: gamma", gamma, 0, 1);
  real("normalizeReward: epsilon", epsilon, Number.MIN_VALUE, Number.MAX_VALUE);
  real("normalizeReward: clip", clip, Number.MIN_VALUE, Infinity);
  const start = startOf("normalizeReward: prior", 1, prior);
  const inner = erased(rules);
  const fresh = inner.async === true; // an async step must leave its state alone
  return carry<ReturnScale>(inner, {
    begin: () => ({ statistics: copyOf(start), discounted: 0 }),
    step: ({ inner: state, own }, ...rest) =>
      stepThen(inner, [state, ...rest], (t) => {
        const discounted = gamma * own.discounted + t.reward;
        const statistics = include(own.statistics, [discounted], fresh);
        const scaled = t.reward / Math.sqrt((statistics.variance[0] as number) + epsilon);
        return moved(t, { inner: t.state, own: { statistics, discounted } }, Math.min(clip, Math.max(-clip, scaled)));
      }),
  }) as never; // of the type above
}
