/** A live env as a stream of transitions. Pull-driven: the next step is taken when the learner has settled the last batch. */
import type { Env, ResetOptions } from "dojang/client";
import { GymError, type BatchOf, type NumericArray, type Space } from "dojang/protocol";
import { Observable, share, type Subscriber } from "rxjs";
import { breather } from "./breathe.ts";
import { Ledger } from "./ledger.ts";
import { Stepper, type ActBatch, type StepperOptions } from "./stepper.ts";
import type { Columns, Transitions } from "./transitions.ts";

/** The actions of a batch; every other column is sent along, recorded, and kept in `Transitions.extras`. */
export interface Actions {
  readonly action: BatchOf<Space>;
  readonly [extra: string]: BatchOf<Space> | NumericArray;
}

/** A batched policy. */
export type Act = (batch: ActBatch) => Actions | Promise<Actions>;

/** Called between steps, when every batch taken so far is settled. */
export interface Pauses {
  /** Asked before each step, with the transitions emitted so far and whether they are all. */
  due(steps: number, done: boolean): boolean;
  /** No step is taken until it resolves. No stepper: the envs are stepped elsewhere. */
  pause(stepper: Stepper | undefined, steps: number): Promise<void>;
}

export interface RolloutOptions {
  /** Transitions in total; the last batch may go over by less than `env.num`. Absent: without end. */
  readonly steps?: number;
  /** Batches the learner may have unsettled while the next step is taken. Default 0: learning is reproducible. */
  readonly maxLag?: number;
  /** For the explicit reset at the start. */
  readonly resetOptions?: ResetOptions;
  /** Goes on from here instead of resetting; `steps` then counts from `done`. */
  readonly from?: { readonly stepper: Stepper; readonly done: number };
  /** What each episode is reset with, as for a `Stepper`. */
  readonly next?: StepperOptions["next"];
  /** How often an action is sent again after a retryable failure. Default 3. */
  readonly retries?: number;
  /** Failed rows after which the stream fails, too. Default 1,000. */
  readonly maxFaults?: number;
  readonly pauses?: Pauses;
}

/** Envs that a rollout is stepping, with the end of the last one. */
const busy = new WeakMap<Env, Promise<void> | "stepping">();

/**
 * Transitions of all instances, one time step a batch, alike under the three autoreset modes. Nothing happens before the first
 * subscriber; further ones share its steps; when the last one leaves, no further step is taken.
 * Errors: those of the env and of `act`; BUSY when another rollout steps the same env; ENV_FAULT beyond `maxFaults`.
 */
export function rollout(env: Env, act: Act, options: RolloutOptions = {}): Observable<Transitions> {
  return new Observable<Transitions>((subscriber) => {
    const ledger = new Ledger();
    const before = busy.get(env);
    if (before === "stepping") {
      subscriber.error(
        new GymError("BUSY", env.id, { expected: "one rollout at a time for an env", received: "a second one" }),
      );
      return;
    }
    busy.set(env, "stepping");
    const over: Promise<void> = (before ?? Promise.resolve())
      .then(() => run(env, act, options, subscriber, ledger))
      .catch((error: unknown) => {
        subscriber.error(error);
      })
      .finally(() => {
        if (busy.get(env) === over) busy.delete(env);
      });
    return () => {
      // A step may still be under way: whoever subscribes next waits for it.
      if (busy.get(env) === "stepping") busy.set(env, over);
      ledger.wake();
    };
  }).pipe(share());
}

async function run(env: Env, act: Act, options: RolloutOptions, subscriber: Subscriber<Transitions>, ledger: Ledger) {
  const { steps = Infinity, maxLag = 0, maxFaults = 1_000, pauses } = options;
  const stepper = options.from?.stepper ?? (await Stepper.start(env, options.resetOptions, options));
  const isOver = (): boolean => subscriber.closed;
  const breathe = breather();
  let done = options.from?.done ?? 0;
  let faults = 0;
  while (!isOver()) {
    if (pauses?.due(done, done >= steps)) {
      await ledger.atMost(0, isOver);
      if (!isOver()) await pauses.pause(stepper, done);
    }
    if (done >= steps || isOver()) break;
    const lag = ledger.unsettled;
    const answer = act(stepper.view);
    const { action, extras } = split(answer instanceof Promise ? await answer : answer);
    const batch = await stepper.step(action, extras);
    faults += batch.faults.length;
    if (faults > maxFaults) throw tooManyFaults(env, batch.faults[0]?.message, maxFaults);
    done += batch.length;
    if (batch.length > 0) subscriber.next({ ...batch, lag, settle: ledger.entry() });
    if (ledger.unsettled > maxLag) await ledger.atMost(maxLag, isOver);
    const rest = breathe();
    if (rest) await rest;
  }
  await ledger.atMost(0, isOver);
  subscriber.complete();
}

function split({ action, ...extras }: Actions): { action: BatchOf<Space>; extras?: Columns } {
  for (const _ in extras) return { action, extras: extras as Columns };
  return { action };
}

const tooManyFaults = (env: Env, message: string | undefined, maxFaults: number): GymError =>
  new GymError(
    "ENV_FAULT",
    `${env.id}: the last of more than ${maxFaults} failed steps: ${message ?? "no reason given"}`,
    {
      hint: "Mend the env: each of them is a row left out. Callers of `rollout` may allow more with maxFaults.",
    },
  );
