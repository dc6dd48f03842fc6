/** normalizeObservation: observations with mean 0 and variance 1, by what the episode has shown so far. */
import { elementsOf } from "../../../protocol/batch.ts";
import { box } from "../../../protocol/make-space.ts";
import type { Box, NumericArray, Space } from "../../../protocol/spaces.ts";
import type { AnyRules, Rules } from "../rules.ts";
import { FLATTEN_FIRST, needBox, real } from "./checks.ts";
import { carry, erased, moved, observer, stepThen, type Carried } from "./plumbing.ts";
import { include, startOf, type Prior, type RunningStatistics } from "./running-statistics.ts";

export interface NormalizeObservationOptions {
  /** Statistics that every episode begins with. */
  readonly prior?: Prior;
  /** Added to the variance. Default 1e-8. */
  readonly epsilon?: number;
  /** Elements are cut to -clip .. clip. Default Infinity. */
  readonly clip?: number;
}

/** (x - mean) / sqrt(variance + epsilon), element by element, as float32. Statistics are of one instance and one episode: a batch normaliser, which
 *  learns from all of them, belongs to the agent. @throws {TypeError} unless observations are a box. @throws {RangeError} */
export function normalizeObservation<S, A extends Space, I extends Space>(
  rules: Rules<S, A, Box, I>,
  options: NormalizeObservationOptions = {},
): Rules<Carried<S, RunningStatistics>, A, Box<"float32">, I> {
  const { prior = {}, epsilon = 1e-8, clip = Infinity } = options;
  const inner = erased(rules);
  const space = needBox("normalizeObservation: observation", inner.observation, FLATTEN_FIRST);
  real("normalizeObservation: epsilon", epsilon, Number.MIN_VALUE, Number.MAX_VALUE);
  real("normalizeObservation: clip", clip, Number.MIN_VALUE, Infinity);
  const start = startOf("normalizeObservation: prior", elementsOf(space), prior);
  const fresh = inner.async === true; // an async step must leave its state alone
  const read = observer(inner) as (state: unknown) => NumericArray; // of a box
  return carry<RunningStatistics>(inner, {
    begin: (state) => include(start, read(state), true),
    step: (held, ...rest) =>
      stepThen(inner, [held.inner, ...rest], (t) =>
        moved(t, { inner: t.state, own: include(held.own, read(t.state), fresh) }),
      ),
    changes: (held): Partial<AnyRules> => ({
      observation: box(space.shape, -clip, clip),
      observe(state, out) {
        const { mean, variance } = held(state).own;
        const values = read(held(state).inner);
        const scaled = out as Float32Array;
        for (let i = 0; i < values.length; i++) {
          const z = ((values[i] as number) - (mean[i] as number)) / Math.sqrt((variance[i] as number) + epsilon);
          scaled[i] = Math.min(clip, Math.max(-clip, z));
        }
      },
    }),
  }) as never; // of the type above
}
