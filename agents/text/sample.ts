/** Drawing one token from logits: temperature (Ackley et al., 1985) and nucleus sampling (Holtzman et al., 2020, arXiv:1904.09751). */
import type { Rng } from "dojang/env";

export interface Sampling {
  /** Divides the logits, >= 0; 0 takes the likeliest, and so does what is too small to be divided by (below 1e-308). Default 1. */
  readonly temperature?: number;
  /** Draws from the likeliest tokens that together have this probability, in (0, 1]. Default 1. */
  readonly topP?: number;
}

export interface Sampled {
  readonly token: number;
  /** log of its probability under softmax(logits / temperature), before `topP` cuts; with temperature 0 under softmax(logits). */
  readonly logProb: number;
}

/** Draws one number from `rng` unless it takes the likeliest. */
export function sample(logits: Float32Array, { temperature = 1, topP = 1 }: Sampling, rng: Rng): Sampled {
  const { weights, total } = weighed(logits, temperature);
  const token = isGreedy(temperature)
    ? likeliestOf(logits)
    : drawn(topP < 1 ? nucleus(weights, topP * total) : weights, rng);
  return { token, logProb: Math.log(weights[token]! / total) };
}

/** The `count` likeliest tokens with their log-probabilities, the best first; of equals the lower token first, as temperature 0 takes it. */
export function likeliest(logits: Float32Array, { temperature = 1 }: Sampling, count: number): Sampled[] {
  const { weights, total } = weighed(logits, temperature);
  return descending(logits)
    .slice(0, count)
    .map((token) => ({ token, logProb: Math.log(weights[token]! / total) }));
}

/** 0, or so small that 1 divided by it is infinite. */
const isGreedy = (temperature: number): boolean => !Number.isFinite(1 / temperature);

interface Weighed {
  /** Of each token, relative to the likeliest. */
  readonly weights: Float64Array;
  readonly total: number;
}

function weighed(logits: Float32Array, temperature: number): Weighed {
  const scale = isGreedy(temperature) ? 1 : 1 / temperature;
  const max = logits.reduce((largest, logit) => Math.max(largest, logit), -Infinity);
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - max) * scale));
  return { weights, total: weights.reduce((sum, weight) => sum + weight, 0) };
}

const likeliestOf = (logits: Float32Array): number =>
  logits.reduce((best, logit, token) => (logit > logits[best]! ? token : best), 0);

/** Tokens from the largest value on. The order of equals is theirs, for sorting is stable. */
const descending = (values: Float32Array | Float64Array): number[] =>
  Array.from(values.keys()).sort((a, b) => values[b]! - values[a]!);

function drawn(weights: Float64Array, rng: Rng): number {
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = 0;
  for (let token = 0; token < weights.length; token++) {
    if (weights[token] === 0) continue;
    last = token;
    left -= weights[token]!;
    if (left < 0) return token;
  }
  return last;
}

/** The weights of the likeliest tokens until they reach `mass`; 0 for the rest. */
function nucleus(weights: Float64Array, mass: number): Float64Array {
  const kept = new Float64Array(weights.length);
  let sum = 0;
  for (const token of descending(weights)) {
    if (sum >= mass) break;
    sum += kept[token] = weights[token]!;
  }
  return kept;
}
