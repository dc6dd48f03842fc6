/** Replay as an operator: learns from what happened long ago, sampled at a steady rate. */
import type { Rng } from "dojang/env";
import { Observable } from "rxjs";
import type { ReplayMemory } from "./replay-memory.ts";
import type { Transitions } from "./transitions.ts";

export interface ReplayOptions {
  readonly memory: ReplayMemory;
  readonly rng: Rng;
  /** transitions in a sample */
  readonly batch: number;
  /** new transitions for each sample. Default 1 */
  readonly every?: number;
  /** transitions in memory before the first sample. Default `batch` */
  readonly start?: number;
}

/** Puts every batch into `memory`, and emits one sample for each `every` transitions that came in since `start` were reached. */
export function replayBuffer(options: ReplayOptions): (source: Observable<Transitions>) => Observable<Transitions> {
  const { memory, rng, batch: size, every = 1, start = size } = options;
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (batch) => {
          memory.add(batch);
          if (memory.size < start) return;
          // What is owed is kept in checkpoints with the memory, or a resumed run would fall out of step.
          memory.owed += batch.length;
          while (memory.owed >= every && !subscriber.closed) {
            memory.owed -= every;
            subscriber.next({
              ...memory.sample(size, rng),
              source: batch.source,
              lag: batch.lag,
              settle: batch.settle,
            });
          }
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
        },
      }),
    );
}
