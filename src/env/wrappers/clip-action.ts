/** clipAction: actions outside the box are cut to it instead of refused. */
import { box, boundAt, DTYPE_RANGE } from "../../../protocol/make-space.ts";
import type { Box, DType, NumericArray, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { needBox, ordered } from "./checks.ts";
import { erased, over } from "./plumbing.ts";

const NO_OTHER = "Only boxes have bounds to cut to.";

/** Accepts low .. high (default: all that the element type holds) and cuts each element to the bounds of `rules`. NaN is refused as before.
 *  @throws {TypeError} unless actions are a box. @throws {RangeError} */
export function clipAction<S, D extends DType, O extends Space, I extends Space>(
  rules: Rules<S, Box<D>, O, I>,
  low = -Infinity,
  high = Infinity,
): Rules<S, Box<D>, O, I> {
  ordered("clipAction", low, high);
  const inner = erased(rules);
  const space = needBox("clipAction: action", inner.action, NO_OTHER);
  const { min, max, integer } = DTYPE_RANGE[space.dtype];
  const wide = box(space.shape, integer ? Math.max(low, min) : low, integer ? Math.min(high, max) : high, space.dtype);
  const clip = (action: NumericArray): NumericArray =>
    action.map((x, i) => Math.min(boundAt(space.high, i), Math.max(boundAt(space.low, i), x)));
  return over(inner, {
    action: wide,
    step: (state, action, rng, ctx) => inner.step(state, clip(action as NumericArray), rng, ctx),
  }) as never; // of the type above
}
