/** Batch rules of environments given by a table: the table flat, the states in two columns. */
import type { BatchRules, Discrete, Space } from "dojang/env";
import type { Model, TabularState } from "./tabular.ts";

export interface Walkers {
  readonly at: Int32Array;
  readonly lastAction: Int32Array;
}

/** Outcomes of all moves, one after the other; those of move m are first[m] .. first[m + 1] - 1. */
interface FlatTable {
  readonly first: Int32Array;
  /** Sums of the probabilities of a move's outcomes. */
  readonly cumulative: Float64Array;
  readonly next: Int32Array;
  readonly reward: Float64Array;
  readonly terminated: Uint8Array;
}

/** @param masks the legal actions of each state, absent where all are */
export function tabularBatch(
  { table, starts }: Model,
  masks: readonly ArrayLike<boolean | number>[] | undefined,
): BatchRules<TabularState, Discrete, Discrete, Space, Walkers> {
  const actionCount = table[0]?.length ?? 0;
  const flat = flatten(table);
  const startSums = sums(starts.map(({ probability }) => probability));
  const startStates = Int32Array.from(starts, ({ state }) => state);
  const flags = masks && Uint8Array.from(masks.flatMap((mask) => Array.from(mask, Number)));
  return {
    columns: (num) => ({ at: new Int32Array(num), lastAction: new Int32Array(num) }),
    load({ at, lastAction }, row, state) {
      at[row] = state.at;
      lastAction[row] = state.lastAction;
    },
    save: ({ at, lastAction }, row) => ({ at: at[row]!, lastAction: lastAction[row]! }),
    reset({ at, lastAction }, row, rng) {
      at[row] = startStates[exceeds(startSums, 0, startSums.length, rng.uniform())]!;
      lastAction[row] = -1;
    },
    step({ at, lastAction }, { rows, actions, rngs, rewards, terminated }) {
      const { first, cumulative, next, reward, terminated: ends } = flat;
      for (let k = 0; k < rows.length; k++) {
        const row = rows[k]!;
        const action = actions[k]!;
        const move = at[row]! * actionCount + action;
        const outcome = exceeds(cumulative, first[move]!, first[move + 1]!, rngs[row]!.uniform());
        at[row] = next[outcome]!;
        lastAction[row] = action;
        rewards[k] = reward[outcome]!;
        terminated[k] = ends[outcome]!;
      }
    },
    observe({ at }, rows, out) {
      for (let k = 0; k < rows.length; k++) out[k] = at[rows[k]!]!;
    },
    ...(flags && {
      legal({ at }: Walkers, rows: Uint32Array, out: Uint8Array) {
        for (let k = 0, to = 0; k < rows.length; k++) {
          const from = at[rows[k]!]! * actionCount;
          for (let action = 0; action < actionCount; action++) out[to++] = flags[from + action]!;
        }
      },
    }),
  };
}

/** The first place in begin .. end - 1 whose sum exceeds `u`; the last if rounding leaves none. */
function exceeds(cumulative: Float64Array, begin: number, end: number, u: number): number {
  let low = begin;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (u < cumulative[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sums(probabilities: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(probabilities, (probability) => (sum += probability));
}

function flatten(table: Model["table"]): FlatTable {
  const moves = table.flat();
  const outcomes = moves.flat();
  const first = new Int32Array(moves.length + 1);
  moves.forEach((move, m) => (first[m + 1] = first[m]! + move.length));
  return {
    first,
    cumulative: Float64Array.from(moves.flatMap((move) => Array.from(sums(move.map((o) => o.probability))))),
    next: Int32Array.from(outcomes, ({ next }) => next),
    reward: Float64Array.from(outcomes, ({ reward }) => reward),
    terminated: Uint8Array.from(outcomes, ({ terminated }) => Number(terminated)),
  };
}
