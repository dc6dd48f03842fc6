/** Running mean and variance as plain data (Welford, 1962), with a prior that counts as so many values seen before. */
import { integer, real } from "./checks.ts";

/** Of n numbers each: `count` values gave this mean and this (population) variance. */
export interface RunningStatistics {
  count: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** What is taken as known before the first value. */
export interface Prior {
  /** One for all elements, or one each. Default 0. */
  readonly mean?: number | readonly number[];
  /** >= 0; one for all elements, or one each. Default 1. */
  readonly variance?: number | readonly number[];
  /** How many values it weighs. 0: none. Infinity: mean and variance stay as given. Default 1. */
  readonly count?: number;
}

/** @throws {RangeError} */
export function startOf(where: string, size: number, { mean = 0, variance = 1, count = 1 }: Prior): RunningStatistics {
  const most = Number.MAX_VALUE;
  return {
    count: real(`${where}: count`, count, 0, Infinity),
    mean: spread(`${where}: mean`, mean, size, -most),
    variance: spread(`${where}: variance`, variance, size, 0),
  };
}

function spread(where: string, given: number | readonly number[], size: number, min: number): Float64Array {
  if (typeof given !== "number") integer(`${where}: length`, given.length, size, size);
  const at = (i: number): number => (typeof given === "number" ? given : (given[i] as number));
  return Float64Array.from({ length: size }, (_, i) => real(where, at(i), min, Number.MAX_VALUE));
}

/** Takes `values` in: into `statistics` itself, or where `fresh` is set into a copy. Gives what holds them. */
export function include(statistics: RunningStatistics, values: ArrayLike<number>, fresh: boolean): RunningStatistics {
  const next = fresh ? copyOf(statistics) : statistics;
  const { mean, variance } = next;
  const count = ++next.count;
  // Variances are kept, not sums of squares, so that an infinite count changes nothing.
  for (let i = 0; i < mean.length; i++) {
    const value = values[i] as number;
    const old = mean[i] as number;
    const now = old + (value - old) / count;
    const squared = (value - old) * (value - now);
    mean[i] = now;
    variance[i] = (variance[i] as number) + (squared - (variance[i] as number)) / count;
  }
  return next;
}

export const copyOf = ({ count, mean, variance }: RunningStatistics): RunningStatistics => ({
  count,
  mean: mean.slice(),
  variance: variance.slice(),
});
