/** On-policy learners need the action taken at the successor: holds each transition until the next one of its instance tells. */
import type { Plain, Saveable } from "./plain.ts";
import type { Row } from "./tabular.ts";

/** Learns from (s, a, r, s', a'); a' is undefined where no action follows (the episode ended). Gives the TD error. */
export type UpdateWithNext = (row: Readonly<Row>, nextAction: number | undefined) => number;

export class NextAction implements Saveable {
  readonly #update: UpdateWithNext;
  /** The last transition of each instance whose episode goes on. */
  readonly #held = new Map<number, Row>();

  constructor(update: UpdateWithNext) {
    this.#update = update;
  }

  /** Learns from what this row completes: its predecessor, and itself if its episode ends here. Gives the sum of their TD errors, without signs. */
  readonly feed = (row: Row): number => {
    const held = this.#held.get(row.env);
    let error = 0;
    // After a lost step the action at the successor is not known: such a transition is dropped.
    if (held !== undefined && !row.first && held.episode === row.episode && held.t + 1 === row.t) {
      error += Math.abs(this.#update(held, row.a));
    }
    if (row.terminated || row.truncated) {
      this.#held.delete(row.env);
      return error + Math.abs(this.#update(row, undefined));
    }
    this.#held.set(row.env, { ...row, nextLegal: row.nextLegal?.slice() });
    return error;
  };

  save(): Plain {
    return [...this.#held.values()].map((row) => ({ ...row, nextLegal: row.nextLegal ?? null }));
  }

  load(state: Plain): void {
    this.#held.clear();
    for (const saved of state as unknown as readonly (Omit<Row, "nextLegal"> & { nextLegal: Uint8Array | null })[]) {
      this.#held.set(saved.env, { ...saved, nextLegal: saved.nextLegal ?? undefined });
    }
  }
}
