/** The nets inside a learner, found in what it saves: their parameters, the steps of gradient descent they took, the work of a look at one row. */
import type { Learner } from "dojang/agents";
import type { NumericArray } from "dojang/protocol";

export interface Net {
  /** Numbers of each parameter by name. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Steps of gradient descent. */
  readonly updates: number;
}

type Saved = ReturnType<Learner["save"]>;
type Fields = Readonly<Record<string, Saved>>;

const isFields = (value: Saved | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** Every net that was saved: a record with parameters and a number of steps. */
export function netsOf(saved: Saved): readonly Net[] {
  if (!isFields(saved)) return [];
  const { params, steps } = saved;
  if (isFields(params) && typeof steps === "number") {
    const sizes = Object.entries(params).map(([name, value]) => [name, (value as NumericArray).length] as const);
    return [{ parameters: Object.fromEntries(sizes), updates: steps }];
  }
  return Object.values(saved).flatMap(netsOf);
}

/** Multiplications and additions of one row's way through the net. @param positions places of a grid where a convolution is evaluated */
export function flopsOfRow({ parameters }: Net, positions: number): number {
  let flops = 0;
  for (const [name, size] of Object.entries(parameters)) {
    if (!name.endsWith(".weight")) continue;
    flops += 2 * size * (name.endsWith(".conv.weight") ? positions : 1);
  }
  return flops;
}
