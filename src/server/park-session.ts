/** A session as data and back: what a stopped server's sessions need to go on. */
import { makeBatch } from "../registry/make.ts";
import type { ServerContext } from "./context.ts";
import { Handle } from "./handle.ts";
import { thrown } from "./log.ts";
import { ResumeToken } from "./resume-token.ts";
import { Session } from "./session.ts";
import type { SavedHandle, SavedSession } from "./session-store.ts";
import type { Token } from "./tokens.ts";

/** What the session is now. Envs that cannot be saved are left out and logged. */
export function parkSession(session: Session, clean: boolean): SavedSession {
  return {
    savedAt: Date.now(),
    clean,
    id: session.id,
    resume: session.resume.digest,
    token: session.token?.digest,
    lastId: session.lastId,
    nextHandle: session.nextHandle,
    kept: session.outbox.entries(),
    handles: session.handles.flatMap((handle) => parkHandle(session, handle)),
  };
}

function parkHandle(session: Session, handle: Handle): SavedHandle[] {
  const { id, madeBy, request, window, replies, first, mode } = handle;
  try {
    return [
      {
        id,
        madeBy,
        request,
        window,
        mode,
        replies: replies.save(),
        deliveries: handle.saveDeliveries(),
        first,
        parked: handle.runner.park(),
      },
    ];
  } catch (error) {
    session.log.warn({ env: handle.env.id, ...thrown(error) }, "an env is not saved");
    return [];
  }
}

/** Rebuilds a session. @throws {GymError} when an env is gone, changed, or does not fit the limits any more */
export async function unparkSession(
  context: ServerContext,
  saved: SavedSession,
  tokens: readonly Token[],
): Promise<Session> {
  const digest = saved.token;
  const token = digest && tokens.find((one) => Buffer.compare(one.digest, digest) === 0);
  if (digest !== undefined && token === undefined) throw new Error("its token is no longer known");
  const { id, lastId, nextHandle, kept } = saved;
  const session = new Session(context, { id, resume: ResumeToken.from(saved.resume), token, lastId, nextHandle, kept });
  for (const handle of saved.handles) {
    const opened = await unparkHandle(session, handle);
    session.add(() => opened);
  }
  return session;
}

async function unparkHandle(session: Session, saved: SavedHandle): Promise<Handle> {
  const { limits, registry, record } = session.context;
  const { maxNum, stepDeadlineMs, maxConcurrent, maxQueued } = limits;
  const made = await makeBatch(registry, saved.request, {
    maxNum,
    stepDeadlineMs,
    maxConcurrent,
    record,
    onFault: session,
  });
  await made.runner.unpark(saved.parked);
  const { id, madeBy = 0, request, window, mode, replies, deliveries, first } = saved;
  return new Handle(id, made, {
    madeBy,
    request,
    window,
    mode,
    maxQueued,
    maxDeliveries: limits.maxDeliveries,
    first,
    replies,
    ...(deliveries && { deliveries }),
  });
}
