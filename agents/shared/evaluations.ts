/** Evaluation during training: the greedy policy on envs of its own, every so many steps, always over the same episodes. */
import type { Env } from "dojang/client";
import type { JsonValue } from "dojang/protocol";
import type { Learner } from "./agent.ts";
import { evaluate } from "./evaluate.ts";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

export interface EvaluationPoint {
  /** env steps of training before it */
  readonly step: number;
  readonly episodes: number;
  /** mean undiscounted return, and the standard error of that mean */
  readonly mean: number;
  readonly standardError: number;
}

export interface EvaluationsOptions {
  /** Stepped by nobody else: training does not notice an evaluation. */
  readonly env: Env;
  readonly learner: Learner;
  /** env steps of training between two evaluations, >= 1 */
  readonly every: number;
  readonly episodes: number;
  /** As `evaluate` takes them. */
  readonly resets?: readonly JsonValue[] | undefined;
}

export class Evaluations implements Saveable {
  readonly #options: EvaluationsOptions;
  #last: EvaluationPoint | undefined;
  #steps = 0;

  constructor(options: EvaluationsOptions) {
    this.#options = options;
  }

  get last(): EvaluationPoint | undefined {
    return this.#last;
  }

  /** env steps that evaluations took */
  get steps(): number {
    return this.#steps;
  }

  /** Is an evaluation due after `step` steps of training? One always ends a run. */
  due(step: number, done: boolean): boolean {
    const { every } = this.#options;
    const last = this.#last?.step ?? 0;
    return step > last && (done || Math.floor(step / every) > Math.floor(last / every));
  }

  /** @throws {GymError} the env's failure; CANCELLED when the signal is aborted */
  async run(step: number, signal: AbortSignal | undefined): Promise<Readonly<Record<string, number>>> {
    const { env, learner, episodes, resets } = this.#options;
    const {
      mean,
      standardError,
      lengths,
      games = [],
    } = await evaluate(env, learner.policy, { episodes, resets, signal });
    const steps = lengths.reduce((sum, length) => sum + length, 0);
    this.#steps += steps;
    this.#last = { step, episodes, mean, standardError };
    return {
      "evaluation/return": mean,
      "evaluation/standardError": standardError,
      "evaluation/length": steps / episodes,
      ...Object.fromEntries(games.map((one) => [`evaluation/game ${one.game}/return`, one.mean])),
    };
  }

  save(): Plain {
    return { steps: this.#steps, last: this.#last === undefined ? null : { ...this.#last } };
  }

  load(state: Plain): void {
    // What `save` gave; the format of the checkpoint was checked.
    const { steps, last } = fieldsOf(state) as unknown as { steps: number; last: EvaluationPoint | null };
    this.#steps = steps;
    this.#last = last ?? undefined;
  }
}
