/** What a client may know of a frame: where seeds could give an answer away, receipts and capsules stay here. */
import type { Frame } from "../../protocol/frames.ts";
import type { Handle } from "./handle.ts";
import type { Session } from "./session.ts";

export function told(session: Session, handle: Handle, frame: Frame): Frame {
  return mayKnowSeeds(session, handle) ? frame : withoutSeeds(frame);
}

export const mayKnowSeeds = (session: Session, { env }: Handle): boolean => !env.secret || session.may("seeds", true);

interface Revealing {
  readonly seeds?: unknown;
  readonly errors?: readonly { readonly capsule?: unknown }[];
}

/** The same without what the episodes were made from. */
export function withoutSeeds<T extends Revealing>(frame: T): T {
  const { seeds: _seeds, ...rest } = frame;
  const errors = frame.errors?.map(({ capsule: _capsule, ...error }) => error);
  return { ...rest, ...(errors && { errors }) } as unknown as T; // only fields that may be absent are left out
}
