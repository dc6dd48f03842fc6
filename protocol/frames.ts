/** What one step (or reset) of N envs gives back: a struct of arrays. The same shape in process and, as columns, on the wire. */
import type { ErrorCode } from "./errors.ts";
import type { BatchOf, Space } from "./spaces.ts";

/** What a row of a frame is. Nothing may read a row without looking at its status. */
export const STATUS = {
  /** an ordinary transition */
  transition: 0,
  /** a reset: no transition; reward 0 */
  reset: 1,
  /** failed and not worth a retry; reward NaN; see `errors` */
  fault: 2,
  /** failed, and the same action may be sent again; reward NaN; see `errors` */
  retry: 3,
} as const;

/** What happens when an episode ends. */
export type Autoreset = "next-step" | "same-step" | "disabled";
export const AUTORESET: readonly Autoreset[] = ["next-step", "same-step", "disabled"];

/** Why row `index` (its place in the frame, 0..rows-1) has status 2 or 3. */
export interface RowError {
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** Everything needed to run the failure again; see `Capsule`. */
  readonly capsule?: Capsule;
}

/** A failure that can be rerun: `dojang replay CAPSULE` plays the actions and stops at the fault. Holds no state and no gold answer. */
export interface Capsule {
  readonly env: string;
  readonly version: string;
  readonly params: Readonly<Record<string, JsonValue>>;
  /** Index of the instance in its batch. */
  readonly instance: number;
  readonly episode: number;
  /** Steps of this episode taken before the failing call. */
  readonly step: number;
  readonly seed: number;
  readonly options?: JsonValue;
  /** Row-encoded actions since the episode's start, the failing one last; as columns of the action space, n = `count`. Absent for secret envs beyond the limit. */
  readonly actions: readonly Uint8Array[];
  readonly count: number;
  /** True when only the last actions were kept: such a capsule shows, but cannot be rerun. */
  readonly cut?: boolean;
  readonly error: string;
}

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** Rows that ended in this frame under same-step autoreset: their last observation, before the reset. `index` points into the frame's rows. */
export interface FinalRows<O extends Space = Space> {
  readonly index: Uint32Array;
  readonly observations: BatchOf<O>;
  readonly mask?: Uint8Array;
}

/** Rows whose episode ended in this frame (terminated or truncated): undiscounted return and length in steps. */
export interface EpisodeRows {
  readonly index: Uint32Array;
  readonly return: Float64Array;
  readonly length: Int32Array;
}

/** Seed receipts: rows that began a new episode in this frame, which episode number of the instance (from 0) and which seed. */
export interface SeedRows {
  readonly index: Uint32Array;
  readonly episode: Float64Array;
  readonly seed: Float64Array;
}

/** Microseconds this frame spent waiting, inside the env, and in encoding. */
export interface Timing {
  readonly queue: number;
  readonly env: number;
  readonly encode: number;
}

export interface Frame<O extends Space = Space, I extends Space = Space> {
  /** Counts request frames of this env from 1; 0 for a reset. */
  readonly seq: number;
  /** Which instances the rows are, ascending; absent: all of them, in order. */
  readonly index?: Uint32Array;
  /** [rows] of STATUS */
  readonly status: Uint8Array;
  /** After an autoreset in the same step: the first observation of the new episode (see `final`). Zeroes in rows of status 2 and 3. */
  readonly observations: BatchOf<O>;
  /** [rows * actions] legal-action mask, 1 = legal */
  readonly mask?: Uint8Array;
  /** [rows]; NaN where status >= 2 */
  readonly rewards: Float64Array;
  /** Named parts of the reward, [rows] each; NaN where a row has no such part. */
  readonly parts?: Readonly<Record<string, Float64Array>>;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly final?: FinalRows<O>;
  readonly episode?: EpisodeRows;
  readonly seeds?: SeedRows;
  readonly info?: BatchOf<I>;
  readonly errors?: readonly RowError[];
  readonly timing: Timing;
}
