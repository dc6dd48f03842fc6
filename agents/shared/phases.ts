/** How long a run acts and steps its envs (rollout), and how long it learns (update): apart, and as rates of late. */
import { Observable, type MonoTypeOperatorFunction } from "rxjs";
import type { Transitions } from "../streams/transitions.ts";

type Phase = "rollout" | "update" | "other";

/** Seconds that "of late" reaches back. */
const WINDOW = 10;
/** Seconds between two notes that are kept. */
const MARK = 0.1;

/** env steps a second; a rate is absent where no time was spent on it of late */
export interface Rates {
  /** over all that a run does */
  readonly rate: number;
  readonly rolloutRate?: number;
  readonly updateRate?: number;
}

interface Mark {
  readonly at: number;
  readonly steps: number;
  readonly rollout: number;
  readonly update: number;
}

export class Phases {
  #phase: Phase = "other";
  #since = performance.now();
  #holds = 0;
  readonly #seconds = { rollout: 0, update: 0, other: 0 };
  #marks: Mark[] = [{ at: performance.now() / 1_000, steps: 0, rollout: 0, update: 0 }];

  /** @param steps env steps done before: rates are of what follows */
  begin(steps: number): void {
    this.enter("rollout");
    this.#marks = [{ at: performance.now() / 1_000, steps, ...this.#seconds }];
  }

  /** Seconds so far. */
  get seconds(): Readonly<Record<Phase, number>> {
    this.enter(this.#phase);
    return { ...this.#seconds };
  }

  /** Everything from now on belongs to `phase`. */
  enter(phase: Phase): void {
    const now = performance.now();
    this.#seconds[this.#phase] += (now - this.#since) / 1_000;
    this.#since = now;
    this.#phase = phase;
  }

  /** Stands right before the learner: from a batch to the end of its work, settled work included, it is the update. */
  readonly watch: MonoTypeOperatorFunction<Transitions> = (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (batch) => {
          this.enter("update");
          this.#holds++;
          subscriber.next({ ...batch, settle: (work) => this.#hold(batch, work) });
          this.#release();
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );

  /** Notes that `steps` env steps are done by now; gives the rates since the oldest note of the last seconds. */
  rates(steps: number): Rates {
    const { rollout, update } = this.seconds;
    const now: Mark = { at: performance.now() / 1_000, steps, rollout, update };
    if (now.at - (this.#marks.at(-1)?.at ?? -Infinity) >= MARK) {
      const old = this.#marks.findLastIndex(({ at }) => at <= now.at - WINDOW);
      this.#marks = [...this.#marks.slice(Math.max(0, old)), now];
    }
    return ratesBetween(this.#marks[0] as Mark, now);
  }

  #hold(batch: Transitions, work: Promise<unknown>): void {
    this.#holds++;
    const release = (): void => this.#release();
    work.then(release, release);
    batch.settle(work);
  }

  #release(): void {
    if (--this.#holds === 0) this.enter("rollout");
  }
}

function ratesBetween(first: Mark, now: Mark): Rates {
  const steps = now.steps - first.steps;
  const [rollout, update] = [now.rollout - first.rollout, now.update - first.update];
  return {
    rate: steps / Math.max(1e-9, now.at - first.at),
    ...(rollout > 0 && { rolloutRate: steps / rollout }),
    ...(update > 0 && { updateRate: steps / update }),
  };
}
