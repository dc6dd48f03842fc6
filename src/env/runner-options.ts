/** What a batch runner is made with, and what its calls take. */
import type { Autoreset, Frame, JsonValue } from "../../protocol/frames.ts";
import type { ResetQueue } from "../../protocol/messages.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { OnFault } from "./faults.ts";
import type { FrameColumns } from "./frame-writer.ts";
import type { FrameObserver } from "./observer.ts";
import type { RgbFrame } from "./rules.ts";

export interface RunnerOptions {
  /** Instances, >= 1. */
  readonly num: number;
  /** Seeds of episodes derive from it; integer 0..2^53-1. */
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Steps after which an episode is truncated, 0 for never. Default: the rules' own. */
  readonly maxSteps?: number;
  /** Milliseconds an async step or reset may take. Default 30,000. */
  readonly stepDeadlineMs?: number;
  /** Async steps under way at once, over all requests. Default 64. */
  readonly maxConcurrent?: number;
  /** Actions kept per instance for failure capsules. Default 10,000, or what 64 MiB have room for. */
  readonly capsuleSteps?: number;
  /** Number of the first instance, where this batch is a part of a larger one: seeds and messages count from it. Default 0. */
  readonly firstRow?: number;
  /** Instances from which on a batch uses batch rules, where there are any. Default 8: fewer are stepped as fast one by one. */
  readonly byColumnsFrom?: number;
  readonly observer?: FrameObserver;
  /** Where the columns of frames are written, such as memory that threads share. Default: memory of its own. */
  readonly memory?: FrameColumns;
  /** Told of every failure of the plugin; frames of secret envs tell its code only. */
  readonly onFault?: OnFault;
}

export interface RunnerReset {
  readonly seeds?: readonly number[];
  readonly options?: readonly (JsonValue | undefined)[];
  readonly mask?: Uint8Array;
  /** A list for each row that is reset: seeds and options of the episodes that autoreset begins after this one. Absent: what is queued stays. */
  readonly queue?: ResetQueue;
  /** Cancels async resets under way: their rows come back with status 3 and are as before. */
  readonly signal?: AbortSignal;
}

export interface RunnerStep {
  readonly index?: Uint32Array | undefined;
  readonly extras?: Readonly<Record<string, NumericArray>> | undefined;
  readonly seq?: number;
  /** Cancels async steps under way: their rows come back with status 3 and are as before. */
  readonly signal?: AbortSignal;
}

/** N instances of one environment, stepped together: in this thread (`BatchRunner`) or in several. What each throws `BatchRunner` says. */
export interface Runner {
  readonly env: BuiltEnv;
  readonly num: number;
  readonly autoreset: Autoreset;
  readonly maxSteps: number;
  readonly seed: number;
  /** Are the arrays of frames the caller's to keep? Else they are written over by the next call. */
  readonly ownsFrames: boolean;
  reset(request?: RunnerReset): Frame | Promise<Frame>;
  step(actions: unknown, request?: RunnerStep): Frame | Promise<Frame>;
  /** The rows that `step` would step, if it would take the call at all. @throws as `step` does */
  checkStep(actions: unknown, index?: Uint32Array): ArrayLike<number>;
  render(rows?: readonly number[]): (string | RgbFrame)[];
  snapshot(rows?: readonly number[]): Uint8Array[];
  restore(snapshots: readonly Uint8Array[], rows?: readonly number[]): Frame | Promise<Frame>;
  park(): Uint8Array;
  unpark(bytes: Uint8Array): Frame | Promise<Frame>;
}
