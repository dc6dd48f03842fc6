/** What lets several processes learn one set of weights: whoever acts computes gradients, one of them keeps the weights and descends. */
import { connect, filter, map, merge, type Observable, type OperatorFunction } from "rxjs";
import type { Model, Slope } from "../nets/model.ts";
import type { ByName } from "../nets/weights.ts";
import type { Transitions } from "../streams/transitions.ts";
import type { Clock, Metrics } from "./agent.ts";

/** Weights, and how many gradients went into them. */
export interface Versioned {
  readonly version: number;
  readonly weights: ByName;
}

/** A gradient with the transitions it was computed from. */
export interface Gradient extends Slope {
  readonly batch: Transitions;
}

/** Transitions of an actor elsewhere, who computed the gradient; `lag` is how many versions older than now its weights were. */
export interface Pushed extends Transitions {
  readonly slope: Slope;
  /** actors that were started so far in the place of others */
  readonly replaced: number;
}

export interface Shared {
  /** From transitions to gradients at the weights of the moment; changes nothing. */
  gradients(source: Observable<Transitions>): Observable<Gradient>;
  /** Gradients that went into the weights so far. */
  version(): number;
  /** Copies. */
  weights(): Versioned;
  /** Goes on with weights of the same names and lengths. */
  take(weights: ByName): void;
}

interface SharedOptions {
  /** Versions behind which a gradient is dropped. */
  readonly maxLag: number;
  readonly clock: Clock;
  /** learning rate after so many env steps */
  rateAt(done: number): number;
  readonly gradients: Shared["gradients"];
}

/** What an agent needs to be trained by one process or by many. */
export function sharedBy(
  model: Model<never>,
  { maxLag, clock, rateAt, gradients }: SharedOptions,
): { shared: Shared; learn: OperatorFunction<Transitions, Metrics> } {
  const descend = (slope: Slope): Metrics => {
    const learningRate = rateAt(clock.steps);
    return { ...model.descend(slope, learningRate), learningRate };
  };
  let largest = 0;
  const receive = ({ slope, lag, replaced }: Pushed): Metrics => {
    const stale = lag > maxLag;
    largest = Math.max(largest, lag);
    return { ...(stale ? {} : descend(slope)), lag, lagMax: largest, dropped: stale ? 1 : 0, replaced };
  };
  const shapes = model.weights();
  const shared: Shared = {
    gradients,
    version: () => model.steps,
    weights: () => {
      const named = Object.entries(model.weights()).map(([name, { data }]) => [name, data as Float32Array] as const);
      return { version: model.steps, weights: Object.fromEntries(named) };
    },
    take(weights) {
      const named = Object.entries(weights).map(([name, data]) => [name, { data, shape: shapes[name]?.shape ?? [] }]);
      model.transfer(Object.fromEntries(named) as typeof shapes);
    },
  };
  const learn: OperatorFunction<Transitions, Metrics> = connect((source) =>
    merge(source.pipe(filter(isPushed), map(receive)), gradients(source.pipe(filter(isOwn))).pipe(map(descend))),
  );
  return { shared, learn };
}

const isPushed = (batch: Transitions): batch is Pushed => "slope" in batch;
const isOwn = (batch: Transitions): boolean => !isPushed(batch);
