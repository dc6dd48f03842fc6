/** Requests with a `seq`: each runs once, and its answer is kept until the client has it. */
import { decodeReply, encodeReply } from "../../../protocol/codec.ts";
import { fromColumns } from "../../../protocol/columns.ts";
import type { Reply, Request } from "../../../protocol/messages.ts";
import { decodeExtras, decodeIndex } from "../../../protocol/row-index.ts";
import type { RunnerStep } from "../../env/runner.ts";
import { errorReply } from "../error-reply.ts";
import type { Handle } from "../handle.ts";
import type { Session } from "../session.ts";

type Numbered = Request<"step"> | Request<"send">;

/** Runs `work` unless `seq` was seen before; what it throws becomes the answer. `ack`: the client has the replies up to it. @throws {GymError} STALE */
export function once(
  session: Session,
  handle: Handle,
  request: Numbered,
  ack: number,
  work: (signal: AbortSignal) => void | Promise<void>,
): void {
  const { seq, id } = request;
  const decision = handle.replies.accept(handle.env.id, seq, ack, id);
  if (decision.kind === "join") return;
  if (decision.kind === "cached") {
    session.reply({ ...decodeReply(decision.reply), id });
    return;
  }
  const refuse = (error: unknown): void => {
    answer(session, handle, seq, errorReply(id, session.explain(error), request.env));
  };
  try {
    const done = handle.turns.run(id, work);
    if (done instanceof Promise) done.catch(refuse);
  } catch (error) {
    refuse(error);
  }
}

/** Keeps the reply and sends it to every request that asked for it. */
export function answer(session: Session, handle: Handle, seq: number, reply: Reply): void {
  const bytes = encodeReply(reply);
  for (const id of handle.replies.answer(seq, bytes)) {
    const own = id === reply.id ? bytes : encodeReply({ ...reply, id });
    // In first-ready mode the numbered answers to keep are the deliveries; this one is asked for again by its id.
    if (handle.mode === "first-ready") session.outbox.answered(id, own);
    session.sendBytes(own);
  }
}

/** Reads the columns of a step. Columns that do not fit are the client's action, not its message: the connection survives. @throws {GymError} BAD_ACTION */
export function readStep(handle: Handle, request: Numbered): { actions: unknown; options: RunnerStep } {
  const { id: name } = handle.env;
  const index = request.index && decodeIndex(request.index, handle.runner.num, `${name}: index`, "BAD_ACTION");
  const rows = index?.length ?? handle.runner.num;
  const actions = fromColumns(handle.spaces.action, request.actions, rows, `${name}: actions`, "BAD_ACTION");
  const extras = request.extras && decodeExtras(request.extras, rows, `${name}: extras`, "BAD_ACTION");
  const { seq } = request;
  if (index === undefined && extras === undefined) return { actions, options: { seq } };
  return { actions, options: { seq, ...(index && { index }), ...(extras && { extras }) } };
}
