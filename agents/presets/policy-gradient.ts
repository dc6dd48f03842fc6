/** Settings of the learners that follow the gradient of a policy. */
import type { Presets } from "./preset.ts";

export const policyGradient: Presets = {
  ppo: {
    // As rl-baselines3-zoo's, with smaller minibatches.
    "CartPole-v1": {
      config: {
        steps: 32,
        minibatch: 64,
        epochs: 10,
        learningRate: { from: 1e-3, to: 0, over: 100_000 },
        gamma: 0.98,
        lambda: 0.8,
        entropyCoef: 0,
      },
      steps: 100_000,
      num: 8,
    },
  },
};
