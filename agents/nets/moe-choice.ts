/** The choice of experts on the host: what `route` does on the device, row by row. */
import type { RouteOptions } from "./moe-route.ts";

export interface Choice {
  /** [rows * active] experts of each row, the best first. */
  readonly chosen: Int32Array;
  /** [rows * active] their gates. */
  readonly gates: Float32Array;
}

/** logits [rows, experts] and bias [experts]. */
export function chooseExperts(logits: Float32Array, bias: Float32Array, rows: number, options: RouteOptions): Choice {
  const { experts, active, routeScale = 1 } = options;
  const [chosen, gates] = [new Int32Array(rows * active), new Float32Array(rows * active)];
  const [scores, selection] = [new Float32Array(experts), new Float32Array(experts)];
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < experts; e++) {
      scores[e] = 1 / (1 + Math.exp(-logits[row * experts + e]!));
      selection[e] = scores[e]! + bias[e]!;
    }
    let sum = 0;
    for (let k = row * active; k < (row + 1) * active; k++) {
      const best = largest(selection);
      chosen[k] = best;
      sum += gates[k] = scores[best]!;
      selection[best] = -Infinity;
    }
    for (let k = row * active; k < (row + 1) * active; k++) gates[k]! *= routeScale / sum;
  }
  return { chosen, gates };
}

/** The index of the largest, the first of equal ones. */
function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
