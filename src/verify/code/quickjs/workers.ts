/** The workers of the QuickJS driver: idle ones are kept warm, used ones come back or are replaced. */
import { GymError } from "../../../../protocol/errors.ts";
import { HostedWorker } from "./hosted-worker.ts";
import type { WorkerSetup } from "./messages.ts";

export class Workers {
  readonly #setup: WorkerSetup;
  readonly #max: number;
  readonly #idle: HostedWorker[] = [];
  readonly #all = new Set<HostedWorker>();
  readonly #ending = new Set<Promise<void>>();
  #closed = false;

  /** @param max workers alive at once */
  constructor(setup: WorkerSetup, max: number) {
    this.#setup = setup;
    this.#max = max;
  }

  /** A worker of one's own until `release` or `discard`.
   *  @throws {GymError} VERIFIER_UNAVAILABLE when all are taken, or none can be started */
  async acquire(): Promise<HostedWorker> {
    // A worker may have died while it was idle; the one that takes its place starts now and is asked next.
    for (let attempt = 0; attempt <= this.#max; attempt++) {
      const worker = this.#idle.pop() ?? this.#start();
      await worker.ready;
      if (worker.alive) return worker;
      void this.discard(worker);
    }
    throw new GymError("VERIFIER_UNAVAILABLE", "quickjs", { expected: "a worker that starts", received: "none" });
  }

  /** Gives back a worker that holds nothing. */
  release(worker: HostedWorker): void {
    if (this.#closed || !worker.alive) void this.discard(worker);
    else this.#idle.push(worker);
  }

  /** Ends a worker in whatever state it is; a fresh one is started in its place. Resolves when it is gone. */
  discard(worker: HostedWorker): Promise<void> {
    if (!this.#all.delete(worker)) return Promise.resolve();
    const end = worker.end().finally(() => this.#ending.delete(end));
    this.#ending.add(end);
    if (!this.#closed && this.#idle.length === 0 && this.#all.size < this.#max) this.#idle.push(this.#start());
    return end;
  }

  /** Starts one ahead of need. */
  warm(): void {
    if (this.#idle.length === 0) this.#idle.push(this.#start());
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const worker of [...this.#all]) void this.discard(worker);
    await Promise.all(this.#ending);
  }

  #start(): HostedWorker {
    if (this.#closed || this.#all.size >= this.#max) {
      throw new GymError("VERIFIER_UNAVAILABLE", "quickjs: workers", {
        expected: this.#closed ? "an open driver" : `at most ${this.#max} boxes at once`,
      });
    }
    const worker = new HostedWorker(this.#setup);
    this.#all.add(worker);
    return worker;
  }
}
