/** Calls into a plugin that may fail or take time: each gives an outcome, and nothing is committed here. */
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { EpisodeStart } from "./instances.ts";
import { Rng } from "./rng.ts";
import type { StepContext, Transition } from "./rules.ts";
import { asFault } from "./thrown.ts";

export type Outcome<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: GymError };

/** An episode about to begin: its number within the instance, its seed, the client's options. */
export interface PlannedReset {
  readonly episode: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
  /** Seed or options are the first of the row's queue, to be taken off it. */
  readonly queued: boolean;
}

/** A transition and the generator after it. */
export interface LateStep {
  readonly transition: Transition<unknown>;
  readonly rng: Rng;
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Starts an episode of a synchronous env. */
export function callReset(env: BuiltEnv, plan: PlannedReset): Outcome<EpisodeStart> {
  const rng = new Rng(plan.seed);
  try {
    const state = env.rules.reset(rng, plan.options);
    if (isPromise(state)) throw undeclared("reset");
    return { value: { state, rng, episode: plan.episode, seed: plan.seed, options: plan.options } };
  } catch (error) {
    return { error: asFault(error, "ENV_FAULT", "reset") };
  }
}

const undeclared = (name: string): GymError =>
  new GymError("ENV_FAULT", `${name} returned a promise`, { hint: "Set `async: true` on the rules." });

/** Starts an episode of an async env. Never rejects. */
export async function resetLater(
  env: BuiltEnv,
  plan: PlannedReset,
  limits: LateLimits,
): Promise<Outcome<EpisodeStart>> {
  const rng = new Rng(plan.seed);
  try {
    const state = await inTime("reset", limits, () => env.rules.reset(rng, plan.options));
    return { value: { state, rng, episode: plan.episode, seed: plan.seed, options: plan.options } };
  } catch (error) {
    return { error: asFault(error, "ENV_FAULT", "reset") };
  }
}

/** Steps an async env with a copy of the generator. Never rejects. */
export async function stepLater(
  env: BuiltEnv,
  state: unknown,
  action: unknown,
  before: Rng,
  limits: LateLimits,
): Promise<Outcome<LateStep>> {
  const rng = before.clone();
  try {
    const transition = await inTime("step", limits, (ctx) => env.rules.step(state, action, rng, ctx));
    checkTransition(transition);
    return { value: { transition, rng } };
  } catch (error) {
    return { error: asFault(error, "ENV_FAULT", "step") };
  }
}

/** @throws {GymError} ENV_FAULT unless a plugin's `step` gave what it must */
export function checkTransition(result: unknown): asserts result is Transition<unknown> {
  if (typeof result !== "object" || result === null) throw wrong("step", "{state, reward, terminated}", result);
  const { state, reward, terminated, rewards } = result as Transition<unknown>;
  if (!Number.isFinite(reward) || typeof terminated !== "boolean") throw explainTransition(result);
  if (state === undefined && !("state" in result)) throw wrong("step: state", "the new state", undefined);
  if (rewards !== undefined) checkParts(rewards);
}

function explainTransition(result: object): GymError {
  if (isPromise(result)) return undeclared("step");
  const { reward, terminated } = result as Transition<unknown>;
  return Number.isFinite(reward)
    ? wrong("step: terminated", "true or false", terminated)
    : wrong("step: reward", "a finite number", reward);
}

function checkParts(rewards: unknown): void {
  if (typeof rewards !== "object" || rewards === null) throw wrong("step: rewards", "an object of numbers", rewards);
  const parts = rewards as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(parts))
    if (!Number.isFinite(parts[name])) throw wrong(`step: rewards.${name}`, "a finite number", parts[name]);
}

const wrong = (where: string, expected: string, received: unknown): GymError =>
  new GymError("ENV_FAULT", where, { expected, received });

export interface LateLimits {
  readonly deadlineMs: number;
  /** The caller's wish to stop. */
  readonly signal: AbortSignal | undefined;
}

/** Runs `call` until it is done, cancelled or late; a late result is dropped. @throws {GymError} STEP_DEADLINE, CANCELLED */
async function inTime<T>(name: string, limits: LateLimits, call: (ctx: StepContext) => T | PromiseLike<T>): Promise<T> {
  const { signal, deadlineMs } = limits;
  if (signal?.aborted) throw cancelled(name);
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (error: GymError): void => {
    controller.abort(error);
    reject(error);
  };
  const cancel = (): void => stop(cancelled(name));
  const timer = setTimeout(() => {
    stop(new GymError("STEP_DEADLINE", name, { expected: `an answer within ${deadlineMs} ms` }));
  }, deadlineMs);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([stopped, call({ signal: controller.signal })]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

export const cancelled = (name: string): GymError =>
  new GymError("CANCELLED", name, { hint: "The caller cancelled it; nothing was committed." });
