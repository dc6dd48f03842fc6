/** All sessions of a server: opened, taken up again after a lost socket, closed when nobody comes back or nothing is heard. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { GymError } from "../../protocol/errors.ts";
import type { ServerContext } from "./context.ts";
import { ResumeToken } from "./resume-token.ts";
import { Session, type Link } from "./session.ts";
import type { Token } from "./tokens.ts";

export class Sessions {
  readonly #context: ServerContext;
  readonly #sessions = new Map<string, Session>();
  readonly #grace = new Map<Session, NodeJS.Timeout>();
  readonly #closing = new Set<Promise<void>>();
  readonly #reaper: NodeJS.Timeout;

  constructor(context: ServerContext) {
    this.#context = context;
    const { idleMs } = context.limits;
    this.#reaper = setInterval(
      () => {
        this.#reap(performance.now() - idleMs);
      },
      Math.max(10, idleMs / 8),
    );
    this.#reaper.unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.#sessions.values();
  }

  /** A new session and its resume secret. */
  open(token: Token | undefined, link: Link): { session: Session; secret: string } {
    const issued = ResumeToken.issue();
    const id = randomBytes(9).toString("base64url");
    const session = new Session(this.#context, { id, resume: issued.token, token });
    session.attach(link);
    this.#sessions.set(id, session);
    return { session, secret: issued.text };
  }

  /** Puts back a session of a server that has stopped; its grace period begins now. */
  adopt(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#startGrace(session);
  }

  /** Takes a session up over a new link; an old one that still hangs is dropped. @throws {GymError} SESSION_LOST, the same for an unknown session and a wrong secret */
  take(id: string, secret: string, token: Token | undefined, link: Link): { session: Session; secret: string } {
    const session = this.#sessions.get(id);
    if (session === undefined || !session.resume.fits(secret) || !sameToken(session.token, token)) {
      throw new GymError("SESSION_LOST", `session ${id}`, {
        expected: "a session within its grace period and its latest resume token",
        hint: "Say hello without `resume` and make the envs again.",
      });
    }
    clearTimeout(this.#grace.get(session));
    this.#grace.delete(session);
    session.end(new GymError("CONNECTION_LOST", "the session was taken up over another socket"));
    session.attach(link);
    return { session, secret: session.resume.rotate() };
  }

  /** The socket of a session is gone: it waits for `graceMs`. */
  detach(session: Session, link: Link): void {
    if (!this.#sessions.has(session.id) || !session.detach(link)) return;
    this.#startGrace(session);
  }

  /** Ends a session at once. */
  async close(session: Session): Promise<void> {
    if (!this.#sessions.delete(session.id)) return;
    clearTimeout(this.#grace.get(session));
    this.#grace.delete(session);
    const closing = session.close();
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  /** Ends them all; recordings are complete when it settles. */
  async closeAll(): Promise<void> {
    clearInterval(this.#reaper);
    await Promise.all([...this.#sessions.values()].map((session) => this.close(session)));
    await Promise.all(this.#closing);
  }

  #startGrace(session: Session): void {
    const timer = setTimeout(() => {
      void this.close(session);
    }, this.#context.limits.graceMs);
    this.#grace.set(session, timer);
  }

  /** Closes attached sessions from which nothing came since `before`: half-open sockets must not hold their place for ever. */
  #reap(before: number): void {
    for (const session of this.#sessions.values()) {
      if (!session.attached || session.lastHeard >= before) continue;
      const { idleMs } = this.#context.limits;
      session.end(
        new GymError("LIMIT", `nothing was heard for ${idleMs} ms (idleMs)`, { hint: "Send `ping` while idle." }),
      );
      void this.close(session);
    }
  }
}

function sameToken(a: Token | undefined, b: Token | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return timingSafeEqual(a.digest, b.digest);
}
