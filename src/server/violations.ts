/** How fast clients that break the protocol are answered: so many a second of all clients together, the others wait unread. Each costs a connection, with all the work and garbage of one, and what is spent on them is taken from the sessions that behave. */

import type { GymError } from "../../protocol/errors.ts";

/** No client with a sound implementation is ever told these. */
export const isViolation = ({ code }: GymError): boolean => code === "BAD_MESSAGE" || code === "HELLO_NEEDED";

export interface ViolationLimits {
  /** Violations answered in a second. */
  readonly maxViolationsPerSecond: number;
  /** Milliseconds that an answer may wait. */
  readonly violationWaitMs: number;
}

/** Milliseconds of quiet that may be made up for: a few clients with the same defect need not wait for each other. */
const CREDIT_MS = 100;

export class Violations {
  readonly #eachMs: number;
  readonly #mostMs: number;
  /** When the next one may be answered, in ms of performance.now(). */
  #next = -Infinity;

  constructor({ maxViolationsPerSecond, violationWaitMs }: ViolationLimits) {
    this.#eachMs = 1000 / maxViolationsPerSecond;
    this.#mostMs = violationWaitMs;
  }

  /** Takes the next place. Gives the milliseconds until its turn; undefined where that is too late for an answer. */
  wait(now = performance.now()): number | undefined {
    const at = Math.max(this.#next, now - CREDIT_MS);
    if (at - now > this.#mostMs) return undefined;
    this.#next = at + this.#eachMs;
    return Math.max(0, at - now);
  }
}
