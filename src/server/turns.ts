/** The order of a handle's requests: one after the other, or side by side where the env looks after its rows; and what it takes to cancel them. */
import { GymError } from "../../protocol/errors.ts";

const NEVER = new AbortController().signal;

type Task<T> = (signal: AbortSignal) => T | Promise<T>;

export interface TurnOptions {
  /** Names the env in errors. */
  readonly where: string;
  /** Most requests that may wait behind one that takes time. */
  readonly maxQueued: number;
  /** Requests start at once, whatever is under way. */
  readonly overlap: boolean;
}

export class Turns {
  readonly #where: string;
  readonly #maxQueued: number;
  readonly #overlap: boolean;
  /** Of requests that wait or take time, by request id. */
  #controllers: Map<number, AbortController> | undefined;
  #underWay: Set<Promise<unknown>> | undefined;
  #tail: Promise<unknown> | undefined;
  #queued = 0;
  #stopped = false;

  constructor({ where, maxQueued, overlap }: TurnOptions) {
    this.#where = where;
    this.#maxQueued = maxQueued;
    this.#overlap = overlap;
  }

  /** Runs a task when it is its turn: at once where nothing is under way. @throws {GymError} LIMIT, CANCELLED */
  run<T>(id: number, task: Task<T>): T | Promise<T> {
    if (this.#stopped) throw cancelled(this.#where);
    if (this.#overlap) return this.#watch(this.#cancellable(id, task));
    if (this.#tail === undefined) return this.#chain(task(NEVER));
    if (this.#queued >= this.#maxQueued) {
      throw new GymError("LIMIT", `${this.#where}: ${this.#queued} requests wait already (maxQueued)`, {
        hint: "Wait for replies before sending more.",
      });
    }
    this.#queued++;
    const before = this.#tail;
    const next = this.#cancellable(id, async (signal) => {
      await before;
      this.#queued--;
      if (signal.aborted) throw cancelled(this.#where);
      return await task(signal);
    });
    return this.#chain(next);
  }

  /** Cancels the request `id`, or all: what waits is refused, what is async stops. Gives how many. */
  cancel(id?: number): number {
    const found = id === undefined ? [...(this.#controllers?.values() ?? [])] : [this.#controllers?.get(id)];
    let count = 0;
    for (const controller of found) {
      if (controller === undefined || controller.signal.aborted) continue;
      controller.abort();
      count++;
    }
    return count;
  }

  /** Cancels everything, lets nothing new begin, and waits until nothing is under way. */
  async settle(): Promise<void> {
    this.#stopped = true;
    this.cancel();
    await Promise.all([this.#tail, ...(this.#underWay ?? [])]);
  }

  #cancellable<T>(id: number, task: Task<T>): T | Promise<T> {
    const controller = new AbortController();
    const result = task(controller.signal);
    if (!(result instanceof Promise)) return result;
    this.#controllers ??= new Map();
    this.#controllers.set(id, controller);
    return result.finally(() => {
      this.#controllers?.delete(id);
    });
  }

  /** Counts a task that overlaps with others as under way. */
  #watch<T>(result: T | Promise<T>): T | Promise<T> {
    if (!(result instanceof Promise)) return result;
    const settled = settle(result);
    this.#underWay ??= new Set();
    this.#underWay.add(settled);
    void settled.then(() => this.#underWay?.delete(settled));
    return result;
  }

  /** Makes later tasks wait for this one. */
  #chain<T>(result: T | Promise<T>): T | Promise<T> {
    if (!(result instanceof Promise)) return result;
    const tail = settle(result);
    this.#tail = tail;
    void tail.then(() => {
      if (this.#tail === tail) this.#tail = undefined;
    });
    return result;
  }
}

const cancelled = (where: string): GymError => new GymError("CANCELLED", `${where}: cancelled before it began`);

const settle = (promise: Promise<unknown>): Promise<undefined> =>
  promise.then(
    () => undefined,
    () => undefined,
  );
