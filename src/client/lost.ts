/** What the end of a socket means: an error for people, and whether another attempt may help. */
import { GymError, type ErrorCode } from "../../protocol/errors.ts";
import type { CloseReason } from "./socket.ts";

/** After these another socket would be answered the same. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["UNAUTHORIZED", "BAD_VERSION", "BAD_MESSAGE", "SESSION_LOST", "LIMIT", "HELLO_NEEDED"]); // prettier-ignore

export const isFinal = (error: GymError): boolean => FINAL.has(error.code);

/** SESSION_LOST for who uses a client, in place of advice to who writes one; `lost` stays. */
export function gone(url: string, error: GymError): GymError {
  if (error.code !== "SESSION_LOST") return error;
  const where = `${url}: the session is gone: the server was started anew, or was out of reach for longer than its grace period`;
  const told = new GymError(error.code, where, { hint: "Begin again with new envs." }, error);
  if (error.lost !== undefined) told.lost = error.lost;
  return told;
}

export function lost(url: string, reason: CloseReason): GymError {
  if (reason.status === 401 || reason.status === 403) return new GymError("UNAUTHORIZED", `${url}: ${reason.text}`);
  if (reason.text.includes("ECONNREFUSED")) {
    return new GymError("CONNECTION_LOST", `${url}: connection refused`, {
      hint: "Start a server with `dojang serve`.",
    });
  }
  const text = reason.text === "" ? `closed with code ${reason.code}` : reason.text;
  return new GymError("CONNECTION_LOST", `${url}: ${text}`);
}
