/** At most so many tasks under way at once; the others wait in order, and give up when they are cancelled. */

export class Slots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param count tasks at once, >= 1 */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `task` when a slot is free. Where the signal aborts first, the task runs at once: it is to see that for itself and give up. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const mine = this.#free > 0 ? this.#take() : await this.#wait(signal);
    try {
      return await task();
    } finally {
      if (mine) this.#release();
    }
  }

  #take(): true {
    this.#free--;
    return true;
  }

  /** True with a slot, false when cancelled. */
  #wait(signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (mine: boolean): void => {
        this.#waiting.delete(turn);
        signal?.removeEventListener("abort", cancel);
        resolve(mine);
      };
      const turn = (): void => settle(true);
      const cancel = (): void => settle(false);
      this.#waiting.add(turn);
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  #release(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free++;
    else next();
  }
}
