/** Calls into a plugin that may fail or take time: each gives an outcome, and nothing is committed here. */
import { asGymError, GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { EpisodeStart } from "./instances.ts";
import { Rng } from "./rng.ts";
import type { StepContext, Transition } from "./rules.ts";

export type Outcome<T> =
  { readonly value: T; readonly error?: undefined } | { readonly value?: undefined; readonly error: GymError };

/** An episode about to begin: its number within the instance, its seed, the client's options. */
export interface PlannedReset {
  readonly episode: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
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
    return { value: { ...plan, state, rng } };
  } catch (error) {
    return { error: asGymError(error, "ENV_FAULT", `${env.id}: reset`) };
  }
}

export const undeclared = (name: string): GymError =>
  new GymError("ENV_FAULT", `${name} returned a promise`, { hint: "Set `async: true` on the rules." });

/** Starts an episode of an async env. Never rejects. */
export async function resetLater(
  env: BuiltEnv,
  plan: PlannedReset,
  limits: LateLimits,
): Promise<Outcome<EpisodeStart>> {
  const rng = new Rng(plan.seed);
  try {
    const state = await inTime(limits, () => env.rules.reset(rng, plan.options));
    return { value: { ...plan, state, rng } };
  } catch (error) {
    return { error: asGymError(error, "ENV_FAULT", `${env.id}: reset`) };
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
    const transition = await inTime(limits, (ctx) => env.rules.step(state, action, rng, ctx));
    return { value: { transition, rng } };
  } catch (error) {
    return { error: asGymError(error, "ENV_FAULT", `${env.id}: step`) };
  }
}

export interface LateLimits {
  readonly deadlineMs: number;
  /** The caller's wish to stop. */
  readonly signal: AbortSignal | undefined;
}

/** Runs `call` until it is done, cancelled or late; a late result is dropped. @throws {GymError} STEP_DEADLINE, CANCELLED */
async function inTime<T>(limits: LateLimits, call: (ctx: StepContext) => T | PromiseLike<T>): Promise<T> {
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (error: GymError): void => {
    controller.abort(error);
    reject(error);
  };
  const cancel = (): void => stop(new GymError("CANCELLED", "step cancelled by the caller"));
  const timer = setTimeout(() => {
    stop(new GymError("STEP_DEADLINE", "step", { expected: `an answer within ${limits.deadlineMs} ms` }));
  }, limits.deadlineMs);
  limits.signal?.addEventListener("abort", cancel, { once: true });
  if (limits.signal?.aborted) cancel();
  try {
    return await Promise.race([stopped, Promise.resolve().then(() => call({ signal: controller.signal }))]);
  } finally {
    clearTimeout(timer);
    limits.signal?.removeEventListener("abort", cancel);
  }
}

/** Runs the tasks with at most `limit` under way; results in the order of the tasks. Tasks must not reject. */
export async function runBounded<T>(tasks: readonly (() => Promise<T>)[], limit: number): Promise<T[]> {
  const results = new Array<T>(tasks.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < tasks.length) {
      const i = next++;
      results[i] = await (tasks[i] as () => Promise<T>)();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  return results;
}
