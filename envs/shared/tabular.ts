/** Environments given by a table of outcomes: the table's form, how an outcome is drawn, and rules that play it. */
import { discrete, rules, type RgbFrame, type Rng } from "dojang/env";
import { tabularBatch } from "./tabular-batch.ts";

/** One way a move may end. The probabilities of a move's outcomes sum to 1. */
export interface Outcome {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** outcomes = table[state][action] */
export type Table = readonly (readonly (readonly Outcome[])[])[];

/** A state that episodes start in. The probabilities of all starts sum to 1. */
export interface Start {
  readonly probability: number;
  readonly state: number;
}

/** Everything a planner needs. */
export interface Model {
  readonly table: Table;
  readonly starts: readonly Start[];
}

export interface TabularState {
  /** Index of the table's row. */
  at: number;
  /** The action that led here; -1 after a reset. */
  lastAction: number;
}

interface TabularOptions {
  readonly model: Model;
  /** Steps; absent: no limit. */
  readonly maxSteps?: number;
  /** The legal actions of each state of the table. Absent: all. */
  readonly masks?: readonly ArrayLike<boolean | number>[];
  render(state: TabularState): string | RgbFrame;
}

/** Rules that walk through a table: one uniform draw for each reset and one for each step, even where nothing is left to chance. */
export const tabularRules = ({ model, masks, ...others }: TabularOptions) => {
  const { table, starts } = model;
  return rules({
    action: discrete(table[0]?.length ?? 0),
    observation: discrete(table.length),
    ...others,
    reset: (rng): TabularState => ({ at: drawFrom(starts, rng.uniform()).state, lastAction: -1 }),
    step(state: TabularState, action: number, rng: Rng) {
      const { next, reward, terminated } = drawFrom(outcomesOf(table, state.at, action), rng.uniform());
      state.at = next;
      state.lastAction = action;
      return { state, reward, terminated };
    },
    observe: (state) => state.at,
    ...(masks && { legal: ({ at }: TabularState) => masks[at]! }),
    batch: tabularBatch(model, masks),
  });
};

/** The first item whose cumulative probability exceeds `u`, in [0, 1); the last if rounding leaves none. */
export function drawFrom<T extends { readonly probability: number }>(items: readonly T[], u: number): T {
  let cumulative = 0;
  let last: T | undefined;
  for (const item of items) {
    cumulative += item.probability;
    if (u < cumulative) return item;
    last = item;
  }
  if (last === undefined) throw new RangeError("drawFrom: expected at least one item, got none");
  return last;
}

/** Each of the states with the same probability. */
export const equallyLikely = (states: readonly number[]): Start[] =>
  states.map((state) => ({ probability: 1 / states.length, state }));

/** @throws {RangeError} for a state or an action that the table does not have. */
export function outcomesOf(table: Table, state: number, action: number): readonly Outcome[] {
  const outcomes = table[state]?.[action];
  if (outcomes === undefined) throw new RangeError(`the table has no action ${action} in state ${state}`);
  return outcomes;
}

/** A table from a function of state and action. */
export const makeTable = (
  states: number,
  actions: number,
  outcomes: (state: number, action: number) => Outcome[],
): Table =>
  Array.from({ length: states }, (_, state) =>
    Array.from({ length: actions }, (__, action) => outcomes(state, action)),
  );
