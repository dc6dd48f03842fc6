/** What a batch runner tells a recorder. A type of its own so that the runner need not know about files. */
import type { Autoreset, Frame, JsonValue } from "../../protocol/frames.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import type { BuiltEnv } from "./built-env.ts";

export interface StepRecord {
  /** Rows as the caller gets them; buffers may be reused once the observer has returned (or its promise settled). */
  readonly frame: Frame;
  /** The batch of actions that was stepped, a row for each row of the frame; absent for resets and restores. */
  readonly actions?: unknown;
  /** Columns the agent sent along. */
  readonly extras?: Readonly<Record<string, NumericArray>>;
  /** Reset options, parallel to `frame.seeds.index`. */
  readonly options?: readonly (JsonValue | undefined)[];
  /** Rows that were put back from a snapshot: where their episode goes on. Parallel arrays. */
  readonly restored?: {
    readonly index: Uint32Array;
    readonly episode: Float64Array;
    readonly firstStep: Float64Array;
    readonly seed: Float64Array;
  };
}

export interface FrameObserver {
  /** A promise asks the runner's owner to wait before the next step: recording slows training rather than losing a step. */
  onFrame(record: StepRecord): void | Promise<void>;
  close(): Promise<void>;
}

/** The batch that is to be observed. */
export interface BatchInfo {
  readonly num: number;
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Time limit in steps, 0 for none. */
  readonly maxSteps: number;
  /** Full observations are wanted, not only digests. */
  readonly observations: boolean;
}

/** Makes the observer of a new batch, or none. */
export type ObserverFactory = (env: BuiltEnv, batch: BatchInfo) => FrameObserver | Promise<FrameObserver>;
