/** An env whose rows are played each at its own pace: what comes while the env is busy is put together into the next frame. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "../../client/index.ts";
import { STATUS, type Frame, type JsonValue } from "../../../protocol/frames.ts";
import { GymError } from "../../../protocol/errors.ts";

/** What a step of one row gave. */
export interface Stepped {
  readonly observation: string;
  readonly reward: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

export interface Start {
  readonly seed: number;
  readonly options?: JsonValue;
}

/** One row failed, and no other: its episode is void. `cause` is a GymError. */
export class RowFault extends Error {}

interface Waiting<T> {
  readonly row: number;
  readonly what: T;
  readonly done: PromiseWithResolvers<Stepped>;
}

/** Times that a step is sent again which could not be judged now, and the wait between them. */
const ATTEMPTS = 5;
const WAIT_MS = 200;

export class Rows {
  readonly #env: Env;
  #resets: Waiting<Start>[] = [];
  #steps: Waiting<string>[] = [];
  #busy = false;

  /** @param env of texts, with autoreset disabled */
  constructor(env: Env) {
    this.#env = env;
  }

  /** @returns the first observation @throws {RowFault} @throws {GymError} what concerns all rows */
  async reset(row: number, what: Start): Promise<string> {
    const done = Promise.withResolvers<Stepped>();
    this.#resets.push({ row, what, done });
    this.#start();
    return (await done.promise).observation;
  }

  /** @throws {RowFault} @throws {GymError} what concerns all rows */
  async step(row: number, what: string): Promise<Stepped> {
    for (let attempt = 1; ; attempt++) {
      const done = Promise.withResolvers<Stepped>();
      this.#steps.push({ row, what, done });
      this.#start();
      try {
        return await done.promise;
      } catch (error) {
        const mayPass = error instanceof RowFault && error.cause instanceof GymError && error.cause.retryable;
        if (!mayPass || attempt === ATTEMPTS) throw error;
        await sleep(WAIT_MS * attempt);
      }
    }
  }

  #start(): void {
    if (this.#busy) return;
    this.#busy = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    // Rows that became free at the same moment go together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#resets.length + this.#steps.length > 0) {
      const [resets, steps] = [inOrder(this.#resets), inOrder(this.#steps)];
      [this.#resets, this.#steps] = [[], []];
      await this.#settle(resets, () => this.#reset(resets));
      await this.#settle(steps, () => this.#step(steps));
    }
    this.#busy = false;
  }

  #reset(waiting: readonly Waiting<Start>[]): Promise<Frame> {
    const mask = new Uint8Array(this.#env.num);
    for (const { row } of waiting) mask[row] = 1;
    const options = waiting.map(({ what }) => what.options ?? null);
    return this.#env.reset({ mask, seeds: waiting.map(({ what }) => what.seed), ...(options.some((one) => one !== null) && { options }) }); // prettier-ignore
  }

  #step(waiting: readonly Waiting<string>[]): Promise<Frame> {
    const index = Uint32Array.from(waiting, ({ row }) => row);
    return this.#env.step(waiting.map(({ what }) => what), { index }); // prettier-ignore
  }

  /** Gives each its row of the frame. A call that fails as a whole fails for all. */
  async #settle(waiting: readonly Waiting<unknown>[], call: () => Promise<Frame>): Promise<void> {
    if (waiting.length === 0) return;
    try {
      const frame = await call();
      for (const [at, { done }] of waiting.entries()) tell(frame, at, done);
    } catch (error) {
      for (const { done } of waiting) done.reject(error);
    }
  }
}

function tell(frame: Frame, at: number, done: PromiseWithResolvers<Stepped>): void {
  const failed = frame.errors?.find(({ index }) => index === at);
  if (failed !== undefined || (frame.status[at] as number) >= STATUS.fault) {
    const cause = new GymError(failed?.code ?? "ENV_FAULT", failed?.message ?? "the env failed and did not say why");
    done.reject(new RowFault(cause.message, { cause }));
    return;
  }
  const parts = Object.entries(frame.parts ?? {}).map(([name, values]) => [name, values[at] as number] as const);
  done.resolve({
    // The spaces were looked at before: observations are texts.
    observation: (frame.observations as readonly string[])[at] as string,
    reward: frame.rewards[at] as number,
    parts: Object.fromEntries(parts.filter(([, value]) => !Number.isNaN(value))),
    terminated: frame.terminated[at] === 1,
    truncated: frame.truncated[at] === 1,
  });
}

const inOrder = <T>(waiting: readonly Waiting<T>[]): Waiting<T>[] => [...waiting].sort((a, b) => a.row - b.row);
