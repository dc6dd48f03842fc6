/** Jobs in order, bounded by bytes: what keeps a slow disk from filling the memory. */

interface Job {
  readonly bytes: number;
  readonly run: () => Promise<void>;
}

export class WriteQueue {
  readonly #limit: number;
  #pending = 0;
  #tail: Promise<void> = Promise.resolve();
  #waiters: PromiseWithResolvers<void>[] = [];
  #error: unknown;

  /** @param limitBytes how much may wait before `room` makes callers wait */
  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** Bytes not yet written. */
  get pending(): number {
    return this.#pending;
  }

  /** The first failure; after it, jobs are dropped. */
  get error(): unknown {
    return this.#error;
  }

  /** Never rejects: a failure is kept in `error` and given to those who wait for room. */
  push({ bytes, run }: Job): void {
    this.#pending += bytes;
    this.#tail = this.#tail.then(async () => {
      try {
        if (this.#error === undefined) await run();
      } catch (error) {
        this.#error ??= error;
      }
      this.#pending -= bytes;
      this.#wake();
    });
  }

  /** Drops what has not begun, as after a failed job. The first failure counts. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.#wake();
  }

  /** Undefined while there is room, else a promise that settles when there is again. It rejects with the first failure. */
  room(): Promise<void> | undefined {
    if (this.#pending <= this.#limit) return undefined;
    const waiter = Promise.withResolvers<void>();
    this.#waiters.push(waiter);
    return waiter.promise;
  }

  /** Settles when everything pushed so far is done or dropped. */
  idle(): Promise<void> {
    return this.#tail;
  }

  #wake(): void {
    if (this.#error === undefined && this.#pending > this.#limit) return;
    for (const waiter of this.#waiters.splice(0)) {
      if (this.#error === undefined) waiter.resolve();
      else waiter.reject(this.#error);
    }
  }
}
