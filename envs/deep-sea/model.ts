/** The transition table of DeepSea. */
import { makeTable, type Model } from "../shared/tabular.ts";

/** Cost of all moves to the right together; one costs this divided by the size. */
const MOVE_COST = 0.01;

export interface DeepSeaOptions {
  readonly size: number;
  /** A move to the right fails with probability 1 / size. */
  readonly slippery: boolean;
  /** rightOf[row * size + column]: the action that means right there. */
  readonly rightOf: readonly number[];
}

/** States are row * size + column; one more, the last, is where every episode ends. */
export function deepSeaModel({ size, slippery, rightOf }: DeepSeaOptions): Model {
  const end = size * size;
  const table = makeTable(end + 1, 2, (state, action) => {
    if (state === end) return [{ probability: 1, next: end, reward: 0, terminated: true }];
    const row = Math.floor(state / size);
    const column = state % size;
    const terminated = row === size - 1;
    const to = (nextColumn: number): number => (terminated ? end : (row + 1) * size + nextColumn);
    if (rightOf[state] !== action)
      return [{ probability: 1, next: to(Math.max(column - 1, 0)), reward: 0, terminated }];
    const reward = (column === size - 1 ? 1 : 0) - MOVE_COST / size;
    const moved = to(Math.min(column + 1, size - 1));
    if (!slippery) return [{ probability: 1, next: moved, reward, terminated }];
    const slip = 1 / size;
    return [
      { probability: slip, next: to(column), reward, terminated },
      { probability: 1 - slip, next: moved, reward, terminated },
    ];
  });
  return { table, starts: [{ probability: 1, state: 0 }] };
}
