/** What learners of action values do with rows of them: choose an action, or ask for the greatest; what is not legal counts for neither. */
import type { Rng } from "dojang/env";
import { chooseGreedily, chooseUniformly } from "./choose.ts";

/** Legal actions, [rows * actions], 1 = legal; absent: all are. */
type Mask = Uint8Array | undefined;

/**
 * [n] actions from values [n * actions]: with probability `epsilon` any legal one, else the best of them (the lowest of equals).
 * Without an `rng`, always the best. One draw a row, and another where it explores.
 * @throws {GymError} BAD_ACTION where a row has no legal action
 */
export function epsilonGreedy(
  values: Float32Array,
  n: number,
  { n: actions, start }: { readonly n: number; readonly start: number },
  mask: Mask,
  epsilon: number,
  rng?: Rng,
): Int32Array {
  const action = new Int32Array(n);
  for (let row = 0; row < n; row++) {
    const explores = rng !== undefined && rng.uniform() < epsilon;
    const at = row * actions;
    action[row] = start + (explores ? chooseUniformly(actions, mask, at, rng) : bestAction(values, actions, mask, row));
  }
  return action;
}

/** The legal action of a row with the greatest value, counted from 0; the lowest of equals. @throws {GymError} BAD_ACTION where none is legal */
export const bestAction = (values: Float32Array, actions: number, mask: Mask, row: number): number =>
  chooseGreedily(values.subarray(row * actions, (row + 1) * actions), mask, row * actions);

/** [n] values of the best legal actions. @throws {GymError} BAD_ACTION where a row has none */
export const bestValues = (values: Float32Array, n: number, actions: number, mask: Mask): Float32Array =>
  Float32Array.from(
    { length: n },
    (_, row) => values[row * actions + bestAction(values, actions, mask, row)] as number,
  );
