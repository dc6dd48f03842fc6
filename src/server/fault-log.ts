/** What the operator is told when plugins of a session fail: at once the first time, then at most one line a second for each env, with a count. Of secret envs without the message, which may hold an answer. */
import type { GymError } from "../../protocol/errors.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { thrown, thrownWhere, type Logger } from "./log.ts";

const EVERY_MS = 1000;

interface Count {
  /** When the next line may be written, in ms of performance.now(). */
  next: number;
  /** Since the last line. */
  faults: number;
}

export class FaultLog {
  /** By env id. */
  readonly #counts = new Map<string, Count>();

  /** @param log names the session */
  write(log: Logger, { id, secret }: BuiltEnv, error: GymError, row: number): void {
    const count = this.#counts.get(id) ?? { next: -Infinity, faults: 0 };
    this.#counts.set(id, count);
    count.faults++;
    const now = performance.now();
    if (now < count.next) return;
    const { faults } = count;
    count.next = now + EVERY_MS;
    count.faults = 0;
    const cause = error.cause ?? error;
    const told = secret ? thrownWhere(cause) : thrown(cause);
    log.warn({ env: id, code: error.code, row, faults, ...told }, "an env failed");
  }
}
