/** One worker thread with an engine: started, given a job at a time, killed when a job outstays its time, and started again. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Judgement } from "./judge.ts";
import { makeShared, sharedIn, STAGE, type Job, type News } from "./news.ts";
import { processorTimeOf } from "./processor-time.ts";

const WORKER = new URL(`./math-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * What one worker may take. What exceeds it bit by bit ends the worker; a single allocation of more than 16 MB beyond the
 * limit would end the whole process (measured), so the limit is more than anything reaches before its time is over.
 */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 };

/** Milliseconds from the start of a worker to its being ready. */
const START_MS = 15_000;

/** Jobs after which a worker is replaced: the engine never forgets a name that it has read. */
const JOBS_PER_WORKER = 2_000;

/** How a job ended. `gold`: the gold answer was still being read. `starved`: the machine was too busy to let it compute. */
export type Outcome =
  | { readonly judgement: Judgement }
  | { readonly failed: "timeout" | "starved" | "crash"; readonly at: "gold" | "answer" };

interface Running {
  readonly id: number;
  readonly timer: NodeJS.Timeout;
  readonly done: (outcome: Outcome) => void;
}

/** What the pool is told. */
export interface SlotEvents {
  /** It can take a job. */
  idle(slot: Slot): void;
  /** A worker ended before it was ready. */
  failed(slot: Slot, reason: string): void;
}

export interface SlotOptions {
  /** The worker's module. Default: the engine's. */
  readonly worker?: URL;
  /** A job whose time is over but that computed for less than this share of it was held up by others. Default 0.5. */
  readonly starvedShare?: number;
}

const STARVED_SHARE = 0.5;

export class Slot {
  readonly #events: SlotEvents;
  readonly #buffer = makeShared();
  readonly #shared = sharedIn(this.#buffer);
  #worker: Worker | undefined;
  #ready = false;
  #starting: NodeJS.Timeout | undefined;
  #running: Running | undefined;
  #jobs = 0;
  readonly #file: URL;
  readonly #starvedShare: number;

  constructor(events: SlotEvents, { worker = WORKER, starvedShare = STARVED_SHARE }: SlotOptions) {
    this.#events = events;
    this.#file = worker;
    this.#starvedShare = starvedShare;
  }

  get idle(): boolean {
    return this.#ready && this.#running === undefined;
  }

  /** Nothing where a worker is there. */
  start(): void {
    if (this.#worker !== undefined) return;
    this.#jobs = 0;
    Atomics.store(this.#shared.stage, 0, STAGE.idle);
    // It imports nothing by the name of this package, so it needs no flags, and inherits none that a worker refuses.
    const worker = new Worker(this.#file, { workerData: this.#buffer, execArgv: [], resourceLimits: RESOURCE_LIMITS });
    this.#worker = worker;
    this.#starting = setTimeout(() => this.#lost(worker, `not ready after ${START_MS} ms`), START_MS);
    worker.on("message", (news: News) => this.#hear(worker, news));
    worker.on("error", (error) => this.#lost(worker, messageOf(error)));
    worker.on("exit", () => this.#lost(worker, "it ended"));
  }

  /** Runs a job on a worker that is idle. @param ms after which the worker is killed */
  run(job: Job, ms: number): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(() => void this.#late(job.id, ms), ms);
    this.#running = { id: job.id, timer, done: resolve };
    this.#jobs++;
    this.#worker?.ref();
    this.#worker?.postMessage(job);
    return promise;
  }

  async close(): Promise<void> {
    clearTimeout(this.#starting);
    clearTimeout(this.#running?.timer);
    this.#running = undefined;
    await this.#drop();
  }

  #hear(worker: Worker, news: News): void {
    if (worker !== this.#worker) return;
    if ("ready" in news) {
      clearTimeout(this.#starting);
      this.#ready = true;
    } else {
      const running = this.#running;
      if (running?.id !== news.id) return;
      clearTimeout(running.timer);
      this.#running = undefined;
      running.done({ judgement: news.judgement });
      if (this.#jobs >= JOBS_PER_WORKER) return this.#replace();
    }
    // An idle worker keeps no process alive.
    worker.unref();
    this.#events.idle(this);
  }

  /** A worker ended by itself: out of memory, or it could not start. */
  #lost(worker: Worker, reason: string): void {
    if (worker !== this.#worker) return;
    if (this.#running !== undefined) return this.#end("crash");
    clearTimeout(this.#starting);
    const wasReady = this.#ready;
    void this.#drop();
    if (wasReady) this.start();
    else this.#events.failed(this, reason);
  }

  async #late(id: number, ms: number): Promise<void> {
    const computed = this.#worker && (await processorTimeOf(this.#worker));
    if (this.#running?.id !== id) return; // it came to an end meanwhile
    const micros = computed === undefined ? Infinity : computed - (this.#shared.began[0] ?? 0);
    this.#end(micros < ms * 1_000 * this.#starvedShare ? "starved" : "timeout");
  }

  #end(failed: "timeout" | "starved" | "crash"): void {
    const running = this.#running;
    if (running === undefined) return;
    clearTimeout(running.timer);
    this.#running = undefined;
    const at = Atomics.load(this.#shared.stage, 0) === STAGE.gold ? "gold" : "answer";
    this.#replace();
    running.done({ failed, at });
  }

  #replace(): void {
    void this.#drop();
    this.start();
  }

  /** The old worker may take a moment to die; nothing that it still says is heard. */
  async #drop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = false;
    await worker?.terminate();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
