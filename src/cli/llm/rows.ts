/** An env in first-ready mode whose rows are played each at its own pace: a verdict that takes long holds nobody else up. */
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
  #due = false;
  /** Steps that were sent, by row. */
  readonly #underWay = new Map<number, Waiting<string>>();
  /** Why no more rows come. */
  #ended: { readonly error: unknown } | undefined;

  /** @param env of texts, made with mode first-ready and autoreset disabled */
  constructor(env: Env) {
    this.#env = env;
    void this.#receive();
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

  /** Rows that became free at the same moment go together. */
  #start(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      const [resets, steps] = [inOrder(this.#resets), inOrder(this.#steps)];
      [this.#resets, this.#steps] = [[], []];
      if (resets.length > 0) void this.#reset(resets);
      if (steps.length > 0) void this.#send(steps);
    });
  }

  async #reset(waiting: readonly Waiting<Start>[]): Promise<void> {
    const mask = new Uint8Array(this.#env.num);
    for (const { row } of waiting) mask[row] = 1;
    const options = waiting.map(({ what }) => what.options ?? null);
    const asked = { mask, seeds: waiting.map(({ what }) => what.seed), ...(options.some((one) => one !== null) && { options }) }; // prettier-ignore
    try {
      const frame = await this.#env.reset(asked);
      for (const [at, { done }] of waiting.entries()) tell(frame, at, done);
    } catch (error) {
      for (const { done } of waiting) done.reject(error);
    }
  }

  async #send(waiting: readonly Waiting<string>[]): Promise<void> {
    for (const one of waiting) this.#underWay.set(one.row, one);
    try {
      if (this.#ended !== undefined) throw this.#ended.error;
      await this.#env.send(waiting.map(({ what }) => what), { index: Uint32Array.from(waiting, ({ row }) => row) }); // prettier-ignore
    } catch (error) {
      for (const { row, done } of waiting) {
        this.#underWay.delete(row);
        done.reject(error);
      }
    }
  }

  /** Gives each row what came of its step, until the env is closed or lost. */
  async #receive(): Promise<void> {
    try {
      for (;;) {
        const frame = await this.#env.recv();
        const rows = frame.index ?? Uint32Array.from({ length: this.#env.num }, (_, row) => row);
        for (const [at, row] of rows.entries()) {
          const done = this.#underWay.get(row)?.done;
          this.#underWay.delete(row);
          if (done !== undefined) tell(frame, at, done);
        }
      }
    } catch (error) {
      this.#ended = { error };
      for (const { done } of this.#underWay.values()) done.reject(error);
      this.#underWay.clear();
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
