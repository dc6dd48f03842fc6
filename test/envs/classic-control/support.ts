/** The classic control environments by id, their observations, and random play. */
import { Rng, type AnyRules } from "dojang/env";
import { sample } from "dojang/protocol";
import suite from "../../../envs/classic-control/index.ts";
import { rulesOf, stepOf } from "../support.ts";

export const rulesFor = (id: string, params: Readonly<Record<string, unknown>> = {}): AnyRules =>
  rulesOf(
    suite.find((plugin) => plugin.id === id),
    params,
  );

/** The observation as plain numbers. */
export function observed(rules: AnyRules, state: unknown): number[] {
  if (rules.observation.kind !== "box") throw new Error("expected a box");
  const out = new Float32Array(rules.observation.shape[0]!);
  rules.observe(state, out);
  return Array.from(out);
}

/** The mean return of uniform random play. */
export function randomReturn(rules: AnyRules, episodes: number, seed: number): number {
  const rng = new Rng(seed);
  let sum = 0;
  for (let episode = 0; episode < episodes; episode++) {
    let state = rules.reset(rng);
    for (let step = 0; step < rules.maxSteps!; step++) {
      const transition = stepOf(rules, state, sample(rules.action, rng), rng);
      state = transition.state;
      sum += transition.reward;
      if (transition.terminated) break;
    }
  }
  return sum / episodes;
}
