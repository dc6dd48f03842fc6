/** rescaleAction: actions in low .. high, stretched to the bounds of the rules. */
import { box, boundAt, DTYPE_RANGE } from "../../../protocol/make-space.ts";
import type { Box, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { needBox, real } from "./checks.ts";
import { erased, over } from "./plumbing.ts";

const NO_OTHER = "Only boxes of real numbers can be stretched.";

/** Accepts low .. high (default -1 .. 1, the range of a tanh policy), mapped linearly, element by element.
 *  @throws {TypeError} unless actions are a box of float32 or float64. @throws {RangeError} unless all bounds are finite and low < high */
export function rescaleAction<S, D extends "float32" | "float64", O extends Space, I extends Space>(
  rules: Rules<S, Box<D>, O, I>,
  low = -1,
  high = 1,
): Rules<S, Box<D>, O, I> {
  const inner = erased(rules);
  const space = needBox("rescaleAction: action", inner.action, NO_OTHER);
  const { min, max, integer } = DTYPE_RANGE[space.dtype];
  if (integer)
    throw new TypeError(`rescaleAction: action: expected float32 or float64, got ${space.dtype}. ${NO_OTHER}`);
  const narrow = box(
    space.shape,
    real("rescaleAction: low", low, min, max),
    real("rescaleAction: high", high, min, max),
    space.dtype,
  );
  const [from, to] = [boundAt(narrow.low, 0), boundAt(narrow.high, 0)];
  if (!(from < to)) throw new RangeError(`rescaleAction: expected low < high, got ${low} and ${high}`);
  for (const bound of [space.low, space.high].flat()) real("rescaleAction: bounds of the action", bound, min, max);
  const stretch = (action: Float32Array | Float64Array): Float32Array | Float64Array =>
    action.map((x, i) => {
      const [least, most] = [boundAt(space.low, i), boundAt(space.high, i)];
      const t = (x - from) / (to - from);
      // Cut, as rounding may lead out of the box by one unit in the last place.
      return Math.min(most, Math.max(least, least * (1 - t) + most * t));
    });
  return over(inner, {
    action: narrow,
    step: (state, action, rng, ctx) => inner.step(state, stretch(action as Float32Array | Float64Array), rng, ctx),
  }) as never; // of the type above
}
