/** The actors of asynchronous training, one process each. One that dies is replaced, and the run goes on. */
import { fork, type ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { GymError } from "dojang/protocol";
import type { ActorStart, Failed, Push } from "./a3c-messages.ts";
import type { Versioned } from "./a3c-shared.ts";

const ACTOR = new URL(`./a3c-actor${extname(import.meta.url)}`, import.meta.url);
/** A source file resolves the package's own names to sources, and so must the processes that it starts. */
const FLAGS = import.meta.url.endsWith(".ts") ? ["--conditions=dojang-source"] : [];
/** Actors of one index in a row that end before their first gradient: something is wrong that another one would not mend. */
const MOST_STILLBORN = 3;

/** A process has been started. */
export interface ActorBorn {
  readonly index: number;
  readonly pid: number;
  /** 0 for the first of its index */
  readonly generation: number;
  /** how its predecessor ended */
  readonly after?: string;
}

export interface ActorsOptions {
  readonly count: number;
  /** What an actor begins with. */
  start(index: number, generation: number): ActorStart;
  /** Takes a gradient of actor `index`; `answer` gives the actor the weights to go on with. */
  push(message: Push, index: number, answer: (weights: Versioned) => void): void;
  /** The first failure that another actor would not mend: the env's, or that actors end before they have sent anything. */
  fail(error: unknown): void;
  readonly onActor?: ((actor: ActorBorn) => void) | undefined;
}

export class Actors {
  readonly #options: ActorsOptions;
  readonly #children = new Set<ChildProcess>();
  /** by index */
  readonly #stillborn: number[];
  #replaced = 0;
  #stopped = false;

  constructor(options: ActorsOptions) {
    this.#options = options;
    this.#stillborn = Array.from({ length: options.count }, () => 0);
  }

  /** Actors started in the place of others that died. */
  get replaced(): number {
    return this.#replaced;
  }

  start(): void {
    for (let index = 0; index < this.#options.count; index++) this.#start(index, 0);
  }

  /** Ends all actors. */
  stop(): void {
    this.#stopped = true;
    for (const child of this.#children) child.kill("SIGKILL");
  }

  #start(index: number, generation: number, after?: string): void {
    const child = fork(ACTOR, { execArgv: FLAGS, serialization: "advanced" });
    this.#children.add(child);
    child.on("message", (message: Push | Failed) => {
      this.#receive(child, index, message);
    });
    // A process that could not be started or told: its end says so, too.
    child.on("error", () => child.kill("SIGKILL"));
    child.on("exit", (code, signal) => {
      this.#children.delete(child);
      if (!this.#stopped) this.#replace(index, generation + 1, signal ?? `exit status ${code}`);
    });
    child.send(this.#options.start(index, generation));
    this.#options.onActor?.({ index, pid: child.pid ?? 0, generation, ...(after !== undefined && { after }) });
  }

  #receive(child: ChildProcess, index: number, message: Push | Failed): void {
    if (this.#stopped) return;
    if (message.kind === "failed") {
      this.#options.fail(new GymError(message.code, message.message));
      return;
    }
    this.#stillborn[index] = 0;
    this.#options.push(message, index, (weights) => {
      if (child.connected) child.send(weights);
    });
  }

  #replace(index: number, generation: number, after: string): void {
    const dead = (this.#stillborn[index] as number) + 1;
    this.#stillborn[index] = dead;
    if (dead >= MOST_STILLBORN) {
      this.#options.fail(stillborn(index, dead, after));
      return;
    }
    this.#replaced++;
    this.#start(index, generation, after);
  }
}

const stillborn = (index: number, count: number, after: string): GymError =>
  new GymError("INTERNAL", `actor ${index}`, {
    expected: "a first gradient",
    received: `${count} processes that ended before it, the last by ${after}`,
    hint: "Memory may be short: use fewer actors.",
  });
