/** transformObservation: a function of each observation, into another space. */
import type { Space, ValueOf } from "../../../protocol/spaces.ts";
import type { Observe, Rules } from "../rules.ts";
import { needFunction } from "./checks.ts";
import { erased, observer, over } from "./plumbing.ts";

/** @param transform is to `observe` what the observation of `rules` is to the state: it writes arrays into `out` and returns other values. The value that it
 *  is given is not to be kept. It must be pure. @throws {TypeError} */
export function transformObservation<S, A extends Space, O extends Space, I extends Space, P extends Space>(
  rules: Rules<S, A, O, I>,
  space: P,
  transform: Observe<ValueOf<O>, P>,
): Rules<S, A, P, I> {
  needFunction("transformObservation: transform", transform);
  const inner = erased(rules);
  const read = observer(inner);
  const apply = transform as (value: unknown, out: unknown) => unknown; // which of the two it is, `space` decides
  return over(inner, { observation: space, observe: (state, out) => apply(read(state), out) }) as never; // of the type above
}
