/** Which emitted batches the learner has not settled yet. Keeps a pull-driven source from running ahead. */

export class Ledger {
  #unsettled = 0;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Batches in use. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** The `settle` of one batch: may be called several times, while the batch is delivered or later. */
  entry(): (work: Promise<unknown>) => void {
    let holds = 0;
    const release = (): void => {
      if (--holds > 0) return;
      this.#unsettled--;
      this.#wake?.();
    };
    return (work) => {
      if (holds++ === 0) this.#unsettled++;
      work.then(release, (error: unknown) => {
        this.#failure ??= { error };
        release();
      });
    };
  }

  /** Resolves once at most `most` batches are in use, or `isOver` says that nobody waits any more. Rejects with a learner's failure. */
  async atMost(most: number, isOver: () => boolean): Promise<void> {
    while (this.#unsettled > most && this.#failure === undefined && !isOver()) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Makes a waiting `atMost` look again. */
  wake(): void {
    this.#wake?.();
  }
}
