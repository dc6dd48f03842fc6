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
  /** Episodes of the greedy evaluation at the end; absent: none. */
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

/**
 * The net of MinAtar's own agents, which at equal frames scored no less than two dense layers of 256 (Breakout after 500,000: 6.8, 6.3) and costs a
 * fifth less. Stops well above what is wanted, for a mean of 100 returns is itself a sample.
 */
const game = (wanted: number): Settings => ({
  ...scored(wanted),
  ...{ stopAt: 1.15 * wanted, steps: 5_000_000, num: 64 },
  config: {
    ...{ net: "conv", hidden: [128], filters: 16, activation: "relu", steps: 128, minibatch: 1024, epochs: 4 },
    ...{ gamma: 0.999, lambda: 0.95, entropyCoef: 0.01, learningRate: { from: 1e-3, to: 0, over: 5_000_000 } },
  },
});

/** ppo.py of CleanRL as it is; ours has no clipping of the value's error. */
const CLEANRL_PPO: Settings = {
  ...{ first: SOLVED, wanted: SOLVED, steps: 500_000, num: 4 },
  config: {
    ...{ hidden: [64, 64], activation: "tanh", steps: 128, minibatch: 128, epochs: 4, gamma: 0.99, lambda: 0.95 },
    ...{ clip: 0.2, entropyCoef: 0.01, valueCoef: 0.5, maxGradNorm: 0.5, normalizeAdvantage: true },
    learningRate: { from: 2.5e-4, to: 0, over: 500_000 },
  },
};

export const PARTS = ["cartpole", "classic", "minatar", "throughput", "cleanrl"] as const;

export const CELLS: readonly Cell[] = [
  ...cells("cartpole", "ppo", "CartPole-v1", 5, fresh),
  ...cells("cartpole", "dqn", "CartPole-v1", 5, fresh),
  ...cells("classic", "ppo", "Acrobot-v1", 3, scored(-100)),
  ...cells("classic", "dqn", "Acrobot-v1", 3, scored(-100)),
  ...cells("classic", "dqn", "MountainCar-v0", 3, scored(-110)),
  ...cells("classic", "sac", "Pendulum-v1", 3, scored(-200)),
  ...cells("minatar", "ppo", "MinAtar/Breakout-v0", 3, game(10)),
  ...cells("minatar", "ppo", "MinAtar/Freeway-v0", 1, game(50)),
  ...cells("minatar", "ppo", "MinAtar/Asterix-v0", 1, game(15)),
  ...cells("minatar", "ppo", "MinAtar/SpaceInvaders-v0", 1, game(40)),
  ...cells("minatar", "ppo", "MinAtar/Seaquest-v0", 1, game(15)),
  ...cells("throughput", "ppo", "MinAtar/Breakout-v0", 1, { ...game(10), ...{ rate: true, steps: 81_920 } }),
  ...cells("cleanrl", "ppo", "CartPole-v1", 3, CLEANRL_PPO),
];

/** Settings of a run that shows that everything works: no figure of it means anything. */
export const QUICK: readonly Cell[] = [
  ...cells("cartpole", "ppo", "CartPole-v1", 1, { first: 20, stopAt: 20, wanted: 20, steps: 16_384 }),
  ...cells("classic", "q-learning", "FrozenLake-v1", 1, { steps: 4_000, episodes: 5, wanted: 0, resumable: true }),
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
