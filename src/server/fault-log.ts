/** What the operator is told when a plugin fails: at once the first time, then at most one line a second with a count. Of secret envs without the message, which may hold an answer. */
import type { OnFault } from "../env/faults.ts";
import { thrown, thrownWhere, type Logger } from "./log.ts";

const EVERY_MS = 1000;

/** @param log names the session and the env */
export function faultLog(log: Logger, secret: boolean): OnFault {
  let next = -Infinity;
  let faults = 0;
  return (error, row) => {
    faults++;
    const now = performance.now();
    if (now < next) return;
    next = now + EVERY_MS;
    const cause = error.cause ?? error;
    log.warn({ code: error.code, row, faults, ...(secret ? thrownWhere(cause) : thrown(cause)) }, "an env failed");
    faults = 0;
  };
}
