/** A worker as the judge's thread sees it: when it is ready, what it says, and that it is gone. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Answer, Drop, News, Order, WorkerSetup } from "./messages.ts";

const SCRIPT = new URL(`./quickjs-worker${extname(import.meta.url)}`, import.meta.url);

/** Host memory of one worker; the guest's own lies outside this heap and has its own limit. The stack lets the guest's
 *  parser recurse as deep as its own limit allows: with the default of 4 MB it takes the whole worker down. */
const RESOURCES = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 16 };

export interface Listener {
  news(news: News): void;
  /** The worker has ended by itself, or somebody else ended it. */
  lost(why: string): void;
}

export class HostedWorker {
  readonly #worker: Worker;
  readonly #ready = Promise.withResolvers<undefined>();
  readonly #gone = Promise.withResolvers<undefined>();
  #listener: Listener | undefined;
  #lost: string | undefined;

  constructor(setup: WorkerSetup) {
    // An empty environment and no stream: what the host knows is no business of a submission, even behind the wall.
    this.#worker = new Worker(SCRIPT, {
      workerData: setup,
      env: {},
      execArgv: ["--disable-warning=ExperimentalWarning"],
      resourceLimits: RESOURCES,
    });
    this.#worker.unref();
    this.#worker.on("message", (news: News) =>
      "ready" in news ? this.#ready.resolve(undefined) : this.#listener?.news(news),
    );
    this.#worker.once("error", (error) => this.#lose(error instanceof Error ? error.message : "an error"));
    this.#worker.once("exit", (code) => {
      this.#lose(`exit with status ${code}`);
      this.#gone.resolve(undefined);
    });
  }

  /** Resolves when the worker takes orders, or will never do so. */
  get ready(): Promise<undefined> {
    return this.#ready.promise;
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Sends what the worker says to `listener`, and keeps the process alive meanwhile; undefined ends both. */
  listen(listener: Listener | undefined): void {
    this.#listener = listener;
    if (listener === undefined) this.#worker.unref();
    else this.#worker.ref();
    if (this.#lost !== undefined) listener?.lost(this.#lost);
  }

  post(message: Order | Answer | Drop): void {
    this.#worker.postMessage(message);
  }

  /** Ends the worker, whatever it is doing. Resolves when its thread is gone. */
  async end(): Promise<void> {
    this.#lose("it was ended");
    this.#listener = undefined;
    await this.#worker.terminate();
    await this.#gone.promise;
  }

  #lose(why: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = why;
    this.#ready.resolve(undefined);
    this.#listener?.lost(why);
  }
}
