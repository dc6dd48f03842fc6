/** Plays whole episodes with a fixed policy and counts each of them once. */
import type { Env } from "dojang/client";
import { episodeSeed } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { breather } from "../streams/breathe.ts";
import { ReturnCounter } from "../streams/episode-returns.ts";
import type { Act } from "../streams/rollout.ts";
import { Stepper, type NextEpisode } from "../streams/stepper.ts";
import { gameOfRow, gamesIn } from "./games.ts";
import { optionsAt } from "./resets.ts";

export interface EvaluateOptions {
  /** Episodes in all, >= 1. */
  readonly episodes: number;
  /** Episode k has the seed episodeSeed(seed, 0, k), whatever the number of instances. Default: the env's own seed; where it tells none, it draws. */
  readonly seed?: number;
  /** Episode k is reset with the options of entry k, counted round and round. Absent: none. */
  readonly resets?: readonly JsonValue[] | undefined;
  /** Called after each episode. */
  readonly onEpisode?: (done: number, episodes: number) => void;
  /** Ends the evaluation between two steps. */
  readonly signal?: AbortSignal | undefined;
}

interface GameScore {
  /** from 0 */
  readonly game: number;
  readonly episodes: number;
  readonly mean: number;
  readonly standardError: number;
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
  /** Each game by itself, those that were played; where observations are records with a discrete field `game` of several values. */
  readonly games?: readonly GameScore[];
}

/**
 * Exactly `episodes` episodes. They are dealt out before the first step (instance i of n plays episodes i, i + n, ...), so that short
 * episodes are not counted more often than long ones; an instance that has played its share is stepped no further.
 * @throws {GymError} the failure of the env: an episode that failed has no return; CANCELLED when the signal is aborted
 */
export async function evaluate(env: Env, policy: Act, options: EvaluateOptions): Promise<Evaluation> {
  const { episodes, onEpisode, signal } = options;
  const { seed = env.seed, resets = [] } = options;
  const deal = new Deal(env.num, episodes, seed, resets);
  const stepper = await Stepper.start(env, {}, seed === undefined && resets.length === 0 ? {} : { next: deal.next });
  const counter = new ReturnCounter();
  const returns = new Float64Array(episodes);
  const lengths = new Int32Array(episodes);
  const gameOf = new Int32Array(episodes);
  const breathe = breather();
  let done = 0;
  deal.keepUnfinished(stepper);
  while (done < episodes) {
    if (signal?.aborted === true) throw new GymError("CANCELLED", `evaluation after ${done} of ${episodes} episodes`);
    const { action } = await policy(stepper.view);
    const batch = await stepper.step(action);
    const [fault] = batch.faults;
    if (fault) throw new GymError(fault.code, `${env.id}: evaluation stopped: ${fault.message}`);
    const game = gameOfRow(env.spaces.observation, batch.obs);
    for (const end of counter.count(batch)) {
      const k = deal.finish(end.env);
      gameOf[k] = game(batch.env.indexOf(end.env));
      returns[k] = end.return;
      lengths[k] = end.length;
      done++;
      onEpisode?.(done, episodes);
    }
    deal.keepUnfinished(stepper);
    const rest = breathe();
    if (rest) await rest;
  }
  const games = gamesIn(env.spaces.observation);
  return {
    episodes,
    ...meanOf(returns),
    returns,
    lengths,
    ...(games > 1 && { games: byGame(returns, gameOf, games) }),
  };
}

function byGame(returns: Float64Array, gameOf: Int32Array, games: number): GameScore[] {
  return Array.from({ length: games }, (_, game) => game).flatMap((game) => {
    const own = returns.filter((_, k) => gameOf[k] === game);
    return own.length === 0 ? [] : [{ game, episodes: own.length, ...meanOf(own) }];
  });
}

/** Which instance plays which episode. */
class Deal {
  readonly #num: number;
  readonly #episodes: number;
  readonly #seed: number | undefined;
  readonly #resets: readonly JsonValue[];
  /** episodes each instance has begun, and has finished */
  readonly #begun: Uint32Array;
  readonly #finished: Uint32Array;

  constructor(num: number, episodes: number, seed: number | undefined, resets: readonly JsonValue[]) {
    if (!Number.isInteger(episodes) || episodes < 1) {
      throw new GymError("BAD_PARAM", "evaluate: episodes", { expected: "an integer >= 1", received: episodes });
    }
    this.#num = num;
    this.#episodes = episodes;
    this.#seed = seed;
    this.#resets = resets;
    this.#begun = new Uint32Array(num);
    this.#finished = new Uint32Array(num);
  }

  readonly next = (instance: number): NextEpisode => {
    const k = instance + this.#num * (this.#begun[instance] as number);
    this.#begun[instance] = (this.#begun[instance] as number) + 1;
    return {
      ...(this.#seed !== undefined && { seed: episodeSeed(this.#seed, 0, k) }),
      ...(this.#resets.length > 0 && optionsAt(this.#resets, k)),
    };
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
