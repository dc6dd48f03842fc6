/** What random play and the best play are worth on a table of outcomes: backward induction (Bellman, 1957; Puterman, 1994, section 4.5). */

/** One way a move may end. */
interface Outcome {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** The structural part of the table that tabular envs export. */
export interface TableModel {
  /** outcomes = table[state][action] */
  readonly table: readonly (readonly (readonly Outcome[])[])[];
  readonly starts: readonly { readonly probability: number; readonly state: number }[];
}

export interface ExactValues {
  /** Expected undiscounted return of uniformly random actions. */
  readonly random: number;
  /** That of the best actions, which may depend on the steps left. */
  readonly optimum: number;
}

/** @param maxSteps time limit in steps, >= 1 */
export const exactValues = (model: TableModel, maxSteps: number): ExactValues => ({
  random: valueOf(model, maxSteps, (q) => q.reduce((sum, value) => sum + value, 0) / q.length),
  optimum: valueOf(model, maxSteps, (q) => Math.max(...q)),
});

/** @param choose from the values of a state's actions to the value of the state */
function valueOf({ table, starts }: TableModel, steps: number, choose: (q: readonly number[]) => number): number {
  let values = table.map(() => 0);
  for (let left = 1; left <= steps; left++) {
    const after = values;
    values = table.map((actions) => choose(actions.map((outcomes) => expected(outcomes, after))));
  }
  return starts.reduce((sum, { probability, state }) => sum + probability * (values[state] ?? NaN), 0);
}

const expected = (outcomes: readonly Outcome[], after: readonly number[]): number =>
  outcomes.reduce(
    (sum, { probability, next, reward, terminated }) =>
      sum + probability * (reward + (terminated ? 0 : (after[next] ?? NaN))),
    0,
  );
