/** The transition table of FrozenLake on any map. */
import { equallyLikely, makeTable, type Model, type Outcome } from "../shared/tabular.ts";

export interface FrozenLakeOptions {
  readonly isSlippery: boolean;
  /** Probability that a slippery move goes where it was meant to, in [0, 1]. */
  readonly successRate: number;
  /** Reward for entering a cell, by its kind. */
  readonly rewardSchedule: { readonly goal: number; readonly hole: number; readonly frozen: number };
}

/** Left, down, right, up: each direction is a quarter turn from its neighbours in this order. */
const MOVES: readonly (readonly [dy: number, dx: number])[] = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** @param rows the map, a string of S, F, H and G for each row, all of one length */
export function frozenLakeModel(rows: readonly string[], options: FrozenLakeOptions): Model {
  const columns = rows[0]?.length ?? 0;
  const cells = rows.join("");
  const enter = (probability: number, next: number): Outcome => {
    const kind = cells[next];
    const { goal, hole, frozen } = options.rewardSchedule;
    const reward = kind === "G" ? goal : kind === "H" ? hole : frozen;
    return { probability, next, reward, terminated: kind === "G" || kind === "H" };
  };
  const table = makeTable(cells.length, MOVES.length, (cell, action) => {
    if (cells[cell] === "G" || cells[cell] === "H")
      return [{ probability: 1, next: cell, reward: 0, terminated: true }];
    const to = (move: number): number => neighbour(cell, move, rows.length, columns);
    if (!options.isSlippery) return [enter(1, to(action))];
    const slip = (1 - options.successRate) / 2;
    return [
      enter(slip, to((action + 3) % 4)),
      enter(options.successRate, to(action)),
      enter(slip, to((action + 1) % 4)),
    ];
  });
  const starts = Array.from(cells).flatMap((kind, cell) => (kind === "S" ? [cell] : []));
  return { table, starts: equallyLikely(starts) };
}

/** The cell one move away; moves off the map stay. */
function neighbour(cell: number, move: number, rows: number, columns: number): number {
  const [dy, dx] = MOVES[move] ?? [0, 0];
  const y = Math.min(Math.max(Math.floor(cell / columns) + dy, 0), rows - 1);
  const x = Math.min(Math.max((cell % columns) + dx, 0), columns - 1);
  return y * columns + x;
}
