/** What a stepper is made with. */
import type { Autoreset } from "../../protocol/frames.ts";
import type { OnFault } from "./faults.ts";
import type { FrameColumns } from "./frame-writer.ts";
import type { StepContext } from "./rules.ts";

export interface StepperOptions {
  readonly num: number;
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Number of instance 0 in the whole batch. */
  readonly firstRow: number;
  /** 0 for none */
  readonly maxSteps: number;
  /** Actions kept per instance for capsules. */
  readonly capsuleSteps: number;
  /** Use batch rules where there are any. */
  readonly byColumns: boolean;
  readonly onFault?: OnFault | undefined;
  /** Where frames are written; absent: in memory of its own. */
  readonly memory?: FrameColumns | undefined;
}

/** Synchronous steps are not cancelled. */
export const CONTEXT: StepContext = { signal: new AbortController().signal };
