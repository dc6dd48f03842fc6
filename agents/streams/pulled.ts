/** Batches that are there to be read as a stream: the next one is taken when the learner has settled the last. */
import { Observable, type Subscriber } from "rxjs";
import { breather } from "./breathe.ts";
import { Ledger } from "./ledger.ts";
import type { Pauses } from "./rollout.ts";
import type { Transitions } from "./transitions.ts";

export interface PulledOptions {
  /** See `rollout`. */
  readonly maxLag?: number;
  /** Transitions in total; the last batch may go over. Absent: to the end of the batches. */
  readonly steps?: number;
  /** Transitions of these that were emitted before. Default 0. */
  readonly done?: number;
  readonly pauses?: Pauses;
}

/** Each subscriber reads anew. Errors: those of the batches, of a learner and of a pause. */
export function pulled(
  batches: () => AsyncIterator<Transitions>,
  options: PulledOptions = {},
): Observable<Transitions> {
  return new Observable((subscriber) => {
    const ledger = new Ledger();
    const source = batches();
    pull(source, options, subscriber, ledger)
      .finally(() => source.return?.())
      .catch((error: unknown) => {
        subscriber.error(error);
      });
    return () => {
      ledger.wake();
    };
  });
}

async function pull(
  source: AsyncIterator<Transitions>,
  { maxLag = 0, steps = Infinity, pauses, ...options }: PulledOptions,
  subscriber: Subscriber<Transitions>,
  ledger: Ledger,
): Promise<void> {
  const isOver = (): boolean => subscriber.closed;
  const breathe = breather();
  let done = options.done ?? 0;
  while (!isOver()) {
    if (pauses?.due(done, done >= steps)) {
      await ledger.atMost(0, isOver);
      if (!isOver()) await pauses.pause(undefined, done);
    }
    if (done >= steps || isOver()) break;
    const next = await source.next();
    if (next.done === true) break;
    done += next.value.length;
    subscriber.next({ ...next.value, lag: ledger.unsettled, settle: ledger.entry() });
    await ledger.atMost(maxLag, isOver);
    await breathe();
  }
  await ledger.atMost(0, isOver);
  subscriber.complete();
}
