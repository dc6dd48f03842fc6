/** actionRepeat: one decision for several steps (frame skip). */
import type { Space } from "../../../protocol/spaces.ts";
import type { Rng } from "../rng.ts";
import type { AnyRules, Rules, StepContext, Transition } from "../rules.ts";
import { integer } from "./checks.ts";
import { carry, erased, mayTake, stepThen, type Carried } from "./plumbing.ts";

/** Steps of the rules inside, in this episode. */
export interface InnerSteps {
  readonly steps: number;
}

type Moved = Transition<Carried<unknown, InnerSteps>>;

/** Takes each action k times (1 .. 1,000) and sums rewards and their named parts. Stops early when the episode terminates, at the inner `maxSteps`, and where
 *  `enforceLegal` is set and the action has become illegal. `maxSteps` becomes ceil(maxSteps / k). @throws {RangeError} */
export function actionRepeat<S, A extends Space, O extends Space, I extends Space>(
  rules: Rules<S, A, O, I>,
  k: number,
): Rules<Carried<S, InnerSteps>, A, O, I> {
  integer("actionRepeat: k", k, 1, 1_000);
  const inner = erased(rules);
  const { maxSteps } = inner;
  return carry<InnerSteps>(inner, {
    begin: () => ({ steps: 0 }),
    step: ({ inner: state, own: { steps } }, action, rng, ctx) => {
      const last = Math.min(steps + k, Math.max(maxSteps ?? Infinity, steps + 1));
      return repeat(inner, { state, steps, last, reward: 0, rewards: undefined }, action, rng, ctx);
    },
    changes: () => (maxSteps === undefined ? {} : { maxSteps: Math.ceil(maxSteps / k) }),
  }) as never; // of the type above
}

interface Sofar {
  readonly state: unknown;
  readonly steps: number;
  /** The step to stop at. */
  readonly last: number;
  readonly reward: number;
  readonly rewards: Transition<unknown>["rewards"];
}

/** Calls itself rather than loop, so that one text serves rules that answer at once and later. */
function repeat(rules: AnyRules, sofar: Sofar, action: unknown, rng: Rng, ctx: StepContext): Moved | Promise<Moved> {
  return stepThen(rules, [sofar.state, action, rng, ctx], ({ state, reward: earned, terminated, rewards: parts }) => {
    const steps = sofar.steps + 1;
    const reward = sofar.reward + earned;
    const rewards = parts === undefined ? sofar.rewards : addParts(sofar.rewards, parts);
    if (!terminated && steps < sofar.last && mayTake(rules, state, action)) {
      if (rules.async) ctx.signal.throwIfAborted();
      return repeat(rules, { ...sofar, state, steps, reward, rewards }, action, rng, ctx);
    }
    const next = { state: { inner: state, own: { steps } }, reward, terminated };
    return rewards === undefined ? next : { ...next, rewards };
  });
}

function addParts(
  a: Readonly<Record<string, number>> = {},
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = { ...a };
  for (const [name, part] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + part;
  return sum;
}
