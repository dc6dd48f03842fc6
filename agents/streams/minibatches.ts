/** Splits each batch into shuffled minibatches, epoch by epoch. */
import type { Rng } from "dojang/env";
import { concatMap, type OperatorFunction } from "rxjs";
import { takeTransitions, type Transitions } from "./transitions.ts";

export interface MinibatchOptions {
  /** rows in a minibatch, >= 1; the last one of an epoch may have fewer */
  readonly size: number;
  /** passes over each batch. Default 1 */
  readonly epochs?: number;
  readonly rng: Rng;
}

/** Every row comes once an epoch. A batch is split only when its minibatches are asked for: at most one is in memory beside it. */
export function minibatches({ size, epochs = 1, rng }: MinibatchOptions): OperatorFunction<Transitions, Transitions> {
  return concatMap((batch) => split(batch, size, epochs, rng));
}

function* split(batch: Transitions, size: number, epochs: number, rng: Rng): Generator<Transitions> {
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.shuffle(Array.from({ length: batch.length }, (_, row) => row));
    for (let from = 0; from < order.length; from += size) yield takeTransitions(batch, order.slice(from, from + size));
  }
}
