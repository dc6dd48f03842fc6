/** Settings of the learners that follow the gradient of a policy. */
import type { Preset, Presets } from "./preset.ts";

/** MinAtar, with the net of its own agents (Young & Tian, 2019) and the settings of gymnax-blines for half its steps and twice its step size. */
const MINATAR: Preset = {
  config: {
    net: "conv",
    hidden: [128],
    steps: 128,
    minibatch: 1024,
    epochs: 4,
    learningRate: { from: 1e-3, to: 0, over: 5_000_000 },
    gamma: 0.999,
    entropyCoef: 0.01,
  },
  steps: 5_000_000,
  num: 64,
};

/**
 * The same for one policy that plays three games, each by as many instances: a convolution that is told the game, and experts behind it. Step sizes fall
 * to 0 over the run's own steps.
 */
const GAMES: Preset = {
  config: {
    ...MINATAR.config,
    net: "conv-moe",
    hidden: [128, 64],
    filters: 24,
    // Returns of Breakout are ten times those of the others, and a critic of all of them is too coarse for these.
    normalizeRewards: true,
    learningRate: { from: 1e-3, to: 0, over: 2_250_000 },
  },
  steps: 2_250_000,
  num: 96,
  resets: [{ game: 0 }, { game: 1 }, { game: 2 }],
};

export const policyGradient: Presets = {
  // 500 after 300,000 steps on each of 5 seeds.
  "evolution-strategies": {
    "CartPole-v1": { config: { sigma: 0.2, learningRate: { from: 0.1, to: 0.1, over: 0 } }, steps: 300_000, num: 32 },
  },
  // -147 to -157 on 3 seeds.
  sac: {
    "Pendulum-v1": { config: {}, steps: 20_000, num: 4 },
  },
  "discrete-sac": {
    // Steps that end in 0: at full size a policy that balances for 500 steps is lost again now and then.
    "CartPole-v1": {
      config: {
        learningRate: { from: 3e-3, to: 0, over: 40_000 },
        tau: 0.05,
        batch: 128,
        every: 2,
        entropy: 0.3,
      },
      steps: 40_000,
      num: 4,
    },
  },
  ppo: {
    // As rl-baselines3-zoo's, with fewer and smaller minibatches and larger steps: as few env steps in half the time.
    // Mean of the last 100 returns of training: 475 within 66,000 steps on each of 5 seeds.
    "CartPole-v1": {
      config: {
        steps: 32,
        minibatch: 128,
        epochs: 8,
        learningRate: { from: 2e-3, to: 0, over: 100_000 },
        gamma: 0.98,
        lambda: 0.8,
        entropyCoef: 0,
      },
      steps: 100_000,
      num: 8,
    },
    // -90 within 54,000 steps on each of 5 seeds.
    "Acrobot-v1": {
      config: {
        steps: 64,
        minibatch: 256,
        epochs: 8,
        learningRate: { from: 1e-3, to: 0, over: 300_000 },
        lambda: 0.94,
        entropyCoef: 0,
      },
      steps: 300_000,
      num: 16,
    },
    // An action's effect is over soon, and values of a short horizon are easier to learn. -200 within 177,000 steps on each of 5 seeds.
    "Pendulum-v1": {
      config: {
        steps: 128,
        minibatch: 128,
        epochs: 10,
        learningRate: { from: 1e-3, to: 0, over: 200_000 },
        gamma: 0.9,
        entropyCoef: 0,
      },
      steps: 200_000,
      num: 16,
    },
    "MinAtar/Asterix-v0": MINATAR,
    // With less entropy one seed of three stays at a return of 6.4 for 1.8 million frames.
    "MinAtar/Breakout-v0": { ...MINATAR, config: { ...MINATAR.config, entropyCoef: 0.03 } },
    "MinAtar/Freeway-v0": MINATAR,
    "MinAtar/Games-v0": GAMES,
    // The others' discount: a return of 4 after 2.1 million frames. Half the step size and three times the entropy: 7.7 after 5 million.
    "MinAtar/Seaquest-v0": {
      ...MINATAR,
      config: { ...MINATAR.config, gamma: 0.99, learningRate: { from: 2e-3, to: 0, over: 5_000_000 } },
    },
    "MinAtar/SpaceInvaders-v0": MINATAR,
  },
  // 475 within 133,000 steps on each of 5 seeds.
  a2c: {
    "CartPole-v1": {
      config: { learningRate: { from: 2e-3, to: 0, over: 300_000 }, entropyCoef: 0 },
      steps: 300_000,
      num: 16,
    },
  },
  // A mean of 475 over 100 episodes after 68,000 to 113,000 steps (6 runs).
  a3c: {
    "CartPole-v1": {
      config: { learningRate: { from: 2e-3, to: 0, over: 300_000 }, gamma: 0.98, entropyCoef: 0 },
      steps: 300_000,
      num: 16,
    },
  },
  // 475 within 207,000 steps on each of 5 seeds.
  reinforce: {
    "CartPole-v1": {
      config: { learningRate: { from: 0.01, to: 0, over: 300_000 }, entropyCoef: 0 },
      steps: 300_000,
      num: 8,
    },
  },
};
