/** Plays episodes with random actions and keeps what they showed, so that episodes can be compared. */
import { sample } from "../../../protocol/space-values.ts";
import { GymError } from "../../../protocol/errors.ts";
import { episodeSeed, Rng } from "../rng.ts";
import type { AnyRules, StepContext } from "../rules.ts";
import { firstDifference } from "./first-difference.ts";
import { info, mask, observe } from "./look.ts";
import type { PlayLimits } from "./rule.ts";

/** One env at work. */
export interface Instance {
  readonly rules: AnyRules;
  readonly seed: number;
  readonly rng: Rng;
  /** Draws the actions; apart from `rng`, so that an action never shifts the env's own draws. */
  readonly actions: Rng;
  /** 0 for the first. */
  readonly episode: number;
  readonly steps: number;
  readonly state: unknown;
}

/** What an agent sees of one reset or step. */
export interface Seen {
  readonly observation: unknown;
  readonly mask: unknown;
  readonly info: unknown;
  readonly reward?: number;
  readonly terminated?: boolean;
  readonly rewards?: unknown;
}

export const actionRng = (seed: number): Rng => new Rng(episodeSeed(seed, 1, 0));

/** The seed of episode k: the first has the given one. */
export const seedOf = (seed: number, episode: number): number => (episode === 0 ? seed : episodeSeed(seed, 0, episode));

export async function begin(rules: AnyRules, seed: number, limits: PlayLimits): Promise<Instance> {
  return await beginEpisode(
    { rules, seed, rng: new Rng(seed), actions: actionRng(seed), episode: 0, steps: 0, state: undefined },
    limits,
  );
}

async function beginEpisode(instance: Instance, limits: PlayLimits): Promise<Instance> {
  const rng = new Rng(seedOf(instance.seed, instance.episode));
  const state = await within(limits, `${nameOf(instance)}, reset`, () => instance.rules.reset(rng));
  return { ...instance, rng, steps: 0, state };
}

const nameOf = ({ seed, episode }: Instance): string =>
  episode === 0 ? `seed ${seed}` : `seed ${seed}, episode ${episode}`;

/** One step with a random action; the next episode begins when one is over. Gives the instance after it and what was seen. */
export async function advance(instance: Instance, limits: PlayLimits): Promise<[Instance, Seen]> {
  const { rules, actions, rng } = instance;
  const action = randomAction(rules, instance.state, actions);
  const { state, reward, terminated, rewards } = await within(
    limits,
    `${nameOf(instance)}, step ${instance.steps + 1}`,
    (ctx) => rules.step(instance.state, action, rng, ctx),
  );
  const seen = { ...see(rules, state), reward, terminated, ...(rewards && { rewards: { ...rewards } }) };
  const steps = instance.steps + 1;
  if (!terminated && steps < (rules.maxSteps ?? Infinity)) return [{ ...instance, state, steps }, seen];
  return [await beginEpisode({ ...instance, episode: instance.episode + 1 }, limits), seen];
}

/** A legal action where illegal ones are errors, else any. */
export const randomAction = (rules: AnyRules, state: unknown, rng: Rng): unknown =>
  sample(rules.action, rng, rules.enforceLegal ? rules.legal?.(state) : undefined);

/** What is seen is copied: buffers and states change under way. */
const see = (rules: AnyRules, state: unknown): Seen =>
  structuredClone({ observation: observe(rules, state).value, mask: mask(rules, state), info: info(rules, state) });

export async function play(rules: AnyRules, seed: number, steps: number, limits: PlayLimits): Promise<Seen[]> {
  const instance = await begin(rules, seed, limits);
  return [see(rules, instance.state), ...(await goOn(instance, steps, limits))];
}

export async function goOn(from: Instance, steps: number, limits: PlayLimits): Promise<Seen[]> {
  const trace: Seen[] = [];
  let instance = from;
  for (let i = 0; i < steps && !limits.overdue(); i++) {
    const [next, seen] = await advance(instance, limits);
    trace.push(seen);
    instance = next;
  }
  return trace;
}

/** `step 3: reward: 1, then 0` for the first difference of two traces; a trace cut short by time is compared as far as it goes. */
export function firstDivergence(a: readonly Seen[], b: readonly Seen[], firstStep = 0): string | undefined {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = firstDifference(a[i], b[i]);
    if (difference !== undefined) return `step ${firstStep + i}: ${difference}`;
  }
  return undefined;
}

/** Waits for an async call at most `stepMs`. @throws {GymError} STEP_DEADLINE, and whatever the plugin throws */
export async function within<T>(
  limits: PlayLimits,
  what: string,
  call: (ctx: StepContext) => T | Promise<T>,
): Promise<T> {
  limits.begins(what);
  const controller = new AbortController();
  const result = call({ signal: controller.signal });
  if (!isPromise(result)) return result;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    reject(new GymError("STEP_DEADLINE", what, { expected: `an answer within ${limits.stepMs} ms` }));
  }, limits.stepMs);
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
