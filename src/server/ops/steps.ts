/** `reset` and `step`: the hot path. */
import { encodeFrame } from "../../../protocol/frame-codec.ts";
import type { Frame } from "../../../protocol/frames.ts";
import type { Reply, Request } from "../../../protocol/messages.ts";
import type { Handle } from "../handle.ts";
import type { Handler, Session } from "../session.ts";
import { told } from "../told.ts";
import { answer, once, readStep } from "./numbered.ts";

/** Hands a frame on as soon as it is there: in the same tick where it can be, for its arrays alias the runner's buffers. */
export function framed(
  frame: Frame | Promise<Frame>,
  use: (frame: Frame) => void | Promise<void>,
): void | Promise<void> {
  return frame instanceof Promise ? frame.then(use) : use(frame);
}

export const reset: Handler<"reset"> = (session, request) => {
  const handle = session.handle(request.env);
  if ((request.seeds ?? request.queue?.seeds) !== undefined) {
    session.need("seeds", handle.env.secret, `${handle.env.id}: seeds`);
  }
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
  const arrived = session.lastHeard; // of this very message: each look at the clock costs a small step something
  const handle = session.handle(request.env);
  handle.assertLockstep();
  once(session, handle, request, request.ack, (signal) => run(session, handle, request, arrived, signal));
};

function run(
  session: Session,
  handle: Handle,
  request: Request<"step">,
  arrived: number,
  signal: AbortSignal,
): void | Promise<void> {
  const { seq, env, id } = request;
  const queue = Math.round((performance.now() - arrived) * 1000);
  const { actions, options } = readStep(handle, request);
  return framed(handle.runner.step(actions, { ...options, signal }), (frame) => {
    const began = performance.now();
    const fields = encodeFrame(told(session, handle, frame), handle.spaces);
    const timing = { queue, env: frame.timing.env, encode: Math.round((performance.now() - began) * 1000) };
    session.context.metrics.stepped(handle.env.id, frame.status, timing, frame.errors);
    const reply: Reply<"step"> = { ...fields, op: "step", id, env, timing };
    // A lossless watcher without credit holds the answer back: the actor waits for the learner.
    const wait = handle.watched ? handle.publish({ ...fields, timing }) : undefined;
    return wait === undefined ? answer(session, handle, seq, reply) : wait.then(() => answer(session, handle, seq, reply)); // prettier-ignore
  });
}
