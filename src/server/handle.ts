/** One env of a session: its batch, the order of its requests, and its numbered replies. */
import { GymError } from "../../protocol/errors.ts";
import type { FrameSpaces } from "../../protocol/frame-codec.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { FrameFields, ResetQueue } from "../../protocol/messages.ts";
import { decodeIndex } from "../../protocol/row-index.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { ReadyRows } from "../env/ready-rows.ts";
import type { Runner } from "../env/runner.ts";
import type { Made, MakeRequest } from "../registry/make.ts";
import type { Subscription } from "./subscription.ts";
import { Turns } from "./turns.ts";
import { Deliveries, type SavedDeliveries } from "./deliveries.ts";
import { frameSpaces } from "./frame-spaces.ts";
import { Replies, type SavedReplies } from "./replies.ts";

/** What `make` gave for the first reset of all rows. */
export interface FirstReset {
  readonly seeds?: readonly number[];
  readonly options?: readonly JsonValue[];
  readonly queue?: ResetQueue;
}

export interface HandleOptions {
  /** Id of the request that asked for it: its answer can be given again. */
  readonly madeBy: number;
  /** As the client asked. */
  readonly request: MakeRequest;
  readonly mode: "lockstep" | "first-ready";
  /** Deliveries kept in first-ready mode. */
  readonly maxDeliveries: number;
  readonly window: number;
  /** Most requests that may wait behind one that takes time. */
  readonly maxQueued: number;
  /** For the first reset of all rows, where it names none of its own. */
  readonly first: FirstReset;
  /** From before a restart. */
  readonly replies?: SavedReplies;
  readonly deliveries?: SavedDeliveries;
}

export class Handle {
  readonly id: number;
  readonly madeBy: number;
  readonly runner: Runner;
  readonly spaces: FrameSpaces;
  readonly window: number;
  readonly turns: Turns;
  readonly #made: Made;
  /** What the runner does not know of the request; undefined where that is nothing. */
  readonly #asked: Asked | undefined;
  /** Made for the first step: an env may wait long for it. */
  #replies: Replies | undefined;
  #watchers: Set<Subscription> | undefined;
  readonly #ready: { readonly rows: ReadyRows; readonly deliveries: Deliveries } | undefined;
  #first: FirstReset | undefined;

  constructor(id: number, made: Made, options: HandleOptions) {
    this.id = id;
    this.#made = made;
    this.madeBy = options.madeBy;
    this.runner = made.runner;
    this.spaces = frameSpaces(made.runner.env);
    this.window = options.window;
    this.#asked = askedOf(options.request);
    this.#replies = options.replies && new Replies(options.window, options.replies);
    this.turns = new Turns({
      where: this.env.id,
      maxQueued: options.maxQueued,
      overlap: this.env.rules.async === true,
    });
    const { seeds, options: given, queue } = options.first;
    this.#first = (seeds ?? given ?? queue) === undefined ? undefined : options.first;
    if (options.mode === "first-ready") {
      this.#ready = {
        rows: new ReadyRows(made.runner),
        deliveries: new Deliveries(options.maxDeliveries, options.deliveries),
      };
    }
  }

  get env(): BuiltEnv {
    return this.runner.env;
  }

  get replies(): Replies {
    return (this.#replies ??= new Replies(this.window));
  }

  /** What it takes to make the batch again, with the seed that was drawn. */
  get request(): MakeRequest {
    const { env, num, seed, autoreset } = this.runner;
    return { env: env.id, num, seed, autoreset, ...this.#asked };
  }

  get watchers(): Iterable<Subscription> {
    return this.#watchers ?? [];
  }

  get watched(): boolean {
    return this.#watchers !== undefined;
  }

  watch(watcher: Subscription): void {
    this.#watchers ??= new Set();
    this.#watchers.add(watcher);
  }

  unwatch(watcher: Subscription): void {
    if (this.#watchers?.delete(watcher) === true && this.#watchers.size === 0) this.#watchers = undefined;
  }

  /** The rows a request names; undefined where it names none. @throws {GymError} BAD_OPTIONS */
  rows(index: Uint8Array | undefined): number[] | undefined {
    return index && Array.from(decodeIndex(index, this.runner.num, `${this.env.id}: index`, "BAD_OPTIONS"));
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

  get mode(): "lockstep" | "first-ready" {
    return this.#ready === undefined ? "lockstep" : "first-ready";
  }

  /** @throws {GymError} UNSUPPORTED on an env made for lockstep */
  firstReady(): { readonly rows: ReadyRows; readonly deliveries: Deliveries } {
    if (this.#ready !== undefined) return this.#ready;
    throw new GymError("UNSUPPORTED", `${this.env.id}: send`, {
      hint: "Make the env with mode first-ready, or use step.",
    });
  }

  /** @throws {GymError} UNSUPPORTED on an env made for first-ready mode */
  assertLockstep(): void {
    if (this.#ready === undefined) return;
    throw new GymError("UNSUPPORTED", `${this.env.id}: step`, {
      hint: "The env was made with mode first-ready: use send.",
    });
  }

  /** What is kept of deliveries; undefined in lockstep mode. */
  saveDeliveries(): SavedDeliveries | undefined {
    return this.#ready?.deliveries.save();
  }

  /** Kept messages that a client which has everything up to `ack` did not get. */
  after(ack: number): Uint8Array[] {
    return this.#ready === undefined ? this.replies.after(ack) : this.#ready.deliveries.after(ack);
  }

  /** Hands a frame to everyone who watches. A promise asks the env to wait. */
  publish(fields: FrameFields): void | Promise<void> {
    if (this.#watchers === undefined) return undefined;
    const waits = [...this.#watchers].map((watcher) => watcher.offer(fields)).filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined);
  }

  /** Stops what is under way and closes the recording. */
  async close(): Promise<void> {
    for (const watcher of [...this.watchers]) watcher.session.subscriptions.end(watcher.id);
    await this.turns.settle();
    await this.#made.close();
  }
}

/** Fields of a request that a batch does not show. */
type Asked = Pick<MakeRequest, "params" | "maxSteps" | "recordObservations">;

function askedOf({ params = {}, maxSteps, recordObservations }: MakeRequest): Asked | undefined {
  const some = Object.keys(params).length > 0;
  if (!some && (maxSteps ?? recordObservations) === undefined) return undefined;
  return {
    ...(some && { params }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(recordObservations !== undefined && { recordObservations }),
  };
}
