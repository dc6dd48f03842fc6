/** Plays whole episodes with a fixed policy and counts each of them once. */
import type { Env } from "dojang/client";
import { episodeSeed } from "dojang/env";
import { GymError } from "dojang/protocol";
import { breather } from "../streams/breathe.ts";
import { ReturnCounter } from "../streams/episode-returns.ts";
import type { Act } from "../streams/rollout.ts";
import { Stepper } from "../streams/stepper.ts";

export interface EvaluateOptions {
  /** Episodes in all, >= 1. */
  readonly episodes: number;
  /** Episode k has the seed episodeSeed(seed, 0, k), whatever the number of instances. Default: the env's own seed; where it tells none, it draws. */
  readonly seed?: number;
  /** Called after each episode. */
  readonly onEpisode?: (done: number, episodes: number) => void;
  /** Ends the evaluation between two steps. */
  readonly signal?: AbortSignal | undefined;
}

export interface Evaluation {
  readonly episodes: number;
  /** mean undiscounted return */
  readonly mean: number;
  /** of the mean: standard deviation / sqrt(episodes); 0 for a single episode */
  readonly standardError: number;
  /** [episodes] return of episode k */
  readonly returns: Float64Array;
  /** [episodes] steps of episode k */
  readonly lengths: Int32Array;
}

/**
 * Exactly `episodes` episodes. They are dealt out before the first step (instance i of n plays episodes i, i + n, ...), so that short
 * episodes are not counted more often than long ones; an instance that has played its share is stepped no further.
 * @throws {GymError} the failure of the env: an episode that failed has no return; CANCELLED when the signal is aborted
 */
export async function evaluate(env: Env, policy: Act, options: EvaluateOptions): Promise<Evaluation> {
  const { episodes, onEpisode, signal } = options;
  const { seed = env.seed } = options;
  const deal = new Deal(env.num, episodes, seed ?? 0);
  const stepper = await Stepper.start(env, {}, seed === undefined ? {} : { nextSeed: deal.nextSeed });
  const counter = new ReturnCounter();
  const returns = new Float64Array(episodes);
  const lengths = new Int32Array(episodes);
  const breathe = breather();
  let done = 0;
  deal.keepUnfinished(stepper);
  while (done < episodes) {
    if (signal?.aborted === true) throw new GymError("CANCELLED", `evaluation after ${done} of ${episodes} episodes`);
    const { action } = await policy(stepper.view);
    const batch = await stepper.step(action);
    const [fault] = batch.faults;
    if (fault) throw new GymError(fault.code, `${env.id}: evaluation stopped: ${fault.message}`);
    for (const end of counter.count(batch)) {
      const k = deal.finish(end.env);
      returns[k] = end.return;
      lengths[k] = end.length;
      done++;
      onEpisode?.(done, episodes);
    }
    deal.keepUnfinished(stepper);
    const rest = breathe();
    if (rest) await rest;
  }
  return { episodes, ...meanOf(returns), returns, lengths };
}

/** Which instance plays which episode. */
class Deal {
  readonly #num: number;
  readonly #episodes: number;
  readonly #seed: number;
  /** episodes each instance has begun, and has finished */
  readonly #begun: Uint32Array;
  readonly #finished: Uint32Array;

  constructor(num: number, episodes: number, seed: number) {
    if (!Number.isInteger(episodes) || episodes < 1) {
      throw new GymError("BAD_PARAM", "evaluate: episodes", { expected: "an integer >= 1", received: episodes });
    }
    this.#num = num;
    this.#episodes = episodes;
    this.#seed = seed;
    this.#begun = new Uint32Array(num);
    this.#finished = new Uint32Array(num);
  }

  readonly nextSeed = (instance: number): number => {
    const k = instance + this.#num * (this.#begun[instance] as number);
    this.#begun[instance] = (this.#begun[instance] as number) + 1;
    return episodeSeed(this.#seed, 0, k);
  };

  /** Books the end of an instance's episode; gives the number of that episode. */
  finish(instance: number): number {
    const round = this.#finished[instance] as number;
    this.#finished[instance] = round + 1;
    return instance + this.#num * round;
  }

  keepUnfinished(stepper: Stepper): void {
    const { env } = stepper.view;
    const left = (instance: number): boolean =>
      instance + this.#num * (this.#finished[instance] as number) < this.#episodes;
    if (env.every(left)) return;
    const rows: number[] = [];
    for (const [row, instance] of env.entries()) if (left(instance)) rows.push(row);
    stepper.keep(rows);
  }
}

function meanOf(returns: Float64Array): Pick<Evaluation, "mean" | "standardError"> {
  const n = returns.length;
  const mean = returns.reduce((sum, one) => sum + one, 0) / n;
  const squares = returns.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
  return { mean, standardError: n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n) };
}
