/** Keeps count of a training run: episodes, returns, learner metrics; gives a line for metrics.jsonl every so many steps. */
import { Means } from "../streams/metrics-to.ts";
import { ReturnCounter } from "../streams/episode-returns.ts";
import type { Transitions } from "../streams/transitions.ts";
import { gameOfRow, gamesIn } from "./games.ts";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

/** Episodes whose mean is the "return" of progress reports. */
const RECENT = 100;

export class Monitor implements Saveable {
  #counter = new ReturnCounter();
  /** of the episodes and the learner's numbers since the last line */
  readonly #means = new Means();
  #recent: number[] = [];
  #steps = 0;
  #episodes = 0;
  #faults = 0;
  #lastLine = 0;

  get steps(): number {
    return this.#steps;
  }
  get episodes(): number {
    return this.#episodes;
  }

  /** Mean return of the last 100 episodes; undefined before the first. */
  get recentReturn(): number | undefined {
    return this.#recent.length === 0
      ? undefined
      : this.#recent.reduce((sum, one) => sum + one, 0) / this.#recent.length;
  }

  /** Are the last 100 episodes as many? */
  get isFull(): boolean {
    return this.#recent.length === RECENT;
  }

  see(batch: Transitions): void {
    this.#steps += batch.length;
    this.#faults += batch.faults.length;
    const { observation } = batch.spaces;
    const game = gamesIn(observation) > 1 ? gameOfRow(observation, batch.obs) : undefined;
    for (const { env, return: total, length } of this.#counter.count(batch)) {
      this.#episodes++;
      // What another one earned says nothing about this learner.
      if (batch.source === "recording") continue;
      this.#means.add({ return: total, length });
      if (game) this.#means.add({ [`game ${game(batch.env.indexOf(env))}/return`]: total });
      if (this.#recent.push(total) > RECENT) this.#recent.shift();
    }
    if (batch.source === "recording") return;
    let reward = 0;
    for (const one of batch.reward) reward += one;
    this.#means.add({ reward: reward / batch.length });
    for (const name in batch.parts) this.#addPart(name, batch.parts[name] as Float64Array);
  }

  #addPart(name: string, column: Float64Array): void {
    for (const value of column) if (!Number.isNaN(value)) this.#means.add({ [`rewards/${name}`]: value });
  }

  learnt(metrics: Readonly<Record<string, number>>): void {
    this.#means.add(metrics);
  }

  /** The next line when `every` steps have passed since the last one. Names without a value in that time are left out. */
  line(every: number): Record<string, number> | undefined {
    if (this.#steps - this.#lastLine < every) return undefined;
    this.#lastLine = this.#steps;
    return { step: this.#steps, episodes: this.#episodes, faults: this.#faults, ...this.#means.take() };
  }

  /** Episodes under way are not counted: their instances begin anew. */
  forgetUnfinished(): void {
    this.#counter = new ReturnCounter();
  }

  save(): Plain {
    return {
      counter: this.#counter.save(),
      means: this.#means.save(),
      recent: Float64Array.from(this.#recent),
      counts: [this.#steps, this.#episodes, this.#faults, this.#lastLine],
    };
  }

  load(state: Plain): void {
    const { counter, means, recent, counts } = fieldsOf(state);
    this.#counter.load(counter as Plain);
    this.#means.load(means as ReturnType<Means["save"]>);
    this.#recent = Array.from(recent as Float64Array);
    [this.#steps, this.#episodes, this.#faults, this.#lastLine] = counts as readonly [number, number, number, number];
  }
}
