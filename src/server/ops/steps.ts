/** `reset` and `step`: the hot path. */
import { encodeReply, decodeReply } from "../../../protocol/codec.ts";
import { fromColumns } from "../../../protocol/columns.ts";
import { asGymError, GymError } from "../../../protocol/errors.ts";
import { encodeFrame } from "../../../protocol/frame-codec.ts";
import type { Frame } from "../../../protocol/frames.ts";
import type { Reply, Request } from "../../../protocol/messages.ts";
import { decodeExtras, decodeIndex } from "../../../protocol/row-index.ts";
import type { Handle } from "../handle.ts";
import { errorReply } from "../error-reply.ts";
import type { Handler, Session } from "../session.ts";
import { told } from "../told.ts";

/** Hands a frame on as soon as it is there: in the same tick where it can be, for its arrays alias the runner's buffers. */
export function framed(
  frame: Frame | Promise<Frame>,
  use: (frame: Frame) => void | Promise<void>,
): void | Promise<void> {
  return frame instanceof Promise ? frame.then(use) : use(frame);
}

export const reset: Handler<"reset"> = (session, request) => {
  const handle = session.handle(request.env);
  if (request.seeds !== undefined || request.queue !== undefined)
    session.need("seeds", handle.env.secret, `${handle.env.id}: seeds`);
  const { id, env, seeds, options, mask, queue } = request;
  return handle.turns.run(id, () => {
    const first = mask === undefined ? handle.takeFirst() : {};
    const given = {
      ...first,
      ...(seeds && { seeds }),
      ...(options && { options }),
      ...(mask && { mask }),
      ...(queue && { queue }),
    };
    return framed(handle.runner.reset(given), (frame) => {
      const fields = encodeFrame(told(session, handle, frame), handle.spaces);
      session.reply({ op: "reset", id, env, ...fields });
      return handle.publish(fields);
    });
  });
};

export const step: Handler<"step"> = (session, request) => {
  const arrived = performance.now();
  const handle = session.handle(request.env);
  const { seq, ack, id } = request;
  const decision = handle.replies.accept(handle.env.id, seq, ack, id);
  if (decision.kind === "join") return;
  if (decision.kind === "cached") {
    session.reply({ ...decodeReply(decision.reply), id });
    return;
  }
  // From here on every outcome is an answer to `seq`, and is kept.
  try {
    const done = handle.turns.run(id, (signal) => run(session, handle, request, arrived, signal));
    if (done instanceof Promise) done.catch((error: unknown) => { refuse(session, handle, request, error); }); // prettier-ignore
  } catch (error) {
    refuse(session, handle, request, error);
  }
};

function run(
  session: Session,
  handle: Handle,
  request: Request<"step">,
  arrived: number,
  signal: AbortSignal,
): void | Promise<void> {
  const { id: name } = handle.env;
  const { seq, env } = request;
  const queue = Math.round((performance.now() - arrived) * 1000);
  const index = request.index && decodeIndex(request.index, handle.runner.num, `${name}: index`, "BAD_ACTION");
  const rows = index?.length ?? handle.runner.num;
  const actions = readActions(handle.spaces.action, request.actions, rows, `${name}: actions`);
  const extras = request.extras && decodeExtras(request.extras, rows, `${name}: extras`);
  const options = { seq, signal, ...(index && { index }), ...(extras && { extras }) };
  return framed(handle.runner.step(actions, options), (frame) => {
    const began = performance.now();
    const fields = encodeFrame(told(session, handle, frame), handle.spaces);
    const timing = { queue, env: frame.timing.env, encode: Math.round((performance.now() - began) * 1000) };
    session.context.metrics.stepped(name, frame.status, timing, frame.errors);
    const sent = (): void => {
      answer(session, handle, seq, { op: "step", id: request.id, env, ...fields, timing });
    };
    // A lossless watcher without credit holds the answer back: the actor waits for the learner.
    const wait = handle.publish({ ...fields, timing });
    return wait === undefined ? sent() : wait.then(sent);
  });
}

/** Columns that do not fit are the client's action, not its message: the connection survives. */
function readActions(
  space: Parameters<typeof fromColumns>[0],
  columns: readonly Uint8Array[],
  rows: number,
  where: string,
): unknown {
  try {
    return fromColumns(space, columns, rows, where);
  } catch (error) {
    throw new GymError("BAD_ACTION", asGymError(error).message, {}, error);
  }
}

function refuse(session: Session, handle: Handle, request: Request<"step">, thrown: unknown): void {
  const error = asGymError(thrown);
  session.noteFailure(error);
  answer(session, handle, request.seq, errorReply(request.id, error, request.env));
}

/** Keeps the reply and sends it to every request that asked for it. */
function answer(session: Session, handle: Handle, seq: number, reply: Reply): void {
  const bytes = encodeReply(reply);
  for (const id of handle.replies.answer(seq, bytes)) {
    session.sendBytes(id === reply.id ? bytes : encodeReply({ ...reply, id }));
  }
}
