/** The transition table of GridWorld on any map. */
import { equallyLikely, makeTable, type Model, type Outcome } from "../shared/tabular.ts";

export interface GridWorldOptions {
  /** Probability that a move goes to one of its two sides instead, half for each. */
  readonly slip: number;
  /** Paid for every step. */
  readonly stepReward: number;
  /** Paid on top for entering a goal, and for entering a pit. */
  readonly goalReward: number;
  readonly pitReward: number;
}

/** Up, right, down, left: each direction is a quarter turn from its neighbours in this order. */
const MOVES: readonly (readonly [dy: number, dx: number])[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

/** @param rows the map, a string of S, G, P, # and . for each row, all of one length */
export function gridWorldModel(rows: readonly string[], options: GridWorldOptions): Model {
  const columns = rows[0]?.length ?? 0;
  const cells = rows.join("");
  const isOver = (cell: number): boolean => cells[cell] === "G" || cells[cell] === "P";
  const enter = (probability: number, next: number): Outcome => {
    const bonus = cells[next] === "G" ? options.goalReward : cells[next] === "P" ? options.pitReward : 0;
    return { probability, next, reward: options.stepReward + bonus, terminated: isOver(next) };
  };
  const table = makeTable(cells.length, MOVES.length, (cell, action) => {
    // No episode gets there: walls are not entered, and goals and pits end it.
    if (cells[cell] === "#" || isOver(cell)) return [{ probability: 1, next: cell, reward: 0, terminated: true }];
    const to = (move: number): number => neighbour(rows, cell, columns, move % 4);
    if (options.slip === 0) return [enter(1, to(action))];
    const side = options.slip / 2;
    return [enter(side, to(action + 3)), enter(1 - options.slip, to(action)), enter(side, to(action + 1))];
  });
  const starts = Array.from(cells).flatMap((kind, cell) => (kind === "S" ? [cell] : []));
  return { table, starts: equallyLikely(starts) };
}

/** The cell one move away; moves into walls and off the map stay. */
function neighbour(rows: readonly string[], cell: number, columns: number, move: number): number {
  const [dy, dx] = MOVES[move] ?? [0, 0];
  const y = Math.floor(cell / columns) + dy;
  const x = (cell % columns) + dx;
  const kind = rows[y]?.[x];
  return kind === undefined || kind === "#" ? cell : y * columns + x;
}
