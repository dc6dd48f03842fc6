/** `fork`: copies rows over rows, state, generator and counters alike. */
import { arrayOf } from "../../../protocol/bytes.ts";
import { GymError } from "../../../protocol/errors.ts";
import { encodeFrame } from "../../../protocol/frame-codec.ts";
import { decodeIndex } from "../../../protocol/row-index.ts";
import { forkRows } from "../../env/fork.ts";
import { told } from "../told.ts";
import type { Handler } from "../session.ts";
import { framed } from "./steps.ts";

export const fork: Handler<"fork"> = async (session, request) => {
  const { id, env } = request;
  const handle = session.handle(env);
  const { num } = handle.runner;
  const where = `${handle.env.id}: fork`;
  session.need("snapshot", handle.env.secret, where);
  const to = decodeIndex(request.to, num, `${where}.to`, "BAD_OPTIONS");
  const from = Array.from(arrayOf("uint32", request.from));
  if (from.length !== to.length || from.some((row) => row >= num)) {
    throw new GymError("BAD_OPTIONS", `${where}.from`, { expected: `${to.length} rows below ${num}`, received: from });
  }
  await handle.turns.run(id, () =>
    framed(forkRows(handle.runner, from, Array.from(to)), (frame) => {
      session.reply({ op: "fork", id, env, ...encodeFrame(told(session, handle, frame), handle.spaces) });
    }),
  );
};
