/** The episodes that end in a stream, with their undiscounted returns. */
import { mergeMap, type OperatorFunction } from "rxjs";
import type { Plain, Saveable } from "../shared/plain.ts";
import { goesOn, type Transitions } from "./transitions.ts";

export interface EpisodeReturn {
  readonly env: number;
  readonly episode: number;
  /** undiscounted sum of the rewards */
  readonly return: number;
  /** steps */
  readonly length: number;
  /** false: a limit ended it */
  readonly terminated: boolean;
}

/** Running sums of the episodes under way. An episode whose beginning was not seen, or that lost steps to a fault, is not reported. */
export class ReturnCounter implements Saveable {
  readonly #open = new Map<number, { episode: number; total: number; steps: number }>();

  /** The episodes that end in `batch`, in the order of its rows. */
  count(batch: Omit<Transitions, "lag" | "settle">): EpisodeReturn[] {
    const ended: EpisodeReturn[] = [];
    for (let i = 0; i < batch.length; i++) {
      const env = batch.env[i] as number;
      const episode = batch.episode[i] as number;
      let sum = this.#open.get(env);
      if (sum === undefined || sum.episode !== episode) this.#open.set(env, (sum = { episode, total: 0, steps: 0 }));
      sum.total += batch.reward[i] as number;
      sum.steps++;
      if (goesOn(batch, i)) continue;
      const length = (batch.t[i] as number) + 1;
      if (sum.steps === length)
        ended.push({ env, episode, return: sum.total, length, terminated: batch.terminated[i] === 1 });
      this.#open.delete(env);
    }
    return ended;
  }

  save(): Plain {
    return [...this.#open].map(([env, { episode, total, steps }]) => [env, episode, total, steps]);
  }

  load(state: Plain): void {
    this.#open.clear();
    for (const [env, episode, total, steps] of state as readonly [number, number, number, number][]) {
      this.#open.set(env, { episode, total, steps });
    }
  }
}

/** One value for each episode that ends. */
export function episodeReturns(): OperatorFunction<Transitions, EpisodeReturn> {
  return (source) => {
    const counter = new ReturnCounter();
    return source.pipe(mergeMap((batch) => counter.count(batch)));
  };
}
