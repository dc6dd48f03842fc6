/** stickyActions: now and then the last action is taken again, so that a memorised sequence fails (Machado et al., 2018). */
import type { Space, ValueOf } from "../../../protocol/spaces.ts";
import { copyValue } from "../copy-value.ts";
import type { Rules } from "../rules.ts";
import { real } from "./checks.ts";
import { carry, erased, mayTake, moved, stepThen, type Carried } from "./plumbing.ts";

/** The action that was taken last; none before the first step. */
export interface LastAction<A> {
  readonly taken: A | undefined;
}

/** With probability p (0 .. 1) a step takes the action that the step before took, whatever is asked for. From the second step of an episode on one `uniform()`
 *  is drawn ahead of the draws of the rules; u < p repeats. Where `enforceLegal` is set an action that has become illegal is not repeated. @throws {RangeError} */
export function stickyActions<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  p = 0.25,
): Rules<Carried<S, LastAction<ValueOf<A>>>, A, O, I> {
  real("stickyActions: p", p, 0, 1);
  const inner = erased(rules);
  return carry<LastAction<unknown>>(inner, {
    begin: () => ({ taken: undefined }),
    step({ inner: state, own: { taken } }, asked, rng, ctx) {
      const again = taken !== undefined && rng.uniform() < p && mayTake(inner, state, taken);
      const action = again ? taken : copyValue(inner.action, asked);
      return stepThen(inner, [state, action, rng, ctx], (t) => moved(t, { inner: t.state, own: { taken: action } }));
    },
  }) as never; // of the type above
}
