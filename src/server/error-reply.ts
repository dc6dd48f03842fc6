/** An error as a message. */
import type { GymError } from "../../protocol/errors.ts";
import type { Reply } from "../../protocol/messages.ts";

export function errorReply(id: number, error: GymError, env?: number): Reply<"error"> {
  const { code, message, retryable, lost } = error;
  return { op: "error", id, code, message, retryable, ...(env !== undefined && { env }), ...(lost && { lost }) };
}
