/** Plays an episode of a synchronous env again, from its seed and its actions: the way back from a step that failed half-way. */
import { getAny } from "../../protocol/batch.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { ActionLog, LoggedActions } from "./action-log.ts";
import { checkTransition } from "./attempts.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { Instances } from "./instances.ts";
import { Rng } from "./rng.ts";
import type { AnyRules } from "./rules.ts";
import type { InstanceSnapshot } from "./snapshot.ts";
import { CONTEXT } from "./stepper-options.ts";

interface Point {
  readonly state: unknown;
  readonly rng: Rng;
}

/** State and generator after the actions of an episode that begins with `start`. @throws what the plugin throws */
function rerun(rules: AnyRules, start: Start, actions: LoggedActions): Point {
  const rng = new Rng(start.seed);
  return goOn(rules, { state: rules.reset(rng, start.options), rng }, actions);
}

interface Start {
  readonly seed: number;
  readonly options: JsonValue | undefined;
}

function goOn(rules: AnyRules, from: Point, actions: LoggedActions): Point {
  const { rng } = from;
  let { state } = from;
  for (let i = 0; i < actions.count; i++) {
    const transition = rules.step(state, getAny(rules.action, actions.batch, i), rng, CONTEXT);
    checkTransition(transition);
    state = transition.state;
  }
  return { state, rng };
}

/** Puts an instance back to where it was before a step of which nothing was counted yet. False where that cannot be known. */
export function putBack(env: BuiltEnv, instances: Instances, log: ActionLog, row: number): boolean {
  const { seeds, options, steps } = instances;
  const actions = log.take(row, steps[row] as number);
  if (!actions.whole) return false;
  return put(env, instances, row, () =>
    rerun(env.rules, { seed: seeds[row] as number, options: options[row] }, actions),
  );
}

/** The same for an instance that was restored in the middle of an episode. */
export function putBackFrom(
  restored: InstanceSnapshot,
  env: BuiltEnv,
  instances: Instances,
  log: ActionLog,
  row: number,
): boolean {
  const steps = instances.steps[row] as number;
  const actions = log.take(row, steps);
  if (restored.steps + actions.count !== steps) return false;
  return put(env, instances, row, () => {
    const from = { state: structuredClone(restored.state), rng: Rng.fromState(restored.rng) };
    return goOn(env.rules, from, actions);
  });
}

function put({ deterministic }: BuiltEnv, instances: Instances, row: number, again: () => Point): boolean {
  if (!deterministic) return false;
  try {
    const before = again();
    instances.setState(row, before.state);
    instances.rngs[row] = before.rng;
    return true;
  } catch {
    return false;
  }
}
