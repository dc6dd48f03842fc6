/** Results that are worked out at the same time and written in order, each as soon as it can be; bounded. */

export class InOrder<T> {
  readonly #write: (item: T) => Promise<void>;
  #tail: Promise<void> = Promise.resolve();
  #freed = Promise.withResolvers<undefined>();
  #waiting = 0;
  #failed = false;

  /** @param write called once for each item, in the order of `push`, never twice at a time */
  constructor(write: (item: T) => Promise<void>) {
    this.#write = write;
  }

  /** Items that were not written yet. */
  get waiting(): number {
    return this.#waiting;
  }

  push(item: Promise<T>): void {
    this.#waiting++;
    const before = this.#tail;
    this.#tail = (async () => {
      await before;
      await this.#write(await item);
      this.#waiting--;
      this.#freed.resolve(undefined);
      this.#freed = Promise.withResolvers();
    })();
    // A failure is told by `end`, and stops all that follows.
    this.#tail.catch(() => {
      this.#failed = true;
      this.#freed.resolve(undefined);
    });
  }

  /** Settles when the next item is written. @throws what writing threw */
  async progress(): Promise<void> {
    await this.#freed.promise;
    if (this.#failed) await this.#tail;
  }

  /** Settles when everything is written. @throws what writing threw */
  async end(): Promise<void> {
    await this.#tail;
  }
}
