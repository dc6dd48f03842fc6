/** Normal draws squashed by tanh into a box (Haarnoja et al., 2018, arXiv:1801.01290, appendix C). */
import type { Rng } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import type { Fit } from "../shared/fit.ts";
import { nn, np, type Tensor } from "./backend.ts";

type Box = Extract<Space, { kind: "box" }>;

const ends = (values: number | readonly number[], size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, k) => (typeof values === "number" ? values : (values[k] as number)));
const sizeOf = ({ shape }: Box): number => shape.reduce((product, n) => product * n, 1);

/** Boxes that tanh can be stretched to. */
export const boundedBox: Fit<Box> = {
  says: "a box of floats with finite bounds",
  fits: (space): space is Box =>
    space.kind === "box" &&
    space.dtype.startsWith("float") &&
    [...ends(space.low, sizeOf(space)), ...ends(space.high, sizeOf(space))].every(Number.isFinite),
};

/** Deviations lie between exp of these. */
const [LOWEST, HIGHEST] = [-5, 2];
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

export interface Squashed {
  /** Numbers of an action. The net gives as many means, and as many numbers that deviations are made of. */
  readonly size: number;
  /** Actions [B, size] in -1 .. 1 and their log-probabilities [B] there, from standard normal noise [B, size]. Consumes all. */
  sample(mean: Tensor, spread: Tensor, noise: Tensor): { action: Tensor; logProb: Tensor };
  /** Actions of the env for `n` rows: drawn, or without an `rng` the middle of the distribution. */
  draw(mean: Float32Array, spread: Float32Array, n: number, rng?: Rng): BatchOf<Space>;
  /** Actions of the env in -1 .. 1. */
  toUnit(action: BatchOf<Space>): Float32Array;
}

export function squashed(space: Box): Squashed {
  const size = sizeOf(space);
  const [low, high] = [ends(space.low, size), ends(space.high, size)];
  const centre = low.map((a, k) => (a + (high[k] as number)) / 2);
  const half = low.map((a, k) => ((high[k] as number) - a) / 2);
  /** Rounding must not carry an action over the edge. */
  const stretch = (unit: number, k: number): number =>
    Math.min(high[k] as number, Math.max(low[k] as number, (centre[k] as number) + (half[k] as number) * unit));
  const actions = (n: number, unit: (at: number) => number): BatchOf<Space> => {
    const out = space.dtype === "float64" ? new Float64Array(n * size) : new Float32Array(n * size);
    for (let at = 0; at < out.length; at++) out[at] = stretch(unit(at), at % size);
    return out;
  };
  return {
    size,
    sample(mean, spread, noise) {
      const logStd = logStdOf(spread);
      const normal = np.sum(noise.ref.mul(noise.ref).mul(-0.5).sub(logStd.ref).sub(HALF_LOG_2PI), -1);
      const raw = mean.add(np.exp(logStd).mul(noise));
      // log(1 - tanh(x)^2) = 2 (log 2 - x - softplus(-2x)), which does not run into log 0.
      const slope = np
        .array(Math.LN2)
        .sub(raw.ref)
        .sub(nn.softplus(raw.ref.mul(-2)))
        .mul(2);
      return { action: np.tanh(raw), logProb: normal.sub(np.sum(slope, -1)) };
    },
    draw: (mean, spread, n, rng) =>
      actions(n, (at) => {
        if (rng === undefined) return Math.tanh(mean[at] as number);
        const logStd = LOWEST + 0.5 * (HIGHEST - LOWEST) * (Math.tanh(spread[at] as number) + 1);
        return Math.tanh((mean[at] as number) + Math.exp(logStd) * rng.normal());
      }),
    // The space was checked: a batch of a box is one typed array.
    toUnit: (action) =>
      Float32Array.from(action as Float32Array, (value, at) =>
        half[at % size] === 0 ? 0 : (value - (centre[at % size] as number)) / (half[at % size] as number),
      ),
  };
}

/** A smooth bound: a cut would have no gradient outside. */
const logStdOf = (spread: Tensor): Tensor =>
  np
    .tanh(spread)
    .add(1)
    .mul(0.5 * (HIGHEST - LOWEST))
    .add(LOWEST);
