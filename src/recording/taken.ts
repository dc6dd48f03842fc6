/** What a recorder takes of a frame: the part of a step record that segments are made of. Records of a runner fit as they are. */
import type { Capsule, Frame, RowError } from "../../protocol/frames.ts";
import type { StepRecord } from "../env/observer.ts";

/** A failure as far as it is recorded. */
export type TakenError = Pick<RowError, "index" | "code" | "message"> & {
  readonly capsule?: Pick<Capsule, "episode" | "seed" | "options">;
};

export type TakenFrame = Pick<
  Frame,
  "index" | "status" | "observations" | "mask" | "rewards" | "parts" | "terminated" | "truncated" | "final" | "seeds"
> & { readonly errors?: readonly TakenError[] };

export type Taken = Omit<StepRecord, "frame"> & { readonly frame: TakenFrame };
