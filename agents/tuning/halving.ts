/** Successive halving (Jamieson & Talwalkar, 2016): many candidates with few steps, the best of them with more. */

/** The share that goes on to the next round is 1 / FACTOR; its steps are FACTOR times as many. */
const FACTOR = 3;

export interface Scored {
  /** number of the candidate */
  readonly trial: number;
  /** absent: it failed, and comes last */
  readonly score?: number;
}

/** env steps up to the end of each round; one round alone is random search. @param steps of the last round */
export const budgets = (steps: number, rounds: number): number[] =>
  Array.from({ length: rounds }, (_, i) => Math.max(1, Math.round(steps / FACTOR ** (rounds - 1 - i))));

/** The candidates with the best scores, best first; of equals the earlier one. */
export const ranked = (all: readonly Scored[]): Scored[] =>
  all.toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.trial - b.trial);

/** Those that go on: a third, at least one, none that failed. */
export const survivors = (all: readonly Scored[]): number[] =>
  ranked(all)
    .filter(({ score }) => score !== undefined)
    .slice(0, Math.ceil(all.length / FACTOR))
    .map(({ trial }) => trial);
