/** One env of a session: its batch, the order of its requests, and its numbered replies. */
import { GymError } from "../../protocol/errors.ts";
import type { FrameSpaces } from "../../protocol/frame-codec.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { ResetQueue } from "../../protocol/messages.ts";
import { decodeIndex } from "../../protocol/row-index.ts";
import { maskWidth, type BuiltEnv } from "../env/built-env.ts";
import type { BatchRunner } from "../env/runner.ts";
import type { Made, MakeRequest } from "../registry/make.ts";
import { Replies, type SavedReplies } from "./replies.ts";

/** What `make` gave for the first reset of all rows. */
export interface FirstReset {
  readonly seeds?: readonly number[];
  readonly options?: readonly JsonValue[];
  readonly queue?: ResetQueue;
}

export interface HandleOptions {
  /** As the client asked, with the seed that was drawn: what it takes to make the batch again. */
  readonly request: MakeRequest;
  readonly window: number;
  /** Most requests that may wait behind one that takes time. */
  readonly maxQueued: number;
  /** For the first reset of all rows, where it names none of its own. */
  readonly first: FirstReset;
  /** From before a restart. */
  readonly replies?: SavedReplies;
}

export class Handle {
  readonly id: number;
  readonly request: MakeRequest;
  readonly runner: BatchRunner;
  readonly replies: Replies;
  readonly maskWidth: number;
  readonly spaces: FrameSpaces;
  readonly #made: Made;
  readonly #maxQueued: number;
  readonly #stop = new AbortController();
  #first: FirstReset | undefined;
  #tail: Promise<unknown> | undefined;
  #queued = 0;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(id: number, made: Made, options: HandleOptions) {
    this.id = id;
    this.#made = made;
    this.runner = made.runner;
    this.request = options.request;
    this.replies = new Replies(options.window, options.replies);
    this.maskWidth = maskWidth(made.runner.env.rules);
    const { observation, action, info, infoSpace } = made.runner.env.rules;
    this.spaces = { observation, action, ...(info && infoSpace && { info: infoSpace }) };
    this.#maxQueued = options.maxQueued;
    this.#first = options.first;
  }

  get env(): BuiltEnv {
    return this.runner.env;
  }

  /** The rows a request names; undefined where it names none. @throws {GymError} BAD_OPTIONS */
  rows(index: Uint8Array | undefined): number[] | undefined {
    return index && Array.from(decodeIndex(index, this.runner.num, `${this.env.id}: index`, "BAD_OPTIONS"));
  }

  /** Aborts when the handle is closed. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Seeds and options given at `make` that no reset has taken yet. */
  get first(): FirstReset {
    return this.#first ?? {};
  }

  /** Seeds and options given at `make`, once. */
  takeFirst(): FirstReset {
    const first = this.#first ?? {};
    this.#first = undefined;
    return first;
  }

  /** Runs tasks one after the other; at once when nothing is under way. Async envs look after their rows themselves, so that disjoint subsets overlap. @throws {GymError} LIMIT */
  run<T>(task: () => T | Promise<T>): T | Promise<T> {
    if (this.env.rules.async) return this.#overlap(task());
    if (this.#tail === undefined) return this.#watch(task());
    if (this.#queued >= this.#maxQueued) {
      throw new GymError("LIMIT", `${this.env.id}: ${this.#queued} requests wait already (maxQueued)`, {
        hint: "Wait for replies before sending more.",
      });
    }
    this.#queued++;
    const next = this.#tail.then(() => {
      this.#queued--;
      return task();
    });
    return this.#watch(next);
  }

  #overlap<T>(result: T | Promise<T>): T | Promise<T> {
    if (result instanceof Promise) {
      const settled = result.then(
        () => undefined,
        () => undefined,
      );
      this.#underWay.add(settled);
      void settled.then(() => this.#underWay.delete(settled));
    }
    return result;
  }

  #watch<T>(result: T | Promise<T>): T | Promise<T> {
    if (!(result instanceof Promise)) return result;
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tail = tail;
    void tail.then(() => {
      if (this.#tail === tail) this.#tail = undefined;
    });
    return result;
  }

  /** Cancels async steps and waits until nothing is under way: their rows are as before, and told so. */
  async settle(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#tail, ...this.#underWay]);
  }

  /** Stops what is under way and closes the recording. */
  async close(): Promise<void> {
    await this.settle();
    await this.#made.observer?.close();
  }
}
