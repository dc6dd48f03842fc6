/** What a checkpoint of a run holds, and the error of a run that was ended from outside. */
import { GymError } from "dojang/protocol";
import type { StepperState } from "../streams/stepper.ts";
import { fieldsOf, type Plain } from "./plain.ts";

/** Another number cannot be resumed. */
export const FORMAT = 2;

/** The state in a checkpoint, beside the format. */
export interface Saved {
  readonly steps: number;
  readonly wall: number;
  readonly cpu: number;
  readonly learner: Plain;
  readonly goal: Plain;
  readonly evaluations: Plain;
  readonly monitor: Plain;
  /** null, and so `snapshots`: the envs begin anew. */
  readonly stepper: StepperState | null;
  readonly snapshots: readonly Uint8Array[] | null;
}

/** @throws {GymError} BAD_RUN for another format */
export function readSaved(state: Plain): Saved {
  const fields = fieldsOf(state);
  if (fields["format"] !== FORMAT)
    throw new GymError("BAD_RUN", "checkpoint: format", { expected: String(FORMAT), received: fields["format"] });
  // What a session wrote, in the format just checked.
  return fields as unknown as Saved;
}

/** A failure of env, connection or recordings: the learner broke down in none of them. */
export const isOutside = (error: unknown): error is GymError =>
  error instanceof GymError && error.code !== "NOT_A_NUMBER";

/** The same failure, saying how a run whose last checkpoint has all `steps` goes on. */
export function withWayOn(error: GymError, folder: string, steps: number): GymError {
  const hint = `What was learnt in ${steps.toLocaleString("en-US")} steps is kept: go on with --resume --out ${folder}`;
  return new GymError(error.code, error.message.replace(/\.$/, ""), { hint }, error);
}
