/** Generalised advantage estimation (Schulman et al., 2015) over segments of a stream. */
import { GymError } from "dojang/protocol";
import { map, Observable, type OperatorFunction } from "rxjs";
import { gather, type Place } from "./gather.ts";
import { Segment } from "./segment.ts";
import { goesOn, takeTransitions, type Transitions } from "./transitions.ts";

export interface GaeOptions {
  /** batches (time steps) in a segment, >= 1 */
  readonly steps: number;
  /** discount a step, in [0, 1] */
  readonly gamma: number;
  /** decay of the traces, in [0, 1] */
  readonly lambda: number;
  /** V of the rows' `next`, one for each row. Called once a segment, with the rows whose successor's value the stream does not hold. */
  readonly valueOfNext: (rows: Transitions) => ArrayLike<number>;
  /** Holds the batches until they are a segment; give one to have them in a checkpoint. Default: one of its own. */
  readonly segment?: Segment;
}

/**
 * Joins `steps` batches into one (time step by time step) and adds the columns `extras.advantage` and `extras.return` (= advantage + value).
 * Needs `extras.value`, V(obs) at the time of acting. Traces are cut at the end of an episode, of the segment, and where steps were
 * lost to a fault; a terminated step bootstraps 0, every other cut V(next). A last segment that is not full is used as it is.
 * @throws {GymError} BAD_PARAM when a batch has no column `value`
 */
export function gae({
  steps,
  gamma,
  lambda,
  valueOfNext,
  segment = new Segment(steps),
}: GaeOptions): OperatorFunction<Transitions, Transitions> {
  return (source) =>
    source.pipe(
      segments(segment),
      map((batches) => {
        const places = batches.flatMap((batch) =>
          Array.from({ length: batch.length }, (_, row): Place => ({ batch, row })),
        );
        return {
          ...advantages(gather(places), gamma, lambda, valueOfNext),
          settle: (batches.at(-1) as Transitions).settle,
        };
      }),
    );
}

/** Full segments, and at the end what is left. */
function segments(segment: Segment): OperatorFunction<Transitions, readonly Transitions[]> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (batch) => {
          const full = segment.add(batch);
          if (full) subscriber.next(full);
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          const rest = segment.take();
          if (rest.length > 0) subscriber.next(rest);
          subscriber.complete();
        },
      }),
    );
}

/** `batch` (rows of each instance in order of time) with advantages and returns. */
export function advantages(
  batch: Transitions,
  gamma: number,
  lambda: number,
  valueOfNext: GaeOptions["valueOfNext"],
): Transitions {
  const value = batch.extras["value"];
  if (value === undefined) {
    throw new GymError("BAD_PARAM", "gae: extras", {
      expected: 'a column "value"',
      received: Object.keys(batch.extras),
    });
  }
  const after = followers(batch);
  const nextValue = nextValues(batch, value, after, valueOfNext);
  const advantage = new Float64Array(batch.length);
  for (let i = batch.length - 1; i >= 0; i--) {
    const delta = (batch.reward[i] as number) + gamma * (nextValue[i] as number) - (value[i] as number);
    const follower = after[i] as number;
    advantage[i] = delta + (follower < 0 ? 0 : gamma * lambda * (advantage[follower] as number));
  }
  const returns = advantage.map((a, i) => a + (value[i] as number));
  return { ...batch, extras: { ...batch.extras, advantage, return: returns } };
}

/** For each row, the row of the same episode's next step, or -1 where the trace is cut. */
function followers(batch: Transitions): Int32Array {
  const after = new Int32Array(batch.length).fill(-1);
  const later = new Map<number, number>();
  for (let i = batch.length - 1; i >= 0; i--) {
    const env = batch.env[i] as number;
    const j = later.get(env);
    if (j !== undefined && goesOn(batch, i) && batch.first[j] === 0) after[i] = j;
    later.set(env, i);
  }
  return after;
}

function nextValues(
  batch: Transitions,
  value: ArrayLike<number>,
  after: Int32Array,
  valueOfNext: GaeOptions["valueOfNext"],
) {
  const values = new Float64Array(batch.length);
  const unknown: number[] = [];
  for (let i = 0; i < batch.length; i++) {
    if (batch.terminated[i] === 1) continue;
    if ((after[i] as number) >= 0) values[i] = value[after[i] as number] as number;
    else unknown.push(i);
  }
  if (unknown.length === 0) return values;
  const asked = valueOfNext(takeTransitions(batch, unknown));
  unknown.forEach((row, k) => (values[row] = asked[k] as number));
  return values;
}
