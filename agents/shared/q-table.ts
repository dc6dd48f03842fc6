/** A table of action values Q(s, a) with visit counts, and what learners ask of it. */
import { GymError } from "dojang/protocol";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";
import { stepSize } from "./schedule.ts";

/** Flags of the legal actions in one state; absent: all are legal. */
export type Legal = Uint8Array | undefined;

export interface QTableOptions {
  /** For error messages: "q-learning: table q". */
  readonly name: string;
  readonly states: number;
  readonly actions: number;
  /** Every entry before learning. */
  readonly initial: number;
  /** step size at the first visit, in (0, 1] */
  readonly alpha: number;
  /** see `stepSize` */
  readonly alphaDecay: number;
}

export class QTable implements Saveable {
  readonly actions: number;
  readonly #options: QTableOptions;
  #values: Float64Array;
  #visits: Float64Array;

  constructor(options: QTableOptions) {
    this.#options = options;
    this.actions = options.actions;
    const entries = options.states * options.actions;
    this.#values = new Float64Array(entries).fill(options.initial);
    this.#visits = new Float64Array(entries);
  }

  /** Q(s, a) */
  at(s: number, a: number): number {
    return this.#values[s * this.actions + a] as number;
  }

  /** into[a] += Q(s, a) for every action */
  addTo(s: number, into: Float64Array): void {
    const from = s * this.actions;
    for (let a = 0; a < this.actions; a++) into[a] = (into[a] as number) + (this.#values[from + a] as number);
  }

  /** max over the legal actions of Q(s, a) */
  max(s: number, legal?: Legal): number {
    return this.at(s, this.argmax(s, legal));
  }

  /** The legal action with the greatest value; the lowest of equals. -1 where nothing is legal. */
  argmax(s: number, legal?: Legal): number {
    const from = s * this.actions;
    let best = -1;
    for (let a = 0; a < this.actions; a++) {
      if (legal !== undefined && legal[a] === 0) continue;
      if (best < 0 || (this.#values[from + a] as number) > (this.#values[from + best] as number)) best = a;
    }
    return best;
  }

  /** sum over a of pi(a|s) Q(s, a) for the epsilon-greedy policy pi. How ties are broken does not matter to it. */
  expected(s: number, epsilon: number, legal?: Legal): number {
    let sum = 0;
    let count = 0;
    for (let a = 0; a < this.actions; a++) {
      if (legal !== undefined && legal[a] === 0) continue;
      sum += this.at(s, a);
      count++;
    }
    return (epsilon * sum) / count + (1 - epsilon) * this.max(s, legal);
  }

  /** Q(s, a) += alpha [target - Q(s, a)]; gives the error before the step. @throws {GymError} NOT_A_NUMBER */
  nudge(s: number, a: number, target: number): number {
    const error = target - this.at(s, a);
    this.shift(s, a, this.visit(s, a) * error);
    return error;
  }

  /** Counts a visit and gives its step size. */
  visit(s: number, a: number): number {
    const entry = s * this.actions + a;
    const visits = this.#visits[entry] as number;
    this.#visits[entry] = visits + 1;
    return stepSize(this.#options.alpha, this.#options.alphaDecay, visits);
  }

  /** Q(s, a) += by. @throws {GymError} NOT_A_NUMBER, with the table, the state and the action, before the entry is changed */
  shift(s: number, a: number, by: number): void {
    const entry = s * this.actions + a;
    const value = (this.#values[entry] as number) + by;
    if (!Number.isFinite(value)) {
      throw new GymError("NOT_A_NUMBER", `${this.#options.name}, state ${s}, action ${a}`, {
        expected: "a finite value",
        received: value,
        hint: "Look at the rewards, or lower alpha. The last checkpoint is as it was.",
      });
    }
    this.#values[entry] = value;
  }

  save(): Plain {
    return { values: this.#values.slice(), visits: this.#visits.slice() };
  }

  load(state: Plain): void {
    const { values, visits } = fieldsOf(state) as { values: Float64Array; visits: Float64Array };
    if (values.length !== this.#values.length) {
      throw new GymError("BAD_RUN", this.#options.name, {
        expected: `${this.#values.length} entries`,
        received: values.length,
      });
    }
    this.#values = values.slice();
    this.#visits = visits.slice();
  }
}
