/** `send`: first-ready mode. The rows come back as `delivery` messages, each when it is ready. */
import { encodeReply } from "../../../protocol/codec.ts";
import { encodeFrame } from "../../../protocol/frame-codec.ts";
import type { Frame } from "../../../protocol/frames.ts";
import { errorReply } from "../error-reply.ts";
import type { Handle } from "../handle.ts";
import type { Handler, Session } from "../session.ts";
import { told } from "../told.ts";
import { answer, once, readStep } from "./numbered.ts";

export const send: Handler<"send"> = (session, request) => {
  const { id, env, seq, ack = 0 } = request;
  const handle = session.handle(env);
  const { rows, deliveries } = handle.firstReady();
  deliveries.acknowledge(ack);
  // Deliveries are acknowledged apart: of the answers to `send` only the last is kept.
  once(session, handle, request, seq - 1, (signal) => {
    deliveries.assertRoom(handle.env.id);
    const { actions, options } = readStep(handle, request);
    const done = rows.send(actions, {
      ...options,
      signal,
      deliver: (frame) => {
        deliver(session, handle, frame);
      },
      fail: (error) => {
        // Kept among the deliveries: it is what this one has become.
        const bytes = encodeReply(errorReply(0, session.explain(error), env));
        session.sendBytes(deliveries.add(() => bytes));
      },
    });
    answer(session, handle, seq, { op: "send", id, env, seq });
    return done;
  });
};

function deliver(session: Session, handle: Handle, frame: Frame): void {
  const { deliveries } = handle.firstReady();
  const fields = encodeFrame(told(session, handle, frame), handle.spaces);
  session.context.metrics.stepped(handle.env.id, frame.status, frame.timing, frame.errors);
  const encode = (number: number): Uint8Array =>
    encodeReply({ op: "delivery", id: 0, env: handle.id, ...fields, number });
  session.sendBytes(deliveries.add(encode));
}
