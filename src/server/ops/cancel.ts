/** `cancel`: stops async steps and refuses what still waits. Rows come back with status 3 and are as before. */
import { GymError } from "../../../protocol/errors.ts";
import type { Handler } from "../session.ts";

export const cancel: Handler<"cancel"> = (session, { id, request, env }) => {
  if (request === undefined && env === undefined) {
    throw new GymError("BAD_PARAM", "cancel", { expected: "a request id, or the env whose requests to cancel" });
  }
  const handles = env === undefined ? session.handles : [session.handle(env)];
  const cancelled = handles.reduce((sum, handle) => sum + handle.turns.cancel(request), 0);
  session.reply({ op: "cancel", id, cancelled });
};
