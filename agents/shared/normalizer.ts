/** Running normalisation of observations and rewards: part of checkpoints, moved by learning alone, and so frozen in evaluation. */
import { flag } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import type { Features } from "../nets/features.ts";
import { goesOn, type Transitions } from "../streams/transitions.ts";
import { gameOfRow, gamesIn } from "./games.ts";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";
import { RunningMoments } from "./running-moments.ts";

/** Hyperparameters of learners that can normalise what they learn from. */
export const NORMALIZE = {
  normalizeObservations: flag(false, { doc: "observations less their running mean, over their deviation" }),
  normalizeRewards: flag(false, {
    doc: "rewards over the running deviation of the discounted return, of each game by itself",
  }),
};

/** Normalised observations are cut to -10 .. 10, rewards too. */
const LIMIT = 10;
/** Added to variances. */
const EPSILON = 1e-8;

const cut = (value: number): number => Math.min(LIMIT, Math.max(-LIMIT, value));

/** Features whose `write` normalises with what `see` has seen. */
export interface NormalizedFeatures extends Features, Saveable {
  /**
   * Takes the observations of a batch into mean and variance. Call it where learning is done with them, not where actions are chosen:
   * between two calls an observation has one normalised form, so log-probabilities from acting and from learning are of the same numbers.
   */
  see(batch: BatchOf<Space>, rows: number): void;
}

/** Wraps features; with `on` false they stay as they are and `see` does nothing. Before the first `see`, too, nothing is changed. */
export function normalizedFeatures(features: Features, on: boolean): NormalizedFeatures {
  if (!on) return { ...features, see: () => undefined, save: () => null, load: () => undefined };
  const { size } = features;
  const moments = new RunningMoments(size);
  return {
    ...features,
    write(batch, rows, out, from = 0) {
      features.write(batch, rows, out, from);
      if (moments.count === 0) return;
      const { mean } = moments;
      const scale = moments.variance.map((variance) => 1 / Math.sqrt(variance + EPSILON));
      for (let row = from; row < from + rows; row++)
        for (let k = 0, at = row * size; k < size; k++, at++)
          out[at] = cut(((out[at] as number) - (mean[k] as number)) * (scale[k] as number));
    },
    see(batch, rows) {
      const raw = new Float32Array(rows * size);
      features.write(batch, rows, raw);
      moments.see(raw, rows);
    },
    save: () => moments.save(),
    load: (state) => {
      moments.load(state);
    },
  };
}

/**
 * Divides rewards by the deviation of the discounted return (Engstrom et al., 2020). Their sign stays: no mean is taken away. Each game of an env that is
 * several has a deviation of its own, or the game with the largest returns would be all that the critic learns (Hessel et al., 2019, PopArt).
 */
export class RewardScale implements Saveable {
  readonly #gamma: number;
  readonly #on: boolean;
  /** Of R <- gamma R + r, by game, for all its instances together. */
  readonly #moments: readonly RunningMoments[];
  /** R of the episodes under way, by instance. */
  readonly #returns = new Map<number, number>();

  /** @param on false: rewards stay as they are */
  constructor(gamma: number, on: boolean, observation: Space) {
    this.#gamma = gamma;
    this.#on = on;
    this.#moments = Array.from({ length: gamesIn(observation) }, () => new RunningMoments(1));
  }

  /** Takes the rewards of a batch in; rows of each instance in order of time. */
  see(batch: Transitions): void {
    if (!this.#on) return;
    const game = gameOfRow(batch.spaces.observation, batch.obs);
    const seen = this.#moments.map((): number[] => []);
    for (let i = 0; i < batch.length; i++) {
      const env = batch.env[i] as number;
      const before = batch.first[i] === 1 ? 0 : (this.#returns.get(env) ?? 0);
      const now = this.#gamma * before + (batch.reward[i] as number);
      seen[game(i)]?.push(now);
      if (goesOn(batch, i)) this.#returns.set(env, now);
      else this.#returns.delete(env);
    }
    for (const [g, moments] of this.#moments.entries()) moments.see(seen[g] ?? [], seen[g]?.length ?? 0);
  }

  /** [B] the rewards over the deviation of what was seen so far; a copy. */
  apply({ reward, obs, spaces }: Pick<Transitions, "reward" | "obs" | "spaces">): Float64Array {
    if (!this.#on) return reward;
    const game = gameOfRow(spaces.observation, obs);
    const scales = this.#moments.map(({ count, variance }) => count === 0 ? 1 : 1 / Math.sqrt((variance[0] as number) + EPSILON)); // prettier-ignore
    return reward.map((r, i) => cut(r * (scales[game(i)] as number)));
  }

  /** `see`, then the batch with its rewards scaled: for learners that learn from each batch once. */
  scaled(batch: Transitions): Transitions {
    if (!this.#on) return batch;
    this.see(batch);
    return { ...batch, reward: this.apply(batch) };
  }

  save(): Plain {
    return {
      moments: this.#moments.map((one) => one.save()),
      returns: [...this.#returns].map(([env, sum]) => [env, sum]),
    };
  }

  load(state: Plain): void {
    const { moments, returns } = fieldsOf(state);
    (moments as readonly Plain[]).forEach((one, g) => this.#moments[g]?.load(one));
    this.#returns.clear();
    for (const [env, sum] of returns as readonly [number, number][]) this.#returns.set(env, sum);
  }
}
