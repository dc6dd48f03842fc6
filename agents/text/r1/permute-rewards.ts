/** The control that a learner must fail: the rewards of a batch in another order, so that they say nothing about the answers. */
import type { Rng } from "dojang/env";
import { map, type MonoTypeOperatorFunction } from "rxjs";
import type { Transitions } from "../../streams/transitions.ts";

/** The parts of the reward stay where they are: they tell how good the answers really were. */
export const permuteRewards = (rng: Rng): MonoTypeOperatorFunction<Transitions> =>
  map((batch) => ({ ...batch, reward: Float64Array.from(rng.shuffle([...batch.reward])) }));
