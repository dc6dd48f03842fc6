/** Which learners play the probes, with the settings that make them quick. A new learner gets a line here. */
import type { JsonValue } from "dojang/protocol";
import { GAMMA } from "./rooms.ts";

export interface Probed {
  /** Names the line in the tests. */
  readonly name: string;
  readonly agent: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  /** env steps */
  readonly steps: number;
  /** Does `act` tell V(obs) in a column `value`? */
  readonly tellsValues: boolean;
  /** Learns from whole episodes as they were paid, neither discounted nor continued beyond a limit, and is asked for no more than that. */
  readonly plain?: true;
}

const still = (value: number): JsonValue => ({ from: value, to: value, over: 0 });
const NET = { hidden: [32], gamma: GAMMA, learningRate: still(0.01) };
const PPO = { ...NET, steps: 16, minibatch: 128, epochs: 4 };
const Q = { ...NET, epsilon: still(0.5) };
const SAC = { ...NET, start: 400, every: 5, tau: 0.05, temperature: 0.05 };
const REPLAY = { ...Q, start: 200, every: 8, target: 20, capacity: 2_000 };

const ES = { hidden: [], episodes: 8, sigma: 0.3, learningRate: still(0.1), decay: 0.1 };

const line = (agent: string, tellsValues: boolean, steps: number, config: Probed["config"], variant = ""): Probed => {
  return { name: agent + variant, agent, config, steps, tellsValues };
};

/** With discrete actions. The table shows what the probes ask for is there to be learnt. */
export const DISCRETE: readonly Probed[] = [
  line("q-learning", false, 20_000, { gamma: GAMMA, epsilon: still(0.5) }),
  line("ppo", true, 12_000, PPO),
  line("ppo", true, 12_000, { ...PPO, normalizeObservations: true }, ", normalised"),
  line("a2c", true, 12_000, { ...NET, steps: 4 }),
  line("reinforce", true, 12_000, { ...NET, episodes: 64 }),
  line("pqn", true, 6_000, { ...Q, steps: 8, minibatch: 64, epochs: 4 }),
  line("dqn", false, 6_000, REPLAY),
  line(
    "dqn",
    false,
    6_000,
    { ...REPLAY, dueling: true, nSteps: 2, prioritized: true },
    ", dueling, 2 steps, prioritised",
  ),
  line("qr-dqn", false, 6_000, { ...REPLAY, quantiles: 8 }),
  { ...line("evolution-strategies", false, 60_000, ES), plain: true },
  line("discrete-sac", false, 6_000, { ...SAC, entropy: 0.1 }),
];

/** With actions in a box. */
export const BOX: readonly Probed[] = [
  line("ppo", true, 20_000, PPO),
  line("a2c", true, 30_000, { ...NET, steps: 4, learningRate: still(0.003) }),
  line("reinforce", true, 20_000, { ...NET, episodes: 64 }),
  { ...line("evolution-strategies", false, 60_000, ES), plain: true },
  // Two layers: what a push is worth in a room is no sum of the push's and the room's share in it.
  line("sac", false, 6_000, { ...SAC, hidden: [64, 64], batch: 64, entropy: -2, learningRate: still(0.003) }),
];
