/** Turns: at most so many submissions are judged at once, and at most so many wait. */
import { GymError } from "../../../protocol/errors.ts";

export class Slots {
  readonly #most: number;
  readonly #maxQueue: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number, maxQueue: number) {
    this.#most = most;
    this.#maxQueue = maxQueue;
  }

  /** Runs `work` when its turn comes: first come, first served.
   *  @throws {GymError} LIMIT when the queue is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Submissions that wait. */
  get queued(): number {
    return this.#waiting.length;
  }

  #enter(): Promise<void> {
    if (this.#taken < this.#most) {
      this.#taken++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#maxQueue) {
      const expected = `at most ${this.#maxQueue} submissions waiting (maxQueue)`;
      return Promise.reject(new GymError("LIMIT", "code runner", { expected, hint: "Try again when some are done." }));
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The turn passes to the one that has waited longest. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}
