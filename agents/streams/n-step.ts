/** n-step transitions (Sutton & Barto, 2018, section 7.1): rewards of n steps summed, the successor n steps on. */
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import { Observable } from "rxjs";
import { gather, gatherColumn, gatherRows, type Place } from "./gather.ts";
import { goesOn, type Transitions } from "./transitions.ts";

export interface NStepOptions {
  /** steps, >= 1 */
  readonly n: number;
  /** discount a step, in [0, 1] */
  readonly gamma: number;
}

/** Steps of one instance that lack their full window. */
type Window = Place[];

/**
 * One row for each step: `reward` = r_t + gamma r_{t+1} + ... over k <= n steps, `next`, `terminated` and `truncated` those of the last
 * of them, and `extras.discount` = gamma^k, the factor of V(next). Windows end early (k < n) where an episode ends, where steps
 * were lost to a fault, and where the stream completes; so no step is dropped and none reaches over an end.
 */
export function nStep({ n, gamma }: NStepOptions): (source: Observable<Transitions>) => Observable<Transitions> {
  if (!Number.isInteger(n) || n < 1)
    throw new GymError("BAD_PARAM", "nStep: n", { expected: "an integer >= 1", received: n });
  return (source) =>
    new Observable((subscriber) => {
      const windows = new Map<number, Window>();
      return source.subscribe({
        next: (batch) => {
          const ready = advance(windows, batch, n);
          if (ready.length > 0) subscriber.next(sum(ready, gamma));
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          const ready = [...windows.values()].flatMap(suffixes);
          if (ready.length > 0) subscriber.next(sum(ready, gamma));
          subscriber.complete();
        },
      });
    });
}

/** Adds the rows of a batch to their windows; gives the windows that are now complete, each beginning with its step. */
function advance(windows: Map<number, Window>, batch: Transitions, n: number): Window[] {
  const ready: Window[] = [];
  for (let row = 0; row < batch.length; row++) {
    const env = batch.env[row] as number;
    let window = windows.get(env) ?? [];
    if (batch.first[row] === 1) {
      ready.push(...suffixes(window));
      window = [];
    }
    window.push({ batch, row });
    if (!goesOn(batch, row)) {
      ready.push(...suffixes(window));
      window = [];
    } else if (window.length === n) {
      ready.push(window.slice());
      window.shift();
    }
    windows.set(env, window);
  }
  return ready;
}

const suffixes = (window: Window): Window[] => window.map((_, from) => window.slice(from));

function sum(windows: readonly Window[], gamma: number): Transitions {
  const heads = windows.map((window) => window[0] as Place);
  const tails = windows.map((window) => window.at(-1) as Place);
  const reward = Float64Array.from(windows, (window) => {
    let total = 0;
    for (const { batch, row } of window.toReversed()) total = (batch.reward[row] as number) + gamma * total;
    return total;
  });
  const { spaces, nextMask } = (tails[0] as Place).batch;
  const next = gatherRows(spaces.observation, tails, (batch): BatchOf<Space> => batch.next);
  const whole = gather(heads);
  return {
    ...whole,
    reward,
    next,
    ...(nextMask && { nextMask: gatherColumn(tails, (batch) => batch.nextMask as Uint8Array) }),
    terminated: gatherColumn(tails, (batch) => batch.terminated),
    truncated: gatherColumn(tails, (batch) => batch.truncated),
    extras: { ...whole.extras, discount: Float64Array.from(windows, (window) => gamma ** window.length) },
    settle: (tails.at(-1) as Place).batch.settle,
  };
}
