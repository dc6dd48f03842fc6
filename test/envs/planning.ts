/** Exact values of tables by dynamic programming (Bellman, 1957; Sutton & Barto 2018, chapter 4), for checks against published figures. */
import type { Model, Outcome } from "../../envs/shared/tabular.ts";

/** policy[state][action] = probability */
export type Policy = (state: number) => readonly number[];

const backup = (outcomes: readonly Outcome[], values: readonly number[], gamma: number): number =>
  outcomes.reduce((sum, { probability, next, reward, terminated }) => {
    return sum + probability * (reward + (terminated ? 0 : gamma * (values[next] ?? NaN)));
  }, 0);

/** q[action] of one state for the given values of its successors. */
const qValues = ({ table }: Model, state: number, values: readonly number[], gamma: number): number[] =>
  (table[state] ?? []).map((outcomes) => backup(outcomes, values, gamma));

/** Repeats `sweep` until no value moves by more than 1e-10, or exactly `horizon` times if that is finite. */
function iterate(states: number, horizon: number, sweep: (values: number[]) => number[]): number[] {
  let values = new Array<number>(states).fill(0);
  for (let k = 0; k < horizon; k++) {
    const next = sweep(values);
    const change = Math.max(...next.map((value, s) => Math.abs(value - (values[s] ?? NaN))));
    values = next;
    if (horizon === Infinity && change < 1e-10) break;
  }
  return values;
}

export interface PlanOptions {
  /** Steps to go; Infinity: until the values settle. Default Infinity. */
  readonly horizon?: number;
  /** Discount. Default 1. */
  readonly gamma?: number;
}

/** The best values of all states (time-dependent play when the horizon is finite). */
export const optimalValues = (model: Model, { horizon = Infinity, gamma = 1 }: PlanOptions = {}): number[] =>
  iterate(model.table.length, horizon, (values) =>
    model.table.map((_, state) => Math.max(...qValues(model, state, values, gamma))),
  );

/** The values of all states under one fixed policy. */
export const policyValues = (
  model: Model,
  policy: Policy,
  { horizon = Infinity, gamma = 1 }: PlanOptions = {},
): number[] =>
  iterate(model.table.length, horizon, (values) =>
    model.table.map((_, state) => {
      const chances = policy(state);
      return qValues(model, state, values, gamma).reduce((sum, q, action) => sum + q * (chances[action] ?? NaN), 0);
    }),
  );

/** Takes the first of the best actions. */
export function greedyPolicy(model: Model, values: readonly number[], gamma = 1): Policy {
  const choices = model.table.map((_, state) => {
    const q = qValues(model, state, values, gamma);
    const best = q.findIndex((value) => value > Math.max(...q) - 1e-12);
    return q.map((__, action) => Number(action === best));
  });
  return (state) => choices[state] ?? [];
}

/** Every action as likely. */
export const randomPolicy = (model: Model): Policy => {
  const actions = model.table[0]?.length ?? 0;
  const chances = new Array<number>(actions).fill(1 / actions);
  return () => chances;
};

/** With probability `epsilon` a random action, else the policy's. */
export const epsilonGreedy =
  (policy: Policy, epsilon: number): Policy =>
  (state) => {
    const chances = policy(state);
    return chances.map((chance) => (1 - epsilon) * chance + epsilon / chances.length);
  };

/** Mean over the states that episodes start in. */
export const startValue = ({ starts }: Model, values: readonly number[]): number =>
  starts.reduce((sum, { probability, state }) => sum + probability * (values[state] ?? NaN), 0);
