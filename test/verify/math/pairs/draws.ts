/** Seeded draws for the generators: the same seed gives the same pairs on every machine. */
import { Rng } from "dojang/env";

export class Draws {
  readonly #rng: Rng;

  constructor(seed: number) {
    this.#rng = new Rng(seed);
  }

  /** An integer in low..high, both included. */
  int(low: number, high: number): number {
    return low + this.#rng.int(high - low + 1);
  }

  /** An integer in low..high that is not 0. */
  nonZero(low: number, high: number): number {
    for (;;) {
      const drawn = this.int(low, high);
      if (drawn !== 0) return drawn;
    }
  }

  chance(one: number, of: number): boolean {
    return this.int(1, of) <= one;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.int(0, from.length - 1)];
    if (found === undefined) throw new Error("pick: expected something to pick from, got nothing");
    return found;
  }

  /** A shuffled copy. */
  shuffle<T>(from: readonly T[]): T[] {
    return this.#rng.shuffle([...from]);
  }
}
