/** The bookkeeping of N instances, as a struct of arrays: what the runner knows about each episode beside the plugin's own state. */
import type { JsonValue } from "../../protocol/frames.ts";
import { Rng } from "./rng.ts";
import type { StateColumns } from "./state-columns.ts";

/** Where an instance stands. */
export const PHASE = {
  /** never reset */
  fresh: 0,
  running: 1,
  /** terminated or truncated, not yet reset */
  ended: 2,
  /** the plugin threw: the state is not to be trusted */
  faulted: 3,
} as const;

/** Of instances that have not begun. */
export const NO_RNG = new Rng(0);

export class Instances {
  readonly num: number;
  readonly phase: Uint8Array;
  /** 1 while a promise of the plugin is under way */
  readonly pending: Uint8Array;
  /** Empty where `columns` holds the states. */
  readonly states: unknown[];
  readonly columns: StateColumns | undefined;
  readonly rngs: Rng[];
  /** Number of the current episode, from 0; -1 before the first. */
  readonly episode: Float64Array;
  /** Steps taken in the current episode. */
  readonly steps: Int32Array;
  /** Undiscounted sum of the current episode's rewards. */
  readonly returns: Float64Array;
  readonly seeds: Float64Array;
  readonly options: (JsonValue | undefined)[];
  /** Seeds and options for the episodes that autoreset begins, first come first. */
  readonly queues: (readonly QueuedStart[] | undefined)[];

  constructor(num: number, columns?: StateColumns) {
    this.num = num;
    this.phase = new Uint8Array(num);
    this.pending = new Uint8Array(num);
    this.columns = columns;
    this.states = columns === undefined ? new Array<unknown>(num).fill(undefined) : [];
    this.rngs = new Array<Rng>(num).fill(NO_RNG);
    this.episode = new Float64Array(num).fill(-1);
    this.steps = new Int32Array(num);
    this.returns = new Float64Array(num);
    this.seeds = new Float64Array(num);
    this.options = new Array<JsonValue | undefined>(num).fill(undefined);
    this.queues = new Array<readonly QueuedStart[] | undefined>(num).fill(undefined);
  }

  /** The state of an instance that has begun; a copy where columns hold it. */
  stateOf(row: number): unknown {
    return this.columns === undefined ? this.states[row] : this.columns.get(row);
  }

  setState(row: number, state: unknown): void {
    if (this.columns === undefined) this.states[row] = state;
    // What has no state keeps whatever the columns hold until it has one.
    else if (state !== undefined) this.columns.set(row, state);
  }

  /** Puts row `row` at the start of an episode. */
  begin(row: number, start: EpisodeStart): void {
    this.setState(row, start.state);
    this.options[row] = start.options;
    this.start(row, start.rng, start.episode, start.seed);
  }

  /** The same for a row whose state and options are in place. */
  start(row: number, rng: Rng, episode: number, seed: number): void {
    this.rngs[row] = rng;
    this.phase[row] = PHASE.running;
    this.episode[row] = episode;
    this.seeds[row] = seed;
    this.steps[row] = 0;
    this.returns[row] = 0;
  }
}

/** What a queued episode is to begin with; what is absent is derived. */
export interface QueuedStart {
  readonly seed?: number;
  readonly options?: JsonValue;
}

export interface EpisodeStart {
  readonly state: unknown;
  readonly rng: Rng;
  readonly episode: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
}
