/** What all wrappers are made of: rules over other rules, with or without something of their own beside the inner state. */
import { allocateAny, clearRow, getAny, outAt } from "../../../protocol/batch.ts";
import { checkTransition } from "../attempts.ts";
import { isPromise } from "../check-rules/play.ts";
import type { AnyRules, StepContext, Transition } from "../rules.ts";
import type { Rng } from "../rng.ts";
import { makeStore } from "../store-returned.ts";

type Later<T> = T | Promise<T>;

/** The state of a wrapper that remembers something: that of the rules inside, and its own. Both are plain data. */
export interface Carried<S, W> {
  readonly inner: S;
  readonly own: W;
}

/** Goes on with a value at once, or when its promise is fulfilled. */
// Not called `then`: a module that exports a `then` cannot be imported with await.
export function whenDone<T, U>(value: T | PromiseLike<T>, next: (value: T) => Later<U>): Later<U> {
  return isPromise(value) ? value.then(next as (value: unknown) => Later<U>) : next(value as T);
}

/** Rules without their types. Wrappers work on these: `Observe` cannot be evaluated while its space is a type parameter. */
export const erased = (rules: object): AnyRules => rules as AnyRules;

/** Rules that do what `rules` do, but for `changes`. `inside` finds the state of `rules` in that of the result.
 *  Calls go through `rules` itself, so that rules may be an instance of a class. */
export function over(
  rules: AnyRules,
  changes: Partial<AnyRules>,
  inside: (state: unknown) => unknown = (state) => state,
): AnyRules {
  const { action, observation, maxSteps, async, maxConcurrent, enforceLegal, infoSpace } = rules;
  return {
    action,
    observation,
    ...(maxSteps !== undefined && { maxSteps }),
    ...(async !== undefined && { async }),
    ...(maxConcurrent !== undefined && { maxConcurrent }),
    ...(enforceLegal !== undefined && { enforceLegal }),
    ...(infoSpace !== undefined && { infoSpace }),
    reset: (rng, options) => rules.reset(rng, options),
    step: (state, taken, rng, ctx) => rules.step(state, taken, rng, ctx),
    observe: (state, out) => rules.observe(inside(state), out),
    ...hooksOf(rules, inside),
    ...changes,
  };
}

function hooksOf(rules: AnyRules, inside: (state: unknown) => unknown): Partial<AnyRules> {
  const has = (name: "legal" | "render" | "info" | "close"): boolean => typeof rules[name] === "function";
  return {
    ...(has("legal") && { legal: (state) => rules.legal?.(inside(state)) ?? [] }),
    ...(has("render") && { render: (state) => rules.render?.(inside(state)) ?? "" }),
    ...(has("info") && { info: (state) => rules.info?.(inside(state)) }),
    ...(has("close") && { close: () => rules.close?.() }),
  };
}

/** What a wrapper remembers of an episode. `W` must be plain data and share nothing with the inner state, which the inner step may change in place. */
export interface Memory<W> {
  begin(inner: unknown): W;
  step(held: Carried<unknown, W>, action: unknown, rng: Rng, ctx: StepContext): Later<Transition<Carried<unknown, W>>>;
  /** Where they differ from the inner ones; `state` is the carried one. */
  readonly changes?: (insideOf: (state: unknown) => Carried<unknown, W>) => Partial<AnyRules>;
}

/** Rules whose state is that of `rules` and a memory beside it. */
export function carry<W>(rules: AnyRules, memory: Memory<W>): AnyRules {
  const held = (state: unknown): Carried<unknown, W> => state as Carried<unknown, W>;
  const changes: Partial<AnyRules> = {
    reset: (rng, options) => whenDone(rules.reset(rng, options), (inner) => ({ inner, own: memory.begin(inner) })),
    step: (state, action, rng, ctx) => memory.step(held(state), action, rng, ctx),
    ...memory.changes?.(held),
  };
  return over(rules, changes, (state) => held(state).inner);
}

/** Steps `rules` and makes another transition of what comes. @throws {GymError} ENV_FAULT when it is none */
export const stepThen = <S>(
  rules: AnyRules,
  args: readonly [state: unknown, action: unknown, rng: Rng, ctx: StepContext],
  next: (transition: Transition<unknown>) => Later<Transition<S>>,
): Later<Transition<S>> =>
  whenDone(rules.step(...args), (transition) => {
    checkTransition(transition);
    return next(transition);
  });

/** The transition with another state and, where it is given, another reward. */
export const moved = <S>(
  { reward: before, terminated, rewards }: Transition<unknown>,
  state: S,
  reward = before,
): Transition<S> => (rewards === undefined ? { state, reward, terminated } : { state, reward, terminated, rewards });

/** Reads the observation of a state as one value. Arrays are written over by the next call: copy what is to be kept. */
export function observer(rules: AnyRules): (state: unknown) => unknown {
  const space = rules.observation;
  const batch = allocateAny(space, 1);
  const out = outAt(space, batch, 0);
  const store = makeStore(space, batch);
  return (state) => {
    clearRow(space, batch as never, 0); // the space decides at run time what its batch is
    store(0, rules.observe(state, out));
    return getAny(space, batch, 0);
  };
}

/** False where the rules refuse illegal actions and `action` is one in `state`. */
export function mayTake(rules: AnyRules, state: unknown, action: unknown): boolean {
  if (!rules.enforceLegal || rules.legal === undefined) return true;
  const mask = rules.legal(state);
  const space = rules.action;
  if (space.kind === "discrete") return Boolean(mask[(action as number) - space.start]);
  if (space.kind !== "multiDiscrete") return true;
  let offset = 0;
  return space.nvec.every((n, i) => {
    offset += n;
    return mask[offset - n + ((action as Int32Array)[i] as number)];
  });
}
