/** frameStack: the last k observations as one, so that a policy without memory sees motion (Mnih et al., 2015). */
import { elementsOf } from "../../../protocol/batch.ts";
import { boundAt, box } from "../../../protocol/make-space.ts";
import type { Box, DType, DTypes, NumericArray, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { FLATTEN_FIRST, integer, needBox } from "./checks.ts";
import { carry, erased, moved, observer, stepThen, type Carried } from "./plumbing.ts";

export interface FrameStackOptions {
  /** What stands for the frames before the first: the first one ("reset", the default), or zeros. */
  readonly padding?: "reset" | "zero";
}

/** Observations get a first axis of length k (1 .. 1,024), oldest frame first, newest last. @throws {TypeError} unless they are a box. @throws {RangeError} */
export function frameStack<S, A extends Space, D extends DType, I extends Space>(
  rules: Rules<S, A, Box<D>, I>,
  k: number,
  { padding = "reset" }: FrameStackOptions = {},
): Rules<Carried<S, DTypes[D]>, A, Box<D>, I> {
  integer("frameStack: k", k, 1, 1_024);
  const inner = erased(rules);
  const space = needBox("frameStack: observation", inner.observation, FLATTEN_FIRST);
  const size = elementsOf(space);
  const read = observer(inner) as (state: unknown) => NumericArray; // of a box
  const padded = (frame: NumericArray): NumericArray => {
    const frames = new (frame.constructor as new (length: number) => NumericArray)(k * size);
    for (let i = padding === "zero" ? k - 1 : 0; i < k; i++) frames.set(frame, i * size);
    return frames;
  };
  const pushed = (frames: NumericArray, frame: NumericArray): NumericArray => {
    const next = inner.async ? frames.slice() : frames; // an async step must leave its state alone
    next.copyWithin(0, size);
    next.set(frame, (k - 1) * size);
    return next;
  };
  return carry<NumericArray>(inner, {
    begin: (state) => padded(read(state)),
    step: (held, ...rest) =>
      stepThen(inner, [held.inner, ...rest], (t) => moved(t, { inner: t.state, own: pushed(held.own, read(t.state)) })),
    changes: (held) => ({
      observation: stacked(space, k, padding === "zero"),
      observe: (state, out) => (out as NumericArray).set(held(state).own),
    }),
  }) as never; // of the type above
}

function stacked(space: Box, k: number, zeros: boolean): Box {
  const size = elementsOf(space);
  const each = (bound: Box["low"], widen: (bound: number) => number): number[] =>
    Array.from({ length: k * size }, (_, i) => (zeros ? widen(boundAt(bound, i % size)) : boundAt(bound, i % size)));
  const low = each(space.low, (bound) => Math.min(bound, 0));
  const high = each(space.high, (bound) => Math.max(bound, 0));
  return box([k, ...space.shape], low, high, space.dtype);
}
