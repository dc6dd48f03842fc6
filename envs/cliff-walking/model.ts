/** The transition table of CliffWalking: 4 rows of 12 cells, start and goal in the lower corners, a cliff between them. */
import { makeTable, type Model, type Outcome } from "../shared/tabular.ts";

const ROWS = 4;
const COLUMNS = 12;
export const START = 36;
export const GOAL = 47;

/** Up, right, down, left: each direction is a quarter turn from its neighbours in this order. */
const MOVES: readonly (readonly [dy: number, dx: number])[] = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

/** @param options isSlippery: a move goes where it was meant to, or to either side of that, each with probability 1/3 */
export function cliffWalkingModel({ isSlippery }: { readonly isSlippery: boolean }): Model {
  const table = makeTable(ROWS * COLUMNS, MOVES.length, (cell, action) => {
    const directions = isSlippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action];
    return directions.map((direction) => walk(cell, direction, 1 / directions.length));
  });
  return { table, starts: [{ probability: 1, state: START }] };
}

function walk(cell: number, direction: number, probability: number): Outcome {
  const [dy, dx] = MOVES[direction] ?? [0, 0];
  const y = Math.min(Math.max(Math.floor(cell / COLUMNS) + dy, 0), ROWS - 1);
  const x = Math.min(Math.max((cell % COLUMNS) + dx, 0), COLUMNS - 1);
  const next = y * COLUMNS + x;
  if (next > START && next < GOAL) return { probability, next: START, reward: -100, terminated: false };
  return { probability, next, reward: -1, terminated: next === GOAL };
}
