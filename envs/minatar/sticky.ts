/** Sticky actions: now and then the last action is executed again. Source: Machado et al. (2018). */
import type { Rng } from "dojang/env";

export interface Remembers {
  /** The action executed last; 0, which does nothing, before the first. */
  lastAction: number;
}

/** The action to execute, which is remembered. Draws one uniform, also when `probability` is 0. */
export function executedAction(memory: Remembers, asked: number, probability: number, rng: Rng): number {
  if (rng.uniform() >= probability) memory.lastAction = asked;
  return memory.lastAction;
}
