/** What a run is after: the best score so far, and the score at which it may stop. */
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

/** Which score counts: the mean return of the last 100 episodes of training, or that of an evaluation. */
export const SCORES = ["training", "evaluation"] as const;
export type ScoreOf = (typeof SCORES)[number];

export interface Best {
  /** env steps of training before it */
  readonly step: number;
  readonly mean: number;
}

export interface GoalOptions {
  readonly of: ScoreOf;
  /** Mean return to reach. Absent: the run ends with its steps. */
  readonly target?: number | undefined;
}

export class Goal implements Saveable {
  readonly of: ScoreOf;
  readonly target: number | undefined;
  #best: Best | undefined;
  #latest: Best | undefined;

  constructor({ of, target }: GoalOptions) {
    this.of = of;
    this.target = target;
  }

  get best(): Best | undefined {
    return this.#best;
  }

  /** The step at which the target was reached; undefined while it is not. */
  get reachedAt(): number | undefined {
    const { target } = this;
    return target !== undefined && this.#latest !== undefined && this.#latest.mean >= target
      ? this.#latest.step
      : undefined;
  }

  /** Notes a score. @returns whether it is better than all before */
  offer(score: Best): boolean {
    this.#latest = score;
    if (this.#best !== undefined && score.mean <= this.#best.mean) return false;
    this.#best = score;
    return true;
  }

  save(): Plain {
    return {
      best: this.#best === undefined ? null : { ...this.#best },
      latest: this.#latest === undefined ? null : { ...this.#latest },
    };
  }

  load(state: Plain): void {
    // What `save` gave; the format of the checkpoint was checked.
    const { best, latest } = fieldsOf(state) as unknown as { best: Best | null; latest: Best | null };
    this.#best = best ?? undefined;
    this.#latest = latest ?? undefined;
  }
}
