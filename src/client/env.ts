/** The one interface of an env as agents see it: the same over a socket (`dojang/client`) and in process (`dojang/client/local`). */
import type { EnvInfo } from "../../protocol/env-info.ts";
import type { Autoreset, Frame, JsonValue } from "../../protocol/frames.ts";
import type { ResetQueue } from "../../protocol/messages.ts";
import type { BatchOf, NumericArray, Space } from "../../protocol/spaces.ts";

export interface MakeOptions {
  /** Instances in the batch. Default 1. */
  readonly num?: number;
  /** Seeds of episodes derive from it. Default: drawn by the server and told in the receipts. */
  readonly seed?: number;
  /** Default next-step. */
  readonly autoreset?: Autoreset;
  readonly params?: Readonly<Record<string, JsonValue>>;
  /** Overrides the plugin's time limit, in steps. */
  readonly maxSteps?: number;
  /** `lockstep` (default): `step` answers when all its rows are done. `first-ready`: `send` and `recv`, for envs whose steps differ in cost. */
  readonly mode?: "lockstep" | "first-ready";
  /** In process only: threads that share the instances, the calling one among them, at most `num`. Frames are the same for any number. Default 1. */
  readonly workers?: number;
  /** Steps that may be under way at once (a remote env answers them in order). Default 1. */
  readonly window?: number;
  /** Record full observations, not only digests (where the server records). */
  readonly recordObservations?: boolean;
}

export interface ResetOptions {
  /** One for each row that is reset, in order. Absent: derived. */
  readonly seeds?: readonly number[];
  /** One for each row that is reset, in order. */
  readonly options?: readonly JsonValue[];
  /** [num] 1 = reset this row. Absent: all. */
  readonly mask?: Uint8Array;
  /** Seeds and options of the episodes that autoreset begins after this one: a list for each row that is reset. Absent: what is queued stays. */
  readonly queue?: ResetQueue;
}

export interface StepOptions {
  /** Which instances the actions are for, ascending. Absent: all. */
  readonly index?: Uint32Array;
  /** Columns the agent wants recorded beside the step (logProb, value, ...): [rows * k] each. */
  readonly extras?: Readonly<Record<string, NumericArray>>;
}

export interface EnvSpaces<O extends Space = Space, A extends Space = Space, I extends Space = Space> {
  readonly observation: O;
  readonly action: A;
  readonly info?: I;
}

/** What a render gives: text, or RGB pixels (width * height * 3 bytes). */
export type Picture = string | { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

/** N instances of one environment, stepped together. Calls are answered in order; arrays in a frame belong to the caller. */
export interface Env<O extends Space = Space, A extends Space = Space, I extends Space = Space> {
  readonly id: string;
  readonly version: string;
  readonly num: number;
  readonly spaces: EnvSpaces<O, A, I>;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly autoreset: Autoreset;
  /** Time limit in steps, 0 for none. */
  readonly maxSteps: number;
  /** Flags per row in `mask`; 0 when the env has no mask. */
  readonly maskWidth: number;
  /** The seed that episode seeds derive from; undefined where the server does not tell it (secret envs). */
  readonly seed: number | undefined;
  /** @throws {GymError} BAD_SEED, BAD_OPTIONS, BUSY */
  reset(options?: ResetOptions): Promise<Frame<O, I>>;
  /** @throws {GymError} BAD_ACTION when the columns as a whole do not fit; a single wrong row comes back with status 2. */
  step(actions: BatchOf<A>, options?: StepOptions): Promise<Frame<O, I>>;
  /** First-ready mode: starts a step in every row (or those of `index`) and returns. @throws {GymError} ROW_BUSY, BAD_ACTION, UNSUPPORTED in lockstep mode */
  send(actions: BatchOf<A>, options?: StepOptions): Promise<void>;
  /** First-ready mode: the next rows that are done, whichever they are; `index` says which. */
  recv(): Promise<Frame<O, I>>;
  /** Rows to show; absent: row 0. @throws {GymError} UNSUPPORTED when the env has no rendering. */
  render(index?: readonly number[]): Promise<Picture[]>;
  /** Sealed states of the given rows (absent: all), RNG included. @throws {GymError} BUSY */
  snapshot(index?: readonly number[]): Promise<Uint8Array[]>;
  /** Puts snapshots back into the given rows (absent: all); the frame holds their observations as reset rows. @throws {GymError} BAD_SNAPSHOT */
  restore(snapshots: readonly Uint8Array[], index?: readonly number[]): Promise<Frame<O, I>>;
  /** Makes row `to[i]` a copy of row `from[i]`, RNG included; `to` ascends. The frame holds the copies as reset rows. @throws {GymError} BUSY, RESET_NEEDED */
  fork(from: readonly number[], to: readonly number[]): Promise<Frame<O, I>>;
  close(): Promise<void>;
}

/** What makes envs: `connect(url)` or `local()`. */
export interface Client {
  /** @throws {GymError} UNKNOWN_ENV (with "did you mean"), BAD_PARAM, LIMIT */
  make(id: string, options?: MakeOptions): Promise<Env>;
  envs(): Promise<EnvInfo[]>;
  close(): Promise<void>;
}
