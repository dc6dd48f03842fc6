/** Settings of the tabular learners. */
import type { Presets } from "./preset.ts";

/** Where an env asks the same of all tabular learners. */
const TABULAR: Presets[string] = {
  // Slippery: a constant step size leaves noise in the values that is larger than the gap between the best actions, so it falls with
  // the visits; and a policy greedy for gamma below 0.99 is measurably worse within the time limit.
  "FrozenLake-v1": {
    config: { alpha: 0.5, alphaDecay: 0.01, gamma: 0.99, epsilon: { from: 1, to: 0.1, over: 500_000 } },
    steps: 1_000_000,
    num: 16,
  },
  "FrozenLake8x8-v1": {
    config: { alpha: 0.5, alphaDecay: 0.003, gamma: 0.999, epsilon: { from: 1, to: 0.1, over: 1_000_000 } },
    steps: 2_000_000,
    num: 64,
  },
  // Deterministic: one look at a transition tells all about it.
  "Taxi-v4": {
    config: { alpha: 0.5, gamma: 0.99, epsilon: { from: 1, to: 0.01, over: 300_000 } },
    steps: 500_000,
    num: 8,
  },
  // Sutton & Barto, 2018, example 6.6.
  "CliffWalking-v1": {
    config: { alpha: 0.5, gamma: 1, epsilon: { from: 0.1, to: 0.1, over: 0 } },
    steps: 50_000,
    num: 1,
  },
  "Blackjack-v1": {
    config: { alpha: 0.5, alphaDecay: 0.01, gamma: 1, epsilon: { from: 1, to: 0.1, over: 1_000_000 } },
    steps: 2_000_000,
    num: 64,
  },
};

export const tabular: Presets = {
  "q-learning": TABULAR,
  "double-q-learning": TABULAR,
  "expected-sarsa": TABULAR,
  sarsa: TABULAR,
  "sarsa-lambda": { "CliffWalking-v1": TABULAR["CliffWalking-v1"]! },
};
