/** timeAwareObservation: how much of the time limit is used up, as part of the observation (Pardo et al., 2018). */
import { elementsOf } from "../../../protocol/batch.ts";
import { box, boundAt } from "../../../protocol/make-space.ts";
import type { Box, DType, NumericArray, Space } from "../../../protocol/spaces.ts";
import type { AnyRules, Rules } from "../rules.ts";
import { FLATTEN_FIRST, needBox } from "./checks.ts";
import { carry, erased, moved, observer, stepThen, type Carried } from "./plumbing.ts";

/** Steps of this episode. */
export interface Elapsed {
  readonly steps: number;
}

type Float<D> = D extends "float64" ? "float64" : "float32";

/** Observations become a vector: the elements of the box, then steps / maxSteps in 0 .. 1. float64 stays, other element types become float32.
 *  @throws {TypeError} unless observations are a box. @throws {RangeError} where there is no time limit */
export function timeAwareObservation<S, A extends Space, D extends DType, I extends Space>(
  rules: Rules<S, A, Box<D>, I>,
): Rules<Carried<S, Elapsed>, A, Box<Float<D>>, I> {
  const inner = erased(rules);
  const space = needBox("timeAwareObservation: observation", inner.observation, FLATTEN_FIRST);
  const { maxSteps } = inner;
  if (maxSteps === undefined)
    throw new RangeError("timeAwareObservation: maxSteps: expected a time limit, got none. Wrap with timeLimit first.");
  const read = observer(inner) as (state: unknown) => NumericArray; // of a box
  const size = elementsOf(space);
  return carry<Elapsed>(inner, {
    begin: () => ({ steps: 0 }),
    step: ({ inner: state, own }, ...rest) =>
      stepThen(inner, [state, ...rest], (t) => moved(t, { inner: t.state, own: { steps: own.steps + 1 } })),
    changes: (held): Partial<AnyRules> => ({
      observation: withTime(space),
      observe(state, out) {
        (out as NumericArray).set(read(held(state).inner));
        (out as NumericArray)[size] = Math.min(1, held(state).own.steps / maxSteps);
      },
    }),
  }) as never; // of the type above
}

function withTime(space: Box): Box {
  const size = elementsOf(space);
  const each = (bound: Box["low"], time: number): number[] =>
    Array.from({ length: size + 1 }, (_, i) => (i < size ? boundAt(bound, i) : time));
  const dtype = space.dtype === "float64" ? "float64" : "float32";
  return box([size + 1], each(space.low, 0), each(space.high, 1), dtype);
}
