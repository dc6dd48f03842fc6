/** Groups of answers to one prompt as a stream of transitions: G rows reset with one seed, autoreset disabled, so that all G see the same problem. */
import type { Env } from "dojang/client";
import { GymError, STATUS, takeRows, type BatchOf, type JsonValue, type RowError, type Space } from "dojang/protocol";
import { Observable, share, type Subscriber } from "rxjs";
import { breather } from "../streams/breathe.ts";
import { Ledger } from "../streams/ledger.ts";
import { readOutcome, type Outcome } from "../streams/outcome.ts";
import { placesOf, retryRows } from "../streams/retry.ts";
import type { Act } from "../streams/rollout.ts";
import type { ActBatch } from "../streams/stepper.ts";
import { takeTransitions, type Columns, type Transitions } from "../streams/transitions.ts";

export interface GroupRolloutOptions {
  /** Rows of a group: the learner's `numGenerations`; group g of a round are the instances g * size .. (g + 1) * size - 1. */
  readonly size: number;
  /** Groups in all. The last round may have fewer than the env has room for. */
  readonly groups: number;
  /** Seed of group k: what its rows have in common. */
  readonly seedOf: (group: number) => number;
  /** Reset options of group k, for envs that take some: code-v0's `{item}` names a problem. Default none. */
  readonly optionsOf?: (group: number) => JsonValue;
  /** Of the first group. Default 0. */
  readonly from?: number;
  /** Steps after which an episode is cut (marked as truncated). Default 20. */
  readonly maxTurns?: number;
  /** How often an action is sent again after a retryable failure. Default 3. */
  readonly retries?: number;
}

/**
 * One batch for each turn of a round; a round resets every group, and is over when all its rows are. `faults` name rows by their
 * instance: a learner must know that they will never end. Beside the extras of `act` each row has `groupSize`. No round begins before the learner has settled the last batch.
 * Errors: BAD_PARAM when the env has autoreset or no room for a group; FORBIDDEN where the server lets nobody choose seeds; what `act` throws.
 */
export function groupRollout(env: Env, act: Act, options: GroupRolloutOptions): Observable<Transitions> {
  return new Observable<Transitions>((subscriber) => {
    const ledger = new Ledger();
    play(env, act, options, subscriber, ledger).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => ledger.wake();
  }).pipe(share());
}

async function play(env: Env, act: Act, options: GroupRolloutOptions, out: Subscriber<Transitions>, ledger: Ledger) {
  const { groups, from = 0, size, maxTurns = 20, retries = 3 } = options;
  const room = Math.floor(env.num / size);
  if (env.autoreset !== "disabled" || room < 1)
    throw new GymError("BAD_PARAM", `${env.id}: group rollout`, {
      expected: `an env with autoreset disabled and at least ${size} instances, a group's size`,
      received: { autoreset: env.autoreset, num: env.num },
    });
  const breathe = breather();
  const isOver = (): boolean => out.closed;
  for (let group = from; group < groups && !isOver(); group += room) {
    let view: ActBatch | undefined = await begin(env, Math.min(room, groups - group), group, options);
    for (let turn = 1; view !== undefined && !isOver(); turn++) {
      const { action, ...extras } = await act(view);
      const { batch, left } = await step(env, view, action, extras as Columns, retries, turn >= maxTurns);
      const groupSize = new Int32Array(batch.length).fill(size);
      out.next({ ...batch, extras: { ...batch.extras, groupSize }, settle: ledger.entry() });
      await ledger.atMost(0, isOver);
      view = left;
      await breathe();
    }
  }
}

/** Resets the rows of `count` groups. @throws {GymError} the first failure */
async function begin(env: Env, count: number, group: number, options: GroupRolloutOptions): Promise<ActBatch> {
  const { size, seedOf, optionsOf } = options;
  const n = count * size;
  const alike = <T>(of: (group: number) => T): T[] => Array.from({ length: n }, (_, row) => of(group + Math.floor(row / size))); // prettier-ignore
  const rows = n === env.num ? {} : { mask: new Uint8Array(env.num).fill(1, 0, n) };
  const start = { seeds: alike(seedOf), ...(optionsOf && { options: alike(optionsOf) }), ...rows };
  const { observations, mask: legal, errors, seeds: receipts } = await env.reset(start);
  const [failed] = errors ?? [];
  if (failed !== undefined) throw new GymError(failed.code, `${env.id}: reset of a group: ${failed.message}`);
  return {
    n,
    obs: observations,
    ...(legal && { mask: legal }),
    first: new Uint8Array(n).fill(1),
    env: Uint32Array.from({ length: n }, (_, row) => row),
    episode: receipts?.episode ?? new Float64Array(n).fill(group),
    t: new Int32Array(n),
  };
}

/** One turn of the rows in `view`; `left` are those that go on, undefined when none does. */
async function step(env: Env, view: ActBatch, action: BatchOf<Space>, extras: Columns, retries: number, last: boolean) {
  const index = view.n === env.num ? {} : { index: view.env };
  const frame = await env.step(action, { ...index, ...(Object.keys(extras).length > 0 && { extras }) });
  const space = env.spaces.observation;
  const outcome = await retryRows(env, action, view.env, readOutcome(frame, space), retries);
  const isOpen = (row: number): boolean =>
    outcome.status[row] === STATUS.transition && outcome.terminated[row] === 0 && outcome.truncated[row] === 0;
  const open = Array.from({ length: view.n }, (_, row) => row).filter(isOpen);
  if (last) for (const row of open) outcome.truncated[row] = 1;
  const batch = transitions(env, view, action, extras, outcome);
  return { batch, left: last || open.length === 0 ? undefined : goOn(env, view, outcome, open) };
}

function transitions(env: Env, view: ActBatch, action: BatchOf<Space>, extras: Columns, outcome: Outcome): Transitions {
  const { reward, parts, terminated, truncated, next, nextMask, status, errors } = outcome;
  const faults = errors.map((error): RowError => ({ ...error, index: view.env[error.index] as number }));
  const whole: Transitions = {
    ...{ spaces: env.spaces, source: "live", length: view.n, lag: 0, settle: () => undefined },
    ...{ env: view.env, episode: view.episode, t: view.t, obs: view.obs, first: view.first, action, extras, faults },
    ...{ reward, terminated, truncated, next, ...(parts && { parts }) },
    ...(view.mask && { mask: view.mask }),
    ...(nextMask && { nextMask }),
  };
  const good = placesOf(status, STATUS.transition);
  return good.length === view.n ? whole : takeTransitions(whole, good);
}

function goOn(env: Env, view: ActBatch, outcome: Outcome, rows: readonly number[]): ActBatch {
  const width = env.maskWidth;
  const { afterMask } = outcome;
  return {
    n: rows.length,
    obs: takeRows(env.spaces.observation, outcome.after, rows),
    ...(afterMask && { mask: Uint8Array.from(rows.flatMap((row) => [...afterMask.subarray(row * width, (row + 1) * width)])) }), // prettier-ignore
    first: new Uint8Array(rows.length),
    env: Uint32Array.from(rows, (row) => view.env[row] as number),
    episode: Float64Array.from(rows, (row) => view.episode[row] as number),
    t: Int32Array.from(rows, (row) => (view.t[row] as number) + 1),
  };
}
