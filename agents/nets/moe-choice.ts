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
    closeGroups(selection, options);
    let sum = 0;
    for (let k = row * active; k < (row + 1) * active; k++) {
      const best = takeLargest(selection);
      chosen[k] = best;
      sum += gates[k] = scores[best]!;
    }
    for (let k = row * active; k < (row + 1) * active; k++) gates[k]! *= routeScale / (sum + 1e-20);
  }
  return { chosen, gates };
}

/** Leaves only the experts of the best groups: those whose two best have the largest sum. */
function closeGroups(selection: Float32Array, { experts, groups = 1, activeGroups = groups }: RouteOptions): void {
  if (activeGroups === groups) return;
  const size = experts / groups;
  const values = Float32Array.from({ length: groups }, (_, g) => {
    const own = selection.slice(g * size, (g + 1) * size).sort();
    return own.at(-1)! + (size > 1 ? own.at(-2)! : 0);
  });
  const open = new Set(Array.from({ length: activeGroups }, () => takeLargest(values)));
  for (let e = 0; e < experts; e++) if (!open.has(Math.floor(e / size))) selection[e] = -Infinity;
}

/** The index of the largest, the first of equal ones; it is not found again. */
function takeLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  values[best] = -Infinity;
  return best;
}
