/** Fits a transition table to logged counts and finds which actions the log supports. */
import { GymError } from "dojang/protocol";
import { makeTable, type Model, type Outcome } from "../shared/tabular.ts";
import { LOG_LIMITS, type LoggedOutcome, type LogTable } from "./log-table.ts";

export interface FittedModel extends Model {
  /** support[state][action]: the log says enough of it, and of all that may follow. */
  readonly support: readonly (readonly boolean[])[];
}

/**
 * The maximum-likelihood model: the probability of an outcome is its share of the counts, its reward the mean that was logged.
 * An action is supported when it was seen `minCount` times and each of its outcomes ends the episode or leads to a state
 * with a supported action: so no supported play ever comes where the log is silent.
 * @throws {GymError} BAD_PARAM when the table is too large, or when an episode may begin in a state without supported action
 */
export function fitModel({ outcomes, starts }: LogTable, minCount: number, where: string): FittedModel {
  const states = 1 + maxOf([...outcomes.flatMap(({ state, next }) => [state, next]), ...starts.map((s) => s.state)]);
  const actions = 1 + maxOf(outcomes.map(({ action }) => action));
  if (states * actions > LOG_LIMITS.pairs)
    throw badLog(where, `at most ${LOG_LIMITS.pairs} pairs of state and action`, states * actions);
  const seen = groupByPair(outcomes, actions);
  const table = makeTable(states, actions, (state, action) => fitOutcomes(seen.get(state * actions + action) ?? []));
  const support = table.map((row, state) =>
    row.map((_, action) => totalOf(seen.get(state * actions + action) ?? []) >= minCount),
  );
  prune(table, support);
  const lost = starts.find(({ state }) => !support[state]?.includes(true));
  if (lost !== undefined) {
    const expected = `supported actions in every state that episodes begin in, at minCount ${minCount}`;
    throw badLog(where, expected, `none in state ${lost.state}`);
  }
  const total = totalOf(starts);
  return { table, support, starts: starts.map(({ state, count }) => ({ state, probability: count / total })) };
}

const maxOf = (numbers: readonly number[]): number => numbers.reduce((most, number) => Math.max(most, number), 0);

const totalOf = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((sum, { count }) => sum + count, 0);

function groupByPair(outcomes: readonly LoggedOutcome[], actions: number): Map<number, LoggedOutcome[]> {
  const groups = new Map<number, LoggedOutcome[]>();
  for (const outcome of outcomes) {
    const key = outcome.state * actions + outcome.action;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [outcome]);
    else group.push(outcome);
  }
  return groups;
}

function fitOutcomes(rows: readonly LoggedOutcome[]): Outcome[] {
  const total = totalOf(rows);
  return rows.map(({ next, count, reward, terminated }) => ({ probability: count / total, next, reward, terminated }));
}

/** Withdraws support from actions that may lead where nothing is supported, until none does. */
function prune(table: readonly (readonly (readonly Outcome[])[])[], support: readonly boolean[][]): void {
  const isOpen = ({ terminated, next }: Outcome): boolean => terminated || support[next]!.includes(true);
  for (let changed = true; changed;) {
    changed = false;
    support.forEach((row, state) =>
      row.forEach((supported, action) => {
        if (!supported || table[state]![action]!.every(isOpen)) return;
        row[action] = false;
        changed = true;
      }),
    );
  }
}

const badLog = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_PARAM", `${where}: log`, { expected, received, hint: "Log more, or lower minCount." });
