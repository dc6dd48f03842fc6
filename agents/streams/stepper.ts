/** Steps instances in lockstep: every instance has a transition in every step, whatever the autoreset mode, so learners see the same batches in all three. */
import type { Env, ResetOptions } from "dojang/client";
import {
  GymError,
  STATUS,
  takeRows,
  type BatchOf,
  type Frame,
  type JsonValue,
  type RowError,
  type Space,
} from "dojang/protocol";
import { readOutcome, type Outcome } from "./outcome.ts";
import { placesOf, putFlags, putRows, retryRows } from "./retry.ts";
import { Shown } from "./shown.ts";
import { takeColumn, takeTransitions, type Columns, type Transitions } from "./transitions.ts";

/** What a policy sees: one row for each instance that is being stepped. */
export interface ActBatch<O extends Space = Space> {
  readonly n: number;
  readonly obs: BatchOf<O>;
  /** [n * width] legal actions, 1 = legal; absent when the env has no mask */
  readonly mask?: Uint8Array;
  /** 1 = an episode begins here: hidden states start afresh */
  readonly first: Uint8Array;
  readonly env: Uint32Array;
  readonly episode: Float64Array;
  readonly t: Int32Array;
}

/** Where a stepper stands, beside the env's own state; plain data for a checkpoint. */
export interface StepperState {
  readonly env: Uint32Array;
  readonly first: Uint8Array;
  readonly episode: Float64Array;
  readonly t: Int32Array;
}

export interface StepperOptions {
  /** How often the same action is sent again after a retryable failure. Default 3. */
  readonly retries?: number;
  /** What the episode that instance `env` begins next is reset with. Absent: the env derives the seed, and there are no options. */
  readonly next?: ((env: number) => NextEpisode) | undefined;
}

/** All instances of an env are given the same fields. */
export interface NextEpisode {
  readonly seed?: number;
  readonly options?: JsonValue;
}

const NO_EXTRAS: Columns = {};

export class Stepper {
  readonly #env: Env;
  readonly #retries: number;
  readonly #next: ((env: number) => NextEpisode) | undefined;
  readonly #shown: Shown;
  #view: ActBatch;

  private constructor(env: Env, view: ActBatch, options: StepperOptions) {
    this.#env = env;
    this.#view = view;
    this.#retries = options.retries ?? 3;
    this.#next = options.next;
    this.#shown = new Shown(env);
  }

  /** Resets all instances. @throws {GymError} when an instance cannot be reset; ENV_FAULT when it shows a NaN, or that no action is legal */
  static async start(env: Env, reset: ResetOptions = {}, options: StepperOptions = {}): Promise<Stepper> {
    const all = Uint32Array.from({ length: env.num }, (_, i) => i);
    const first = new Uint8Array(env.num).fill(1);
    const view = { n: env.num, obs: [] as unknown as BatchOf<Space>, first, env: all, episode: new Float64Array(env.num), t: new Int32Array(env.num) }; // prettier-ignore
    const stepper = new Stepper(env, view, options);
    const { after, afterMask, began } = await stepper.#reset(all, { ...stepper.#beginning(all), ...reset });
    stepper.#view = { ...view, obs: after, ...(afterMask && { mask: afterMask }), ...(began && { episode: began }) };
    return stepper.#checked();
  }

  /** Goes on from a checkpoint: `frame` is what `env.restore` gave for all instances. */
  static resume(env: Env, state: StepperState, frame: Frame, options: StepperOptions = {}): Stepper {
    const mask = frame.mask && { mask: frame.mask };
    return new Stepper(env, { n: state.env.length, ...state, obs: frame.observations, ...mask }, options).#checked();
  }

  /**
   * @param looked observations that were looked at: where no episode ended, they are what the next action is for
   * @throws {GymError} ENV_FAULT when what the next action is for holds a NaN, or a row in which no action is legal
   */
  #checked(looked?: BatchOf<Space>): this {
    if (this.#view.obs !== looked) this.#shown.checkNumbers(this.#view.obs, this.#view);
    this.#shown.checkMask(this.#view.mask, this.#view);
    return this;
  }

  /** What the next action is for. */
  get view(): ActBatch {
    return this.#view;
  }

  save(): StepperState {
    const { env, first, episode, t } = this.#view;
    return { env, first, episode, t };
  }

