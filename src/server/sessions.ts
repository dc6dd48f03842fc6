/** All sessions of a server: opened, taken up again after a lost socket, closed when nobody comes back or nothing is heard. */
import { timingSafeEqual } from "node:crypto";
import { GymError } from "../../protocol/errors.ts";
import { Admission } from "./admission.ts";
import type { ServerContext } from "./context.ts";
import { thrown } from "./log.ts";
import { lostSession, type Lost } from "./lost-session.ts";
import { parkSession, unparkSession } from "./park-session.ts";
import { randomText } from "./random-text.ts";
import { ResumeToken } from "./resume-token.ts";
import { Session, type Link } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import type { Token } from "./tokens.ts";

export class Sessions {
  readonly #context: ServerContext;
  readonly #sessions = new Map<string, Session>();
  readonly #grace = new Map<Session, NodeJS.Timeout>();
  readonly #closing = new Set<Promise<void>>();
  readonly #reaper: NodeJS.Timeout;
  readonly #saver: NodeJS.Timeout | undefined;
  /** Sessions that a crash ended, by id. */
  readonly #lost = new Map<string, Lost>();
  readonly #store: SessionStore | undefined;
  /** Who waits for a place. */
  readonly admission: Admission;

  constructor(context: ServerContext, store?: SessionStore) {
    this.#context = context;
    this.#store = store;
    this.admission = new Admission(context.limits);
    const { idleMs, saveEveryMs } = context.limits;
    this.#saver = store && setInterval(() => { this.#save(store, false); }, saveEveryMs).unref(); // prettier-ignore
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
    const id = randomText(9, "base64url");
    const session = new Session(this.#context, { id, resume: issued.token, token });
    session.attach(link);
    this.#sessions.set(id, session);
    session.log.info({}, "session opened");
    return { session, secret: issued.text };
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** All places are taken. */
  get full(): boolean {
    return this.#sessions.size >= this.#context.limits.maxSessions;
  }

  /** Puts back the sessions of a server that stopped in order, their grace periods begin now; remembers those that a crash ended. */
  async adopt(tokens: readonly Token[]): Promise<void> {
    for (const saved of this.#store?.load(this.#context.limits.savedForMs) ?? []) {
      try {
        if (saved.clean) {
          const session = await unparkSession(this.#context, saved, tokens);
          this.#sessions.set(session.id, session);
          this.#startGrace(session);
          this.#store?.save({ ...saved, clean: false }); // from now on it is as old as it is
        } else this.#lost.set(saved.id, await lostSession(this.#context, saved));
      } catch (error) {
        this.#context.log.warn({ session: saved.id, ...thrown(error) }, "a saved session cannot go on");
        this.#store?.remove(saved.id);
      }
    }
  }

  /** Takes a session up over a new link; an old one that still hangs is dropped. @throws {GymError} SESSION_LOST, the same for an unknown session and a wrong secret */
  take(id: string, secret: string, token: Token | undefined, link: Link): { session: Session; secret: string } {
    const session = this.#sessions.get(id);
    if (session === undefined) this.#tellLost(id, secret, token);
    if (session === undefined || !sameDigest(session.token?.digest, token?.digest) || !session.resume.fits(secret)) {
      throw new GymError("SESSION_LOST", `session ${id}`, {
        expected: "a session within its grace period and its latest resume token",
        hint: "Say hello without `resume` and make the envs again.",
      });
    }
    clearTimeout(this.#grace.get(session));
    this.#grace.delete(session);
    session.end(new GymError("CONNECTION_LOST", "the session was taken up over another socket"));
    session.attach(link);
    session.log.info({}, "session resumed");
    return { session, secret: session.resume.rotate() };
  }

  /** The socket of a session is gone: it waits for `graceMs`. @param broken its client broke the protocol: then a session with nothing in it does not wait */
  detach(session: Session, link: Link, broken: boolean): void {
    if (!this.#sessions.has(session.id) || !session.detach(link)) return;
    if (broken && session.blank) void this.close(session);
    else this.#startGrace(session);
  }

  /** Ends a session at once. */
  async close(session: Session): Promise<void> {
    if (!this.#sessions.delete(session.id)) return;
    clearTimeout(this.#grace.get(session));
    this.#grace.delete(session);
    this.#store?.remove(session.id);
    session.log.info({}, "session closed");
    const closing = session.close();
    this.admission.next();
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  /** Ends them all, after saving them where there is a store; recordings are complete when it settles. */
  async closeAll(): Promise<void> {
    clearInterval(this.#reaper);
    clearInterval(this.#saver);
    this.admission.close();
    if (this.#store !== undefined) {
      for (const { subscriptions } of this.#sessions.values()) subscriptions.endAll(); // nobody waits for credit now
      await Promise.all([...this.#sessions.values()].flatMap(({ handles }) => handles.map((handle) => handle.turns.settle()))); // prettier-ignore
      this.#save(this.#store, true);
      const sessions = [...this.#sessions.values()];
      for (const timer of this.#grace.values()) clearTimeout(timer);
      this.#grace.clear();
      this.#sessions.clear();
      await Promise.all(sessions.map((session) => session.close()));
    }
    await Promise.all([...this.#sessions.values()].map((session) => this.close(session)));
    await Promise.all(this.#closing);
  }

  /** @throws {GymError} SESSION_LOST with the last saved states, when a crash ended this session and the secret is right */
  #tellLost(id: string, secret: string, token: Token | undefined): void {
    const lost = this.#lost.get(id);
    if (lost === undefined || !sameDigest(lost.token, token?.digest) || !lost.resume.fits(secret)) return;
    const error = new GymError("SESSION_LOST", `session ${id}: the server was killed`, {
      hint: "Make the envs again and restore the snapshots in `lost`.",
    });
    error.lost = lost.tell(token);
    throw error;
  }

  #save(store: SessionStore, clean: boolean): void {
    for (const session of this.#sessions.values()) {
      try {
        store.save(parkSession(session, clean));
      } catch (error) {
        session.log.warn(thrown(error), "the session is not saved");
      }
    }
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

function sameDigest(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return timingSafeEqual(a, b);
}
