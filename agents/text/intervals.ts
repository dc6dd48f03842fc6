/** Intervals of a measured share: Wilson's for one sample a problem, the bootstrap over problems for several. */
import { Rng } from "dojang/env";

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 %. */
const Z = 1.959963984540054;

/** `right` of `n` independent trials (Wilson, 1927). @throws {RangeError} unless 0 <= right <= n and n >= 1 */
export function wilson(right: number, n: number): Interval {
  if (!(n >= 1 && right >= 0 && right <= n))
    throw new RangeError(`wilson: expected 0 <= right <= n, n >= 1; got ${right} of ${n}`);
  const mean = right / n;
  const scale = 1 + (Z * Z) / n;
  const centre = (mean + (Z * Z) / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((mean * (1 - mean)) / n + (Z * Z) / (4 * n * n));
  return { mean, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * The mean of one score for each problem (its pass@k), with the 2.5th and 97.5th percentile of the means of `rounds` resamples of
 * problems: samples of one problem are not independent of each other, problems are (Efron, 1979).
 * @throws {RangeError} when there are no scores
 */
export function bootstrap(scores: readonly number[], { rounds = 1_000, seed = 0 } = {}): Interval {
  const n = scores.length;
  if (n === 0) throw new RangeError("bootstrap: expected at least one problem, got none");
  const rng = new Rng(seed);
  const means = new Float64Array(rounds);
  for (let round = 0; round < rounds; round++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += scores[rng.int(n)] as number;
    means[round] = sum / n;
  }
  means.sort();
  const at = (share: number): number => means[Math.min(rounds - 1, Math.floor(share * rounds))] as number;
  return { mean: scores.reduce((sum, score) => sum + score, 0) / n, low: at(0.025), high: at(0.975) };
}
