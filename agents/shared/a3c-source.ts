/** The transitions of actors in other processes as one stream, each batch with the gradient that its actor computed. */
import type { Env } from "dojang/client";
import { Observable, type Subscriber } from "rxjs";
import type { Columned } from "../streams/columns-of.ts";
import type { Pauses } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import { Actors, type ActorBorn } from "./a3c-actors.ts";
import type { ActorHome, ActorStart, Push } from "./a3c-messages.ts";
import type { Pushed, Shared, Versioned } from "./a3c-shared.ts";
import { seedFor } from "./rng.ts";
import type { TrainSettings } from "./train-settings.ts";

export interface FromActorsOptions {
  /** What the actors' envs are like; it is not stepped. */
  readonly env: Env;
  readonly shared: Shared;
  readonly settings: TrainSettings;
  /** env steps done before */
  readonly done: number;
  readonly pauses: Pauses;
  /** Where actors make their envs. Default: in their own process, of the built-in plugins. */
  readonly home?: ActorHome | undefined;
  readonly onActor?: ((actor: ActorBorn) => void) | undefined;
}

interface Waiting {
  readonly message: Push;
  readonly index: number;
  readonly answer: (weights: Versioned) => void;
}

/**
 * Ends after `settings.steps` env steps (the last batch may go over). Each actor has at most one batch here and waits for the weights
 * that its gradient led to. Actors are started by the subscription and end with it. Errors: those of the actors' envs.
 */
export function fromActors(options: FromActorsOptions): Observable<Transitions> {
  const { config, num } = options.settings;
  // Every agent that is shared has it, and was asked whether it divides `num`.
  const each = num / (config["actors"] as number);
  return new Observable((subscriber) => {
    const inbox = new Inbox(options, each, subscriber);
    inbox.open();
    return () => {
      inbox.close();
    };
  });
}

/** Handles one batch at a time, and none while the run pauses. */
class Inbox {
  readonly #options: FromActorsOptions;
  readonly #subscriber: Subscriber<Transitions>;
  readonly #each: number;
  readonly #actors: Actors;
  readonly #waiting: Waiting[] = [];
  #busy = false;
  #done: number;

  constructor(options: FromActorsOptions, each: number, subscriber: Subscriber<Transitions>) {
    this.#options = options;
    this.#subscriber = subscriber;
    this.#each = each;
    this.#done = options.done;
    this.#actors = new Actors({
      count: options.settings.num / each,
      start: (index, generation) => this.#startOf(index, generation),
      push: (message, index, answer) => {
        this.#waiting.push({ message, index, answer });
        void this.#work();
      },
      fail: (error) => {
        subscriber.error(error);
      },
      onActor: options.onActor,
    });
  }

  open(): void {
    this.#actors.start();
    // A run may be at its end before the first step.
    void this.#work();
  }

  close(): void {
    this.#actors.stop();
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.#pause();
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const batch = this.#batchOf(next);
        this.#done += batch.length;
        this.#subscriber.next(batch);
        await this.#pause();
        next.answer(this.#options.shared.weights());
      }
    } catch (error) {
      this.#subscriber.error(error);
    } finally {
      this.#busy = false;
    }
    if (this.#isOver()) this.#subscriber.complete();
  }

  #next(): Waiting | undefined {
    return this.#isOver() ? undefined : this.#waiting.shift();
  }

  #isOver(): boolean {
    return this.#subscriber.closed || this.#done >= this.#options.settings.steps;
  }

  async #pause(): Promise<void> {
    const { pauses } = this.#options;
    if (!this.#subscriber.closed && pauses.due(this.#done, this.#isOver())) await pauses.pause(undefined, this.#done);
  }

  #batchOf({ message: { version, slope, columns, faults }, index }: Waiting): Pushed {
    const { env, shared } = this.#options;
    // What the actor's own columnsOf gave, for the same spaces.
    const own = columns as unknown as Columned;
    return {
      ...own,
      env: own.env.map((instance) => instance + index * this.#each),
      spaces: env.spaces,
      source: "live",
      lag: shared.version() - version,
      faults,
      settle: () => undefined,
      slope,
      replaced: this.#actors.replaced,
    };
  }

  #startOf(index: number, generation: number): ActorStart {
    const { env, settings, home = {}, shared } = this.#options;
    const { agent, seed, maxSteps, config, params } = settings;
    return {
      ...{ agent, env: settings.env, envVersion: env.version, num: this.#each, config, params, home },
      // Another process, other episodes: what its predecessor had begun is lost, and not played again.
      seed: seedFor(seed, `actor/${index}/${generation}/${this.#done}`),
      ...(maxSteps !== undefined && { maxSteps }),
      ...shared.weights(),
    };
  }
}
