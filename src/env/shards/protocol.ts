/** How a batch talks to the threads that step parts of it: a few words of shared memory for every step, messages for all that is rare. */
import type { MessagePort } from "node:worker_threads";
import type { ErrorCode } from "../../../protocol/errors.ts";
import type { Frame, JsonValue } from "../../../protocol/frames.ts";
import type { StepRecord } from "../observer.ts";
import type { RunnerOptions, RunnerReset } from "../runner-options.ts";
import type { SharedFrame } from "./shared-frame.ts";

/** Places in the control words. */
export const WORD = {
  /** number of the last request; the worker waits for it to change */
  asked: 0,
  /** number of the last request that was answered */
  done: 1,
  /** what is asked: an OP */
  op: 2,
  /** rows to step */
  rows: 3,
  /** 1: a message belongs to the answer */
  message: 4,
  /** 1: the thread has ended */
  ended: 5,
} as const;
export const WORDS = 6;

export const OP = { step: 0, call: 1, close: 2 } as const;

/** Options of the runner of one part. */
export type PartOptions = Pick<
  RunnerOptions,
  "num" | "firstRow" | "seed" | "autoreset" | "maxSteps" | "capsuleSteps" | "byColumnsFrom"
>;

/** What a worker is started with: plain data and shared memory. */
export interface ShardSpec extends PartOptions {
  readonly control: Int32Array;
  readonly shared: SharedFrame;
  readonly port: MessagePort;
}

/** What can be asked of the part of a batch beside a step, with what comes of it in `value`; the first three give a frame. */
export interface Calls {
  reset: RunnerReset;
  restore: { readonly snapshots: readonly Uint8Array[]; readonly rows: readonly number[] };
  unpark: Uint8Array;
  render: readonly number[];
  snapshot: readonly number[];
  park: undefined;
}

export type Call = { readonly [K in keyof Calls]: { readonly name: K; readonly given: Calls[K] } }[keyof Calls];

export interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What belongs to an answer beside the shared columns. */
export interface Answer {
  /** Of a call that gives one. */
  readonly frame?: Frame;
  /** What has no columns in the frame of a step. */
  readonly parts?: Frame["parts"];
  readonly errors?: Frame["errors"];
  readonly options?: readonly (JsonValue | undefined)[];
  readonly restored?: StepRecord["restored"];
  readonly value?: unknown;
  /** Failures of the plugin, for the operator's log. */
  readonly faults?: readonly (ToldError & { readonly row: number })[];
  /** The call as a whole failed. */
  readonly error?: ToldError;
}

/** Milliseconds that a thread spins before it sleeps: to be woken takes longer than most steps, and a step follows the last one closely or not at all. */
const SPIN_MS = 0.5;
/** Looks at the word between two looks at the clock. */
const LOOKS = 256;

/** Waits until a word is no longer `last`, at most `ms` milliseconds; gives what it is then. */
export function awaitChange(control: Int32Array, word: number, last: number, ms = Infinity): number {
  const end = performance.now() + SPIN_MS;
  do {
    for (let i = 0; i < LOOKS; i++) {
      const now = Atomics.load(control, word);
      if (now !== last) return now;
    }
  } while (performance.now() < end);
  Atomics.wait(control, word, last, ms);
  return Atomics.load(control, word);
}
