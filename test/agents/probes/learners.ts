/** Which agents play the probes, with the settings that make them quick. A new agent gets a line here, or a reason why it has none. */
import type { JsonValue } from "dojang/protocol";
import { GAMMA } from "./rooms.ts";

/** Where V(s) is to be read, or why it cannot be: in the column `value` of `act`, or in the tables that the agent keeps. */
type Values = "column" | "tables" | { readonly none: string };

export interface Probed {
  /** Names the line in the tests. */
  readonly name: string;
  readonly agent: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  /** env steps */
  readonly steps: number;
  readonly values: Values;
  /** Learns what a teacher does, and never plays itself. */
  readonly imitates?: true;
  /** Goes by what whole episodes paid: neither discounted nor continued beyond a limit. Its answers are those. */
  readonly asPaid?: true;
}

/** Agents to which no probe has a meaning. */
export const NOT_PROBED: Readonly<Record<string, string>> = {
  random: "It learns nothing: no answer can be wrong.",
};

const CHOICES_ALONE: Values = {
  none: "Its values are of actions, or of nets of its own: they show in what it chooses.",
};
const NO_VALUES: Values = { none: "It is a policy alone." };

const ramp = (from: number, to: number, over: number): JsonValue => ({ from, to, over });
const still = (value: number): JsonValue => ramp(value, value, 0);
const TABLE = { gamma: GAMMA, epsilon: still(0.5) };
const NET = { hidden: [32], gamma: GAMMA, learningRate: still(0.01) };
const PPO = { ...NET, steps: 16, minibatch: 128, epochs: 4 };
// Two actors: the gradients come in an order that no seed fixes. Ever smaller steps let that matter little in the end.
const A3C = { ...NET, steps: 4, actors: 2 };
const Q = { ...NET, epsilon: still(0.5) };
const SAC = { ...NET, start: 400, every: 5, tau: 0.05, temperature: 0.05 };
const REPLAY = { ...Q, start: 200, every: 8, target: 20, capacity: 2_000 };
const ES = { hidden: [], episodes: 8, sigma: 0.3, learningRate: still(0.1), decay: 0.1 };
const CLONE = { hidden: [32], learningRate: still(0.01), every: 8 };

const line = (agent: string, values: Values, steps: number, config: Probed["config"], variant = ""): Probed => ({
  name: agent + variant,
  ...{ agent, config, steps, values },
});
const table = (agent: string): Probed => line(agent, "tables", 20_000, TABLE);

/** With discrete actions. The tables show what the probes ask for is there to be learnt. */
export const DISCRETE: readonly Probed[] = [
  ...["q-learning", "double-q-learning", "expected-sarsa", "sarsa", "sarsa-lambda"].map(table),
  line("ppo", "column", 12_000, PPO),
  line("ppo", "column", 12_000, { ...PPO, normalizeObservations: true }, ", normalised"),
  line("a2c", "column", 12_000, { ...NET, steps: 4 }),
  line("a3c", "column", 16_000, { ...A3C, learningRate: ramp(0.01, 0.001, 16_000) }),
  line("reinforce", "column", 12_000, { ...NET, episodes: 64 }),
  line("pqn", "column", 6_000, { ...Q, steps: 8, minibatch: 64, epochs: 4 }),
  line("dqn", CHOICES_ALONE, 6_000, REPLAY),
  line(
    "dqn",
    CHOICES_ALONE,
    6_000,
    { ...REPLAY, dueling: true, nSteps: 2, prioritized: true },
    ", dueling, 2 steps, prioritised",
  ),
  line("qr-dqn", CHOICES_ALONE, 6_000, { ...REPLAY, quantiles: 8 }),
  line("discrete-sac", CHOICES_ALONE, 6_000, { ...SAC, entropy: 0.1 }),
  { ...line("evolution-strategies", NO_VALUES, 20_000, ES), asPaid: true },
  { ...line("behaviour-cloning", NO_VALUES, 4_000, CLONE), imitates: true },
];

/** With actions in a box. */
export const BOX: readonly Probed[] = [
  line("ppo", "column", 20_000, PPO),
  line("a2c", "column", 30_000, { ...NET, steps: 4, learningRate: still(0.003) }),
  line("a3c", "column", 40_000, { ...A3C, learningRate: ramp(0.003, 0.0003, 40_000) }),
  line("reinforce", "column", 20_000, { ...NET, episodes: 64 }),
  // Two layers: what a push is worth in a room is no sum of the push's and the room's share in it.
  line("sac", CHOICES_ALONE, 6_000, { ...SAC, hidden: [64, 64], batch: 64, entropy: -2, learningRate: still(0.003) }),
  { ...line("evolution-strategies", NO_VALUES, 20_000, ES), asPaid: true },
  { ...line("behaviour-cloning", NO_VALUES, 4_000, CLONE), imitates: true },
];
