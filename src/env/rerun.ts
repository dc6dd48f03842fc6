/** Plays an episode of a synchronous env again, from its seed and its actions: the way back from a step that failed half-way. */
import { getAny } from "../../protocol/batch.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { LoggedActions } from "./action-log.ts";
import { checkTransition } from "./attempts.ts";
import { Rng } from "./rng.ts";
import type { AnyRules, StepContext } from "./rules.ts";

/** State and generator after the actions. @throws what the plugin throws */
export function rerun(
  rules: AnyRules,
  start: { readonly seed: number; readonly options: JsonValue | undefined },
  actions: LoggedActions,
  context: StepContext,
): { state: unknown; rng: Rng } {
  const rng = new Rng(start.seed);
  let state = rules.reset(rng, start.options);
  for (let i = 0; i < actions.count; i++) {
    const transition = rules.step(state, getAny(rules.action, actions.batch, i), rng, context);
    checkTransition(transition);
    state = transition.state;
  }
  return { state, rng };
}