  /** Takes one step in every row. Rows that failed are left out of the transitions, reset, and marked `first` in the next step. @throws {GymError} as `start` */
  async step(action: BatchOf<Space>, extras: Columns = NO_EXTRAS): Promise<Omit<Transitions, "settle" | "lag">> {
    const view = this.#view;
    const index = view.n === this.#env.num ? undefined : { index: view.env };
    const frame = await this.#env.step(action, extras === NO_EXTRAS ? index : { ...index, extras });
    let outcome = readOutcome(frame, this.#env.spaces.observation);
    if (outcome.errors.length > 0) outcome = await retryRows(this.#env, action, view.env, outcome, this.#retries);
    const all = this.#transitions(view, action, extras, outcome);
    const whole = outcome.status.every((status) => status === STATUS.transition);
    const batch = whole ? all : takeTransitions(all, placesOf(outcome.status, STATUS.transition));
    this.#shown.checkNumbers(batch.next, batch, 1);
    this.#shown.note(frame, view.env);
    const stale = this.#stale(outcome);
    if (stale.length > 0) outcome = await this.#resetRows(stale, view, outcome);
    this.#moveOn(view, outcome);
    this.#checked(batch.next);
    return batch;
  }

  /** Goes on with the given rows only. */
  keep(rows: ArrayLike<number>): void {
    const { n, obs, mask, first, env, episode, t } = this.#view;
    this.#view = {
      n: rows.length,
      obs: takeRows(this.#env.spaces.observation, obs, rows),
      ...(mask && { mask: takeColumn(mask, n, rows) }),
      first: takeColumn(first, n, rows),
      env: takeColumn(env, n, rows),
      episode: takeColumn(episode, n, rows),
      t: takeColumn(t, n, rows),
    };
  }

  #transitions(view: ActBatch, action: BatchOf<Space>, extras: Columns, outcome: Outcome): Transitions {
    return {
      spaces: this.#env.spaces,
      source: "live",
      length: view.n,
      env: view.env,
      episode: view.episode,
      t: view.t,
      obs: view.obs,
      action,
      reward: outcome.reward,
      ...(outcome.parts && { parts: outcome.parts }),
      terminated: outcome.terminated,
      truncated: outcome.truncated,
      next: outcome.next,
      ...(view.mask && { mask: view.mask }),
      ...(outcome.nextMask && { nextMask: outcome.nextMask }),
      first: view.first,
      extras,
      lag: 0,
      faults: outcome.errors,
      settle: () => undefined,
    };
  }

  /** Rows that ended or failed and have not begun a new episode by themselves (or not the one that is wanted). */
  #stale({ status, terminated, truncated, began }: Outcome): readonly number[] {
    let stale: number[] | undefined;
    for (let i = 0; i < status.length; i++) {
      if (!isOver(status, terminated, truncated, i)) continue;
      if (this.#next !== undefined || (began?.[i] ?? -1) < 0) (stale ??= []).push(i);
    }
    return stale ?? NONE;
  }

  /** Notes where each row stands after `outcome`, in which all rows are ready for an action. */
  #moveOn(view: ActBatch, { status, terminated, truncated, after, afterMask, began }: Outcome): void {
    const { n } = view;
    const t = new Int32Array(n);
    let fresh: number[] | undefined;
    for (let i = 0; i < n; i++) {
      if (isOver(status, terminated, truncated, i)) (fresh ??= []).push(i);
      else t[i] = (view.t[i] as number) + 1;
    }
    this.#view = {
      n,
      obs: after,
      ...(afterMask && { mask: afterMask }),
      first: fresh === undefined ? zeros(n) : flagsAt(fresh, n),
      env: view.env,
      episode: fresh === undefined ? view.episode : countEpisodes(view.episode, fresh, began),
      t,
    };
  }

  /** `outcome` with the rows `places` put at the start of new episodes. */
  async #resetRows(places: readonly number[], view: ActBatch, outcome: Outcome): Promise<Outcome> {
    const instances = Uint32Array.from(places, (place) => view.env[place] as number);
    const fresh = await this.#reset(instances, {
      ...this.#beginning(instances),
      mask: flagsAt(instances, this.#env.num),
    });
    const began = outcome.began?.slice() ?? new Float64Array(view.n).fill(-1);
    for (const [k, place] of places.entries()) began[place] = fresh.began?.[k] ?? -1;
    const mask = outcome.afterMask && putFlags(outcome.afterMask, fresh.afterMask, places, view.n);
    const after = putRows(this.#env.spaces.observation, outcome.after, fresh.after, places, view.n);
    return { ...outcome, after, ...(mask && { afterMask: mask }), began };
  }

  #beginning(instances: Uint32Array): Pick<ResetOptions, "seeds" | "options"> {
    if (this.#next === undefined) return {};
    const [seeds, options]: [number[], JsonValue[]] = [[], []];
    for (const { seed, options: own } of Array.from(instances, this.#next)) {
      if (seed !== undefined) seeds.push(seed);
      if (own !== undefined) options.push(own);
    }
    return { ...(seeds.length > 0 && { seeds }), ...(options.length > 0 && { options }) };
  }

  /** @throws {GymError} the first failure, when one is left after the retries */
  async #reset(instances: Uint32Array, options: ResetOptions): Promise<Outcome> {
    let failed: RowError | undefined;
    for (let attempt = 0; attempt <= this.#retries; attempt++) {
      const frame = await this.#env.reset(options);
      this.#shown.note(frame, instances);
      const outcome = readOutcome(frame, this.#env.spaces.observation);
      failed = outcome.errors[0];
      if (failed === undefined) return outcome;
      if (!failed.retryable) break;
    }
    const { index, code, message } = failed as RowError;
    throw new GymError(code, `${this.#env.id}: instance ${instances[index] as number} cannot be reset: ${message}`);
  }
}

const NONE: readonly number[] = [];

const isOver = (status: Uint8Array, terminated: Uint8Array, truncated: Uint8Array, i: number): boolean =>
  status[i] !== STATUS.transition || terminated[i] === 1 || truncated[i] === 1;

const ZEROS = new Map<number, Uint8Array>();

/** A shared column of zeros: most steps begin no episode, and nobody writes to a batch. */
function zeros(n: number): Uint8Array {
  let column = ZEROS.get(n);
  if (!column) ZEROS.set(n, (column = new Uint8Array(n)));
  return column;
}

function flagsAt(places: ArrayLike<number>, n: number): Uint8Array {
  const flags = new Uint8Array(n);
  for (let k = 0; k < places.length; k++) flags[places[k] as number] = 1;
  return flags;
}

/** Episode numbers after the rows `fresh` began anew: from the seed receipts, or else counted on. */
function countEpisodes(episode: Float64Array, fresh: readonly number[], began: Float64Array | undefined): Float64Array {
  const now = episode.slice();
  for (const row of fresh) {
    const told = began?.[row] ?? -1;
    now[row] = told >= 0 ? told : (episode[row] as number) + 1;
  }
  return now;
}
