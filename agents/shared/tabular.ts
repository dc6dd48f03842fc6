/** What every tabular agent shares: states by number, epsilon-greedy behaviour, a greedy policy, and learning row by row. */
import { real, type ParamsOf, type ParamsSchema, type Rng } from "dojang/env";
import { map } from "rxjs";
import type { Act } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import { defineAgent, type Agent, type Tools } from "./agent.ts";
import { chooseGreedily, chooseUniformly } from "./choose.ts";
import { discreteSpace, finiteSpace } from "./fit.ts";
import type { Saveable } from "./plain.ts";
import { QTable, type Legal } from "./q-table.ts";
import { linear, ramp } from "./schedule.ts";
import { stateIndex, type StateIndex } from "./state-index.ts";

/** Hyperparameters of every tabular learner. */
export const TABULAR = {
  alpha: real(0.1, { min: 1e-9, max: 1, doc: "step size at the first visit of an entry, in (0, 1]" }),
  alphaDecay: real(0, { min: 0, max: 1, doc: "step size at the n-th visit is alpha / (1 + alphaDecay n)" }),
  gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
  epsilon: ramp({ from: 1, to: 0.05, over: 50_000 }, { min: 0, max: 1, doc: "share of random actions" }),
  initial: real(0, { min: -1e9, max: 1e9, doc: "every value before learning" }),
} as const;

/** One transition. The object is used again for the next one: take values out of it, do not keep it. */
export interface Row {
  env: number;
  episode: number;
  t: number;
  /** an episode begins here, or the steps before were lost */
  first: boolean;
  s: number;
  a: number;
  r: number;
  terminated: boolean;
  truncated: boolean;
  next: number;
  nextLegal: Legal;
}

export interface TabularRule {
  /** The tables whose sum behaviour and policy follow. */
  readonly values: readonly QTable[];
  /** Learns from one transition; gives the TD error. */
  update(row: Row): number;
  /** What changes beside the tables. */
  readonly checkpoint?: Readonly<Record<string, Saveable>>;
}

export interface TabularTools extends Tools {
  table(name: string): QTable;
  /** epsilon now */
  epsilon(): number;
}

interface TabularSpec<P extends typeof TABULAR & ParamsSchema> {
  readonly id: string;
  readonly summary: string;
  readonly config: P;
  build(config: ParamsOf<P>, tools: TabularTools): TabularRule;
}

export function defineTabular<P extends typeof TABULAR & ParamsSchema>(spec: TabularSpec<P>): Agent<P> {
  return defineAgent({
    id: spec.id,
    summary: spec.summary,
    spaces: { observation: finiteSpace, action: discreteSpace },
    config: spec.config,
    build(config: ParamsOf<P>, { observation, action }, tools) {
      // P extends TABULAR's schema, so its values extend TABULAR's values; the compiler cannot see through the mapped type.
      const { alpha, alphaDecay, initial, epsilon: shape } = config as ParamsOf<typeof TABULAR>;
      const states = stateIndex(observation, `${spec.id}: observation space`);
      const size = { states: states.size, actions: action.n };
      const tables: Record<string, QTable> = {};
      const table = (name: string): QTable =>
        (tables[name] = new QTable({ name: `${spec.id}: table ${name}`, ...size, initial, alpha, alphaDecay }));
      const epsilon = (): number => linear(shape, tools.clock.steps);
      const { values, update, checkpoint } = spec.build(config, { ...tools, table, epsilon });
      return {
        act: tabularAct(states, action.start, values, epsilon, tools.rng("explore")),
        policy: tabularAct(states, action.start, values, () => 0),
        learn: map((batch) => ({ ...learnRows(states, action, batch, update), epsilon: epsilon() })),
        checkpoint: { ...tables, ...checkpoint },
      };
    },
  });
}

/** Epsilon-greedy over the sum of the tables. Equal values: a random one of them with an `rng`, the lowest without. */
function tabularAct(
  states: StateIndex,
  start: number,
  values: readonly QTable[],
  epsilon: () => number,
  rng?: Rng,
): Act {
  return ({ n, obs, mask }) => {
    const s = states.of(obs);
    const action = new Int32Array(n);
    const scores = new Float64Array(values[0]?.actions ?? 0);
    const share = epsilon();
    for (let i = 0; i < n; i++) {
      const at = i * scores.length;
      const explore = rng !== undefined && share > 0 && rng.uniform() < share;
      if (explore) {
        action[i] = start + chooseUniformly(scores.length, mask, at, rng);
        continue;
      }
      scores.fill(0);
      for (const table of values) table.addTo(s[i] as number, scores);
      action[i] = start + chooseGreedily(scores, mask, at, rng);
    }
    return { action };
  };
}

const row: Row = { env: 0, episode: 0, t: 0, first: false, s: 0, a: 0, r: 0, terminated: false, truncated: false, next: 0, nextLegal: undefined }; // prettier-ignore

function learnRows(
  states: StateIndex,
  action: { n: number; start: number },
  batch: Transitions,
  update: (row: Row) => number,
) {
  const { length, nextMask } = batch;
  const s = states.of(batch.obs);
  const next = states.of(batch.next);
  // The spaces were checked: a discrete action batch is an Int32Array.
  const a = batch.action as Int32Array;
  let tdError = 0;
  for (let i = 0; i < length; i++) {
    row.env = batch.env[i] as number;
    row.episode = batch.episode[i] as number;
    row.t = batch.t[i] as number;
    row.first = batch.first[i] === 1;
    row.s = s[i] as number;
    row.a = (a[i] as number) - action.start;
    row.r = batch.reward[i] as number;
    row.terminated = batch.terminated[i] === 1;
    row.truncated = batch.truncated[i] === 1;
    row.next = next[i] as number;
    row.nextLegal = nextMask?.subarray(i * action.n, (i + 1) * action.n);
    tdError += Math.abs(update(row));
  }
  return { tdError: tdError / length };
}
