/** What a client may know of a frame: where seeds could give an answer away, receipts and capsules stay here. */
import type { Frame } from "../../protocol/frames.ts";
import type { Handle } from "./handle.ts";
import type { Session } from "./session.ts";

export function told(session: Session, handle: Handle, frame: Frame): Frame {
  if (!handle.env.secret || session.may("seeds", true)) return frame;
  const { seeds, errors, ...rest } = frame;
  void seeds;
  if (errors === undefined) return rest;
  return { ...rest, errors: errors.map(({ capsule, ...error }) => (void capsule, error)) };
}
