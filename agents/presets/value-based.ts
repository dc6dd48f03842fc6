/** Settings of the learners that learn values of actions with nets. */
import type { Preset, Presets } from "./preset.ts";

/** The paper's settings for MinAtar, for half as many instances and frames. */
const PQN_MINATAR: Preset = {
  config: {
    steps: 32,
    minibatch: 128,
    epochs: 2,
    learningRate: { from: 5e-4, to: 0, over: 5_000_000 },
    epsilon: { from: 1, to: 0.05, over: 500_000 },
  },
  steps: 5_000_000,
  num: 64,
};

const GAMES = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];

/** The same for every game, with all six actions (v0) and with those that do something (v1). */
const minatar = (preset: Preset): Presets[string] =>
  Object.fromEntries(GAMES.flatMap((game) => ["v0", "v1"].map((version) => [`MinAtar/${game}-${version}`, preset])));

/**
 * With gamma 0.99, values of 100 and one step's worth between two actions, targets must be new and steady at once: layers are normalised
 * (without, nets of ReLUs diverge when the target net follows this closely), windows of 3 steps carry rewards faster, and a falling
 * learning rate settles what is left.
 */
const DQN_CONTROL: Preset["config"] = {
  hidden: [128, 128],
  norm: true,
  normalizeObservations: true,
  nSteps: 3,
  every: 2,
  target: 50,
  epsilon: { from: 1, to: 0.01, over: 8_000 },
  learningRate: { from: 1e-3, to: 1e-5, over: 60_000 },
};

/** Of MinAtar's own DQN (Young & Tian, 2019), with an update every 4 frames and Adam. */
const DQN_MINATAR: Preset = {
  config: {
    hidden: [128],
    filters: 16,
    double: false,
    batch: 32,
    start: 5_000,
    every: 4,
    target: 250,
    epsilon: { from: 1, to: 0.1, over: 100_000 },
    learningRate: { from: 2.5e-4, to: 2.5e-4, over: 0 },
  },
  steps: 5_000_000,
  num: 8,
};

const DQN: Presets[string] = {
  "CartPole-v1": { config: DQN_CONTROL, steps: 100_000, num: 8 },
  "Acrobot-v1": {
    config: { ...DQN_CONTROL, every: 4, learningRate: { from: 1e-3, to: 1e-5, over: 100_000 } },
    steps: 100_000,
    num: 8,
  },
  // The goal is found by chance first, so chance has longer.
  "MountainCar-v0": {
    config: {
      ...DQN_CONTROL,
      hidden: [64, 64],
      every: 4,
      target: 100,
      epsilon: { from: 1, to: 0.02, over: 40_000 },
      learningRate: { from: 1e-3, to: 1e-5, over: 120_000 },
    },
    steps: 120_000,
    num: 8,
  },
  ...minatar(DQN_MINATAR),
};

export const valueBased: Presets = {
  dqn: DQN,
  pqn: {
    ...minatar(PQN_MINATAR),
    // 500 on each of 5 seeds. With a discount of 0.99 one of 3 is lost again after it had balanced for 500 steps.
    "CartPole-v1": {
      config: {
        hidden: [64, 64],
        steps: 32,
        minibatch: 128,
        epochs: 4,
        gamma: 0.98,
        lambda: 0.9,
        learningRate: { from: 2e-3, to: 0, over: 300_000 },
        epsilon: { from: 1, to: 0.05, over: 60_000 },
      },
      steps: 300_000,
      num: 32,
    },
  },
  "qr-dqn": DQN,
};
