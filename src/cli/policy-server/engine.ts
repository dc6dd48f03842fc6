/** Lets the sequences of all requests grow side by side, a token at a time; those that have no place yet wait in the order they came. */
import { GymError } from "../../../protocol/errors.ts";
import { Sequences, type Asked, type Sequence, type TextModel } from "../../../agents/index.ts";
import type { PolicyLimits } from "./served.ts";

interface Job {
  readonly asked: readonly Asked[];
  /** In the order of `asked`, those that have begun. */
  readonly begun: Sequence[];
  /** Told each sequence that drew a token, and its place among the job's. */
  readonly onToken: (place: number, sequence: Sequence) => void;
  readonly done: PromiseWithResolvers<readonly Sequence[]>;
}

export class Engine {
  readonly #sequences: Sequences;
  readonly #limits: PolicyLimits;
  readonly #jobs = new Set<Job>();
  #running = false;

  constructor(text: TextModel, limits: PolicyLimits) {
    this.#limits = limits;
    this.#sequences = new Sequences(text, limits.maxBatch, text.decoder.options.context);
  }

  /** Sequences that have no place yet. */
  get waiting(): number {
    return [...this.#jobs].reduce((sum, { asked, begun }) => sum + asked.length - begun.length, 0);
  }

  /** Requests that are not done. */
  get jobs(): number {
    return this.#jobs.size;
  }

  /** May so many sequences be asked for now? */
  hasRoom(count: number): boolean {
    return this.waiting + count <= this.#limits.maxWaiting;
  }

  /** @param signal drops the sequences when nobody waits for them any more @throws {GymError} CANCELLED then; NOT_A_NUMBER when the net has diverged */
  async run(asked: readonly Asked[], onToken: Job["onToken"], signal: AbortSignal): Promise<readonly Sequence[]> {
    const job: Job = { asked, begun: [], onToken, done: Promise.withResolvers() };
    this.#jobs.add(job);
    const leave = (): void => this.#end(job, new GymError("CANCELLED", "completion: the client has gone"));
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    if (!this.#running) void this.#run();
    try {
      return await job.done.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Ends all requests that are under way. */
  stop(reason: GymError): void {
    for (const job of this.#jobs) this.#end(job, reason);
  }

  #end(job: Job, reason: unknown): void {
    this.#jobs.delete(job);
    this.#sequences.drop(new Set(job.begun));
    job.done.reject(reason);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#jobs.size > 0) {
      // Requests that arrived, and clients that went away, have their turn before each token.
      await new Promise((resolve) => setImmediate(resolve));
      this.#admit();
      try {
        this.#step();
      } catch (error) {
        // Nobody can be answered by a net that has diverged.
        for (const job of this.#jobs) this.#end(job, error);
      }
    }
    this.#running = false;
  }

  #admit(): void {
    for (const { asked, begun } of this.#jobs) {
      const next = asked.slice(begun.length, begun.length + this.#sequences.free);
      begun.push(...this.#sequences.add(next));
      if (this.#sequences.free === 0) return;
    }
  }

  #step(): void {
    const drew = new Map([...this.#jobs].map((job) => [job, job.begun.map((one) => !one.ended)]));
    this.#sequences.step();
    for (const [job, rows] of drew) {
      for (const [place, one] of job.begun.entries()) if (rows[place] === true) job.onToken(place, one);
      if (job.begun.length < job.asked.length || !job.begun.every(({ ended }) => ended)) continue;
      this.#jobs.delete(job);
      job.done.resolve(job.begun);
    }
  }
}
