/** The matrix: which agent learns which env with which seed, what is wanted of it, and what is measured. */
import type { JsonValue } from "dojang/protocol";

export interface Cell {
  /** part/agent/env/seed, with a word for the settings where they are not the preset's */
  readonly key: string;
  readonly part: string;
  readonly agent: string;
  readonly env: string;
  readonly seed: number;
  /** Over the preset: env steps in all, instances, hyperparameters. */
  readonly steps?: number;
  readonly num?: number;
  readonly config?: Readonly<Record<string, JsonValue>>;
  /** Mean of the last 100 training returns whose first time is noted: env steps, wall and CPU seconds since the process began. */
  readonly first?: number;
  /** Training ends when the mean of the last 100 training returns is this. */
  readonly stopAt?: number;
  /** Episodes of the greedy evaluation at the end, of each game where an env is several; absent: none. */
  readonly episodes?: number;
  /** Score (or, with `first`, mean of the last 100 returns) that is wanted. */
  readonly wanted?: number;
  /** Frames a second and the share of the matmul rate, instead of a score. */
  readonly rate?: boolean;
  /** A process that is killed goes on where it was. Others begin anew, for their figure is the time from the start of a process. */
  readonly resumable?: boolean;
}

type Settings = Omit<Cell, "key" | "part" | "agent" | "env" | "seed">;

const cells = (
  part: string,
  agent: string,
  env: string,
  seeds: number,
  settings: Settings,
  word?: string,
): readonly Cell[] =>
  Array.from({ length: seeds }, (_, k) => {
    const seed = k + 1;
    const key = [part, agent, ...(word === undefined ? [] : [word]), env, seed].join("/");
    return { key, part, agent, env, seed, ...settings };
  });

/** Greedy play after training, 100 episodes. */
const scored = (wanted: number): Settings => ({ episodes: 100, wanted, resumable: true });

const SOLVED = 475;
const fresh: Settings = { first: SOLVED, stopAt: SOLVED, wanted: SOLVED };

/** Stops where the mean of 100 returns of training, itself a sample, lies above what is wanted by several of its standard errors. */
const game = (wanted: number, stopAt: number): Settings => ({ ...scored(wanted), stopAt, steps: 5_000_000 });

/** ppo.py of CleanRL as it is; ours has no clipping of the value's error. */
const CLEANRL_PPO: Settings = {
  ...{ first: SOLVED, wanted: SOLVED, steps: 500_000, num: 4 },
  config: {
    ...{ hidden: [64, 64], activation: "tanh", steps: 128, minibatch: 128, epochs: 4, gamma: 0.99, lambda: 0.95 },
    ...{ clip: 0.2, entropyCoef: 0.01, valueCoef: 0.5, maxGradNorm: 0.5, normalizeAdvantage: true },
    learningRate: { from: 2.5e-4, to: 0, over: 500_000 },
  },
};

/** dqn.py of CleanRL as it is, its target net copied every 500 env steps, 50 updates, with the squared error (half of it, which Adam does not see). */
const CLEANRL_DQN: Settings = {
  ...{ first: SOLVED, wanted: SOLVED, steps: 500_000, num: 1 },
  config: {
    ...{ hidden: [120, 84], activation: "relu", dueling: false, double: false, prioritized: false, nSteps: 1 },
    ...{ gamma: 0.99, capacity: 10_000, start: 10_000, batch: 128, every: 10, updates: 1, target: 50 },
    ...{ maxGradNorm: 1e9, kappa: 1e6, learningRate: { from: 2.5e-4, to: 2.5e-4, over: 0 } },
    epsilon: { from: 1, to: 0.05, over: 250_000 },
  },
};

/** examples/dqn.py of MinAtar, with Adam for RMSProp; one update every so many frames. */
const minatarDqn = (every: number): Settings => ({
  ...{ rate: true, steps: every === 1 ? 20_000 : 40_000, num: 1 },
  config: {
    ...{ net: "conv", hidden: [128], filters: 16, activation: "relu", dueling: false, double: false, nSteps: 1 },
    ...{
      prioritized: false,
      gamma: 0.99,
      capacity: 100_000,
      start: 5_000,
      batch: 32,
      every,
      updates: 1,
      target: 1_000,
    },
    ...{ learningRate: { from: 2.5e-4, to: 2.5e-4, over: 0 }, epsilon: { from: 1, to: 0.1, over: 100_000 } },
  },
});

/** Frames that a policy has of each game, whether it learns one or several. */
const GAME_FRAMES = 500_000;
const SEVERAL = ["Breakout", "Asterix", "Freeway"];

