/** Who waits for a session while all are taken: first come, first served, so many and so long. */
import { GymError } from "../../protocol/errors.ts";

export interface AdmissionLimits {
  /** Most that may wait. */
  readonly maxWaiting: number;
  /** Milliseconds one may wait. */
  readonly admissionMs: number;
}

interface Waiter {
  admit(): void;
  readonly timer: NodeJS.Timeout;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #queue: Waiter[] = [];

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Waits for a place. Gives how many are ahead and what leaves the queue. @throws {GymError} LIMIT when the queue is full */
  enter(admit: () => void, refuse: (error: GymError) => void): { ahead: number; leave: () => void } {
    const { maxWaiting, admissionMs } = this.#limits;
    const ahead = this.#queue.length;
    if (ahead >= maxWaiting) throw full(`${ahead} wait already (maxWaiting)`);
    const timer = setTimeout(() => {
      leave();
      refuse(full(`no session became free in ${admissionMs} ms (admissionMs)`));
    }, admissionMs);
    const waiter = { admit, timer };
    const leave = (): void => {
      clearTimeout(timer);
      const at = this.#queue.indexOf(waiter);
      if (at >= 0) this.#queue.splice(at, 1);
    };
    this.#queue.push(waiter);
    return { ahead, leave };
  }

  /** Nobody is admitted any more. */
  close(): void {
    for (const { timer } of this.#queue.splice(0)) clearTimeout(timer);
  }

  /** A place is free: the first in the queue takes it. */
  next(): void {
    const waiter = this.#queue.shift();
    if (waiter === undefined) return;
    clearTimeout(waiter.timer);
    waiter.admit();
  }
}

const full = (what: string): GymError =>
  new GymError("LIMIT", `all sessions are taken and ${what}`, { hint: "Try again later, or raise maxSessions." });
