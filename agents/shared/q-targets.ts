/** What learners of action values from replay learn towards: r + gamma^n Q(s', a*), for a number or for quantiles of it. */
import type { Transitions } from "../streams/transitions.ts";
import { bestAction } from "./q-values.ts";

export interface TargetOptions {
  readonly actions: number;
  /** Numbers for each action: 1, or one for each quantile. */
  readonly width: number;
  /** Factor of the successor's value; one for each row where windows of steps differ in length. */
  readonly discount: number | ArrayLike<number>;
  /** [rows * actions * width] the target net's outputs for the successors */
  readonly next: Float32Array;
  /** the same of the net that chooses a*: the target net (Mnih et al., 2015), or the one that learns (double: van Hasselt et al., 2016, arXiv:1509.06461) */
  readonly chooser: Float32Array;
}

/**
 * [rows * width] targets. What is not legal in a successor is not chosen; what the rules ended has no future, what a limit ended has one.
 * @throws {GymError} BAD_ACTION where a successor with a future has no legal action
 */
export function targetsOf(rows: Transitions, options: TargetOptions): Float32Array {
  const { actions, width, discount, next, chooser } = options;
  const worths = meansOf(chooser, width);
  const targets = new Float32Array(rows.length * width);
  for (let row = 0; row < rows.length; row++) {
    const reward = rows.reward[row] as number;
    if (rows.terminated[row] === 1) {
      targets.fill(reward, row * width, (row + 1) * width);
      continue;
    }
    const from = (row * actions + bestAction(worths, actions, rows.nextMask, row)) * width;
    const factor = typeof discount === "number" ? discount : (discount[row] as number);
    for (let k = 0; k < width; k++) targets[row * width + k] = reward + factor * (next[from + k] as number);
  }
  return targets;
}

/** Means of each `width` numbers: the value of an action from its quantiles. A single number is its own mean. */
export function meansOf(outputs: Float32Array, width: number): Float32Array {
  if (width === 1) return outputs;
  return Float32Array.from({ length: outputs.length / width }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += outputs[at * width + k] as number;
    return sum / width;
  });
}