/** The preset of a game for so many frames: the step size falls to 0 at their end, as that of the policy for several games does at its own. */
const alone: Settings = {
  ...{ steps: GAME_FRAMES, episodes: 100, resumable: true },
  config: { learningRate: { from: 1e-3, to: 0, over: GAME_FRAMES } },
};
const together: Settings = {
  ...{ steps: SEVERAL.length * GAME_FRAMES, episodes: 100, resumable: true },
  config: { learningRate: { from: 1e-3, to: 0, over: SEVERAL.length * GAME_FRAMES } },
};

export const PARTS = ["cartpole", "classic", "others", "minatar", "moe-games", "throughput", "cleanrl"] as const;

/** What the comment of a preset says of it: the mean of 100 returns of training within so many steps, then greedy play. */
const within = (steps: number): Settings => ({ ...scored(SOLVED), stopAt: SOLVED, steps });

export const CELLS: readonly Cell[] = [
  ...cells("cartpole", "ppo", "CartPole-v1", 5, fresh),
  ...cells("cartpole", "dqn", "CartPole-v1", 5, fresh),
  ...cells("classic", "ppo", "Acrobot-v1", 3, scored(-90)),
  ...cells("classic", "dqn", "Acrobot-v1", 3, scored(-90)),
  ...cells("classic", "dqn", "MountainCar-v0", 3, scored(-120)),
  ...cells("classic", "sac", "Pendulum-v1", 3, scored(-200)),
  ...cells("others", "a2c", "CartPole-v1", 1, within(133_000)),
  ...cells("others", "reinforce", "CartPole-v1", 1, within(207_000)),
  ...cells("others", "a3c", "CartPole-v1", 1, within(113_000)),
  ...cells("others", "evolution-strategies", "CartPole-v1", 1, scored(500)),
  ...cells("others", "pqn", "CartPole-v1", 1, scored(500)),
  ...cells("others", "discrete-sac", "CartPole-v1", 1, scored(SOLVED)),
  ...cells("others", "qr-dqn", "CartPole-v1", 1, scored(SOLVED)),
  ...cells("others", "qr-dqn", "MountainCar-v0", 1, scored(-120)),
  ...cells("minatar", "ppo", "MinAtar/Breakout-v0", 3, game(10, 11.5)),
  ...cells("minatar", "ppo", "MinAtar/Freeway-v0", 1, game(45, 50)),
  ...cells("minatar", "ppo", "MinAtar/Asterix-v0", 1, game(10, 12.5)),
  ...cells("minatar", "ppo", "MinAtar/SpaceInvaders-v0", 1, game(50, 56)),
  ...cells("minatar", "ppo", "MinAtar/Seaquest-v0", 1, game(8, 9.5)),
  ...cells("moe-games", "ppo", "MinAtar/Games-v0", 3, together),
  ...SEVERAL.flatMap((game) => cells("moe-games", "ppo", `MinAtar/${game}-v0`, 3, alone)),
  ...cells("throughput", "ppo", "MinAtar/Breakout-v0", 1, { rate: true, steps: 81_920 }),
  ...cells("throughput", "dqn", "MinAtar/Breakout-v0", 1, minatarDqn(1), "update-every-1"),
  ...cells("throughput", "dqn", "MinAtar/Breakout-v0", 1, minatarDqn(4), "update-every-4"),
  ...cells("cleanrl", "ppo", "CartPole-v1", 3, CLEANRL_PPO),
  ...cells("cleanrl", "dqn", "CartPole-v1", 3, CLEANRL_DQN),
];

/** Settings of a run that shows that everything works: no figure of it means anything. */
export const QUICK: readonly Cell[] = [
  ...cells("cartpole", "ppo", "CartPole-v1", 1, { first: 20, stopAt: 20, wanted: 20, steps: 16_384 }),
  ...cells("classic", "q-learning", "FrozenLake-v1", 1, { steps: 4_000, episodes: 5, wanted: 0, resumable: true }),
  ...cells("moe-games", "ppo", "MinAtar/Games-v0", 1, {
    ...{ steps: 96, num: 3, episodes: 1, resumable: true },
    config: { hidden: [8], filters: 4, experts: 2, steps: 16, minibatch: 48, epochs: 1 },
  }),
  ...cells("throughput", "ppo", "MinAtar/Breakout-v0", 1, {
    ...{ rate: true, steps: 512, num: 8 },
    config: { hidden: [16], filters: 4, steps: 16, minibatch: 64, epochs: 1 },
  }),
];

/** Does a cell's key fit the pattern? "*" stands for anything; a pattern without a star fits what begins with it. */
export function fits(key: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}${parts.length > 1 ? "$" : ""}`).test(key);
}
