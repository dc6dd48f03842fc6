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

export const valueBased: Presets = {
  pqn: { ...minatar(PQN_MINATAR) },
};
