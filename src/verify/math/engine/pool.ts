/** The engine tier from outside: a bounded queue before a few warm workers, and an answer for each job within the limit. */
import { textGuard } from "./guards.ts";
import type { Judgement } from "./judge.ts";
import { Slot, type Outcome, type SlotOptions } from "./slot.ts";

export interface EngineOptions extends SlotOptions {
  /** Worker threads, 1..64; each takes about 120 MB. */
  readonly workers: number;
  /** Milliseconds from submission to the answer. The engine computes for half of them at most, and waits for the rest. */
  readonly limitMs: number;
  /** Jobs that may wait. */
  readonly queue: number;
}

export interface EngineResult extends Omit<Judgement, "trouble"> {
  /** `timeout`: the answer took all of its time or memory. `unavailable`: no worker got to it; asking again may help. */
  readonly trouble?: Judgement["trouble"] | "timeout" | "unavailable";
  readonly detail?: string;
}

/** A job gets this share of the limit to compute, and is not begun with less than half of that. */
const COMPUTE_SHARE = 1 / 2;

/** Workers that fail to start before waiting jobs are given up. */
const MAX_FAILURES = 3;

interface Waiting {
  readonly id: number;
  readonly gold: string;
  readonly answer: string;
  readonly done: (result: EngineResult) => void;
  crashed: boolean;
  /** Milliseconds of the clock; Infinity before the first worker was ready. */
  deadline: number;
  expiry?: NodeJS.Timeout;
}

export class EnginePool {
  readonly #options: EngineOptions;
  readonly #slots: readonly Slot[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Set<Waiting>();
  readonly #firstReady = Promise.withResolvers<undefined>();
  #nextId = 1;
  #failures = 0;
  #wasReady = false;
  #closed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    const events = { idle: () => this.#onIdle(), failed: (slot: Slot, reason: string) => this.#onFailed(slot, reason) };
    this.#slots = Array.from({ length: options.workers }, () => new Slot(events, options));
    for (const slot of this.#slots) slot.start();
  }

  /** Jobs that wait or run. */
  get pending(): number {
    return this.#queue.length + this.#running.size;
  }

  /** Settles when a worker can take a job, or none could be started. */
  ready(): Promise<undefined> {
    return this.#firstReady.promise;
  }

  /** Compares two answers. Never rejects. */
  judge(gold: string, answer: string): Promise<EngineResult> {
    if (textGuard(gold) !== undefined) return settled("bad-gold", "engine-guard", textGuard(gold));
    const reason = textGuard(answer);
    if (reason !== undefined) return settled("too-large", "engine-guard", reason);
    if (this.#closed) return settled("unavailable", "engine", "the verifier is closed");
    if (this.#queue.length >= this.#options.queue) return settled("unavailable", "engine", `${this.#options.queue} jobs wait (queue)`); // prettier-ignore
    const { promise, resolve } = Promise.withResolvers<EngineResult>();
    const job: Waiting = { id: this.#nextId++, gold, answer, done: resolve, crashed: false, deadline: Infinity };
    this.#queue.push(job);
    if (this.#wasReady) this.#startClock(job);
    // Slots whose start failed are tried again: what was in their way may have gone.
    for (const slot of this.#slots) slot.start();
    this.#dispatch();
    return promise;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#giveUp("the verifier is closed");
    for (const job of this.#running) finish(job, "unavailable", "the verifier is closed");
    this.#running.clear();
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  #startClock(job: Waiting): void {
    const { limitMs } = this.#options;
    job.deadline = performance.now() + limitMs;
    job.expiry = setTimeout(
      () => {
        remove(this.#queue, job);
        finish(job, "unavailable", "no worker was free in time");
      },
      limitMs * (1 - COMPUTE_SHARE / 2),
    );
  }

  #onIdle(): void {
    this.#failures = 0;
    if (!this.#wasReady) {
      this.#wasReady = true;
      this.#firstReady.resolve(undefined);
      for (const job of this.#queue) this.#startClock(job);
    }
    this.#dispatch();
  }

  #onFailed(slot: Slot, reason: string): void {
    if (this.#closed) return;
    if (++this.#failures < MAX_FAILURES) return slot.start();
    this.#failures = 0;
    this.#firstReady.resolve(undefined);
    this.#giveUp(`no worker starts: ${reason}`);
  }

  #giveUp(reason: string): void {
    for (const job of this.#queue.splice(0)) finish(job, "unavailable", reason);
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (!slot.idle) continue;
      const job = this.#queue.shift();
      if (job === undefined) return;
      clearTimeout(job.expiry);
      this.#running.add(job);
      void this.#run(slot, job);
    }
  }

  async #run(slot: Slot, job: Waiting): Promise<void> {
    const budget = Math.min(this.#options.limitMs * COMPUTE_SHARE, job.deadline - performance.now());
    const { id, gold, answer } = job;
    const outcome = await slot.run({ id, gold, answer }, Math.max(1, budget));
    if (!this.#running.delete(job)) return; // closed meanwhile
    if ("judgement" in outcome) job.done(outcome.judgement);
    else this.#onFailure(job, outcome);
    this.#dispatch();
  }

  /** A first crash may be anybody's: the job is tried again, alone, in a fresh worker. The second is its own. */
  #onFailure(job: Waiting, { failed, at }: Extract<Outcome, { failed: unknown }>): void {
    if (failed === "crash" && !job.crashed) {
      job.crashed = true;
      this.#queue.unshift(job);
      const left = job.deadline - performance.now() - (this.#options.limitMs * COMPUTE_SHARE) / 2;
      job.expiry = setTimeout(() => {
        remove(this.#queue, job);
        finish(job, "unavailable", "a worker ended, and none was free in time for a second try");
      }, Math.max(0, left)); // prettier-ignore
      return;
    }
    if (failed === "starved") return finish(job, "unavailable", "the machine was too busy to let the engine compute");
    const detail = failed === "crash" ? "ended two workers" : `not done after ${this.#options.limitMs * COMPUTE_SHARE} ms`; // prettier-ignore
    if (at === "gold") finish(job, "bad-gold", `the gold answer: ${detail}`, `engine-${failed}`);
    else finish(job, "timeout", detail, `engine-${failed}`);
  }
}

function finish(job: Waiting, trouble: NonNullable<EngineResult["trouble"]>, detail: string, rule = "engine"): void {
  clearTimeout(job.expiry);
  job.done({ equal: null, rule, trouble, detail });
}

const settled = (trouble: EngineResult["trouble"] & string, rule: string, detail = ""): Promise<EngineResult> =>
  Promise.resolve({ equal: null, rule, trouble, detail });

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
