/** A batch whose instances are stepped in several threads, this one among them. Its frames are bit for bit those of one thread. */
import { checkBatch } from "../../../protocol/check-batch.ts";
import { GymError } from "../../../protocol/errors.ts";
import type { Autoreset, Frame } from "../../../protocol/frames.ts";
import type { BuiltEnv } from "../built-env.ts";
import { joinParked, splitParked } from "../park.ts";
import { checkRequest } from "../reset-requests.ts";
import { checkRows, rowsOfMask } from "../row-sets.ts";
import { rowsFrom } from "../rows.ts";
import type { RgbFrame } from "../rules.ts";
import type { Runner, RunnerOptions, RunnerReset, RunnerStep } from "../runner-options.ts";
import { unpackSnapshot } from "../snapshot.ts";
import { Gathering, type Context } from "./gathering.ts";
import { OwnPart, type Asked } from "./own-part.ts";
import type { Call } from "./protocol.ts";
import { rebuilt, type Shard } from "./shard.ts";
import { resetOf, shareOf, type Share } from "./split.ts";

export interface ShardedOptions extends RunnerOptions {
  /** The parts that other threads step, in the order of their instances, after this thread's own, which is the first. */
  readonly shards: readonly Shard[];
  /** Instances of this thread's part. */
  readonly own: number;
}

/** Milliseconds that this thread waits for the others before it lets its event loop run. */
const BLOCK_MS = 50;

export class ShardedRunner implements Runner {
  readonly env: BuiltEnv;
  readonly num: number;
  readonly autoreset: Autoreset;
  readonly maxSteps: number;
  readonly seed: number;
  readonly ownsFrames = true;
  readonly #own: OwnPart;
  readonly #parts: readonly Asked[];
  readonly #shards: readonly Shard[];
  readonly #deadlineMs: number;
  readonly #gathering: Gathering;
  readonly #allRows: Uint32Array;
  /** What every part has of a frame about all instances. */
  #whole: readonly [Asked, Share][] | undefined;
  #broken: GymError | undefined;
  #busy = false;

  constructor(env: BuiltEnv, { shards, own, ...options }: ShardedOptions) {
    this.env = env;
    this.num = options.num;
    this.autoreset = options.autoreset;
    this.maxSteps = options.maxSteps ?? env.rules.maxSteps ?? 0;
    this.seed = options.seed;
    const { observer, onFault, ...others } = options;
    this.#own = new OwnPart(env, { ...others, num: own });
    this.#shards = shards;
    this.#parts = [this.#own, ...shards];
    this.#deadlineMs = options.stepDeadlineMs ?? 30_000;
    this.#gathering = new Gathering(env, observer, onFault);
    this.#allRows = Uint32Array.from({ length: this.num }, (_, row) => row);
  }

  reset(request: RunnerReset = {}): Frame | Promise<Frame> {
    const { mask } = request;
    const rows = mask === undefined ? this.#allRows : Uint32Array.from(rowsOfMask(this.env.id, mask, this.num));
    checkRequest(this.env.id, request, rows.length);
    return this.#frames(rows, { seq: 0, index: mask && rows }, (share, { num }) => ({
      name: "reset",
      given: resetOf(request, share, num),
    }));
  }

  step(actions: unknown, { index, extras, seq = 0 }: RunnerStep = {}): Frame | Promise<Frame> {
    const rows = this.checkStep(actions, index);
    const { action } = this.env.rules;
    const began = performance.now();
    const asked = this.#asked(rows);
    for (const [part, share] of asked.toReversed()) {
      const own = rowsFrom(action, actions, share.begin, share.end - share.begin);
      part.startStep(action, own, share.rows.length, share.rows.length === part.num ? undefined : share.rows);
    }
    const parts = asked.map(([part]) => part);
    // What this thread stepped has its answer by now.
    const begun = parts[0] === this.#own ? this.#gathering.begin(this.#own, rows.length) : undefined;
    return this.#gather(parts, { seq, index, actions, extras, begun }, began);
  }

  checkStep(actions: unknown, index?: Uint32Array): ArrayLike<number> {
    const rows = index === undefined ? this.#allRows : checkRows(this.env.id, index, this.num);
    checkBatch(this.env.rules.action, actions, rows.length, `${this.env.id}: actions`);
    this.#assertIdle();
    return rows;
  }

  render(rows: readonly number[] = [0]): (string | RgbFrame)[] {
    if (!this.env.rules.render)
      throw new GymError("UNSUPPORTED", `${this.env.id}: render`, { hint: "This env has no rendering." });
    return this.#values(rows, (share) => ({ name: "render", given: Array.from(share.rows) })) as (string | RgbFrame)[];
  }

  snapshot(rows: ArrayLike<number> = this.#allRows): Uint8Array[] {
    return this.#values(rows, (share) => ({ name: "snapshot", given: Array.from(share.rows) })) as Uint8Array[];
  }

  restore(snapshots: readonly Uint8Array[], given?: readonly number[]): Frame | Promise<Frame> {
    const rows = checkRows(this.env.id, given ?? this.#allRows, this.num);
    if (snapshots.length !== rows.length) throw wrongCount(this.env.id, rows.length, snapshots.length);
    // All or none: no part begins before all are known to be good.
    for (const bytes of snapshots) unpackSnapshot(this.env, bytes);
    return this.#frames(rows, { seq: 0, index: given && Uint32Array.from(rows) }, (share) => ({
      name: "restore",
      given: { snapshots: snapshots.slice(share.begin, share.end), rows: Array.from(share.rows) },
    }));
  }

  park(): Uint8Array {
    return joinParked(
      this.env,
      this.#values(this.#allRows, () => ({ name: "park", given: undefined }), true) as Uint8Array[],
    );
  }

  unpark(bytes: Uint8Array): Frame | Promise<Frame> {
    const ranges = this.#parts.map(({ num }) => num);
    const parked = splitParked(this.env, bytes, ranges);
    return this.#frames(this.#allRows, { seq: 0, index: undefined, unparked: true }, (_, part) => ({
      name: "unpark",
      given: parked[this.#parts.indexOf(part)]!,
    }));
  }

  /** The parts that some of the rows fall into. Of no rows this thread makes the frame. */
  #asked(rows: ArrayLike<number>): readonly [Asked, Share][] {
    if (rows === this.#allRows) return (this.#whole ??= this.#shares(rows));
    const some = this.#shares(rows).filter(([, share]) => share.rows.length > 0);
    return some.length > 0 ? some : [[this.#own, shareOf(rows, this.#own)]];
  }

  #shares(rows: ArrayLike<number>): [Asked, Share][] {
    return this.#parts.map((part) => [part, shareOf(rows, part)]);
  }

  /** Asks each part that has some of the rows for a frame, and merges them. */
  #frames(
    rows: ArrayLike<number>,
    context: Context,
    call: (share: Share, part: Asked) => Call,
  ): Frame | Promise<Frame> {
    this.#assertIdle();
    const began = performance.now();
    const asked = this.#asked(rows);
    for (const [part, share] of asked.toReversed()) part.startCall(call(share, part));
    return this.#gather(asked.map(([part]) => part), context, began); // prettier-ignore
  }

  /** Asks each part for a list, or for one value, and waits: these calls are rare and answer at once. */
  #values(rows: ArrayLike<number>, call: (share: Share) => Call, single = false): unknown[] {
    this.#assertIdle();
    const asked = this.#shares(checkRows(this.env.id, rows, this.num)).filter(([, share]) => share.rows.length > 0);
    for (const [part, share] of asked.toReversed()) part.startCall(call(share));
    this.#guard(() => {
      for (const [part] of asked) if (!part.wait(this.#deadlineMs)) throw late(this.env.id, this.#deadlineMs);
    });
    const answers = asked.map(([part]) => part.take());
    for (const { error } of answers) if (error !== undefined) throw rebuilt(error);
    return answers.flatMap(({ value }) => (single ? [value] : (value as unknown[])));
  }

  #gather(asked: readonly Asked[], context: Context, began: number): Frame | Promise<Frame> {
    const all = this.#guard(() => asked.every((part) => part.wait(BLOCK_MS)));
    if (!all) return this.#later(asked, context, began);
    return this.#settle(this.#gathering.frame(asked, context, began));
  }

  async #later(asked: readonly Asked[], context: Context, began: number): Promise<Frame> {
    this.#busy = true;
    try {
      for (const part of asked) await part.later(this.#deadlineMs);
    } catch (error) {
      throw this.#breaks(error);
    } finally {
      this.#busy = false;
    }
    return await this.#settle(this.#gathering.frame(asked, context, began));
  }

  /** Until a slow recorder has read the frame no other call is taken. */
  #settle(frame: Frame | Promise<Frame>): Frame | Promise<Frame> {
    if (!(frame instanceof Promise)) return frame;
    this.#busy = true;
    return frame.finally(() => {
      this.#busy = false;
    });
  }

  #guard<T>(wait: () => T): T {
    try {
      return wait();
    } catch (error) {
      throw this.#breaks(error);
    }
  }

  /** A part that does not answer is lost, and the batch with it. */
  #breaks(error: unknown): GymError {
    const { code, message } = error as GymError; // waiting throws no other
    this.#broken = new GymError(code, `${this.env.id}: ${message}`);
    for (const { thread } of this.#shards) thread.kill();
    return this.#broken;
  }

  #assertIdle(): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (!this.#busy) return;
    throw new GymError("BUSY", `${this.env.id}: another call is under way`, { hint: "Wait for its frame." });
  }
}

const late = (id: string, ms: number): GymError =>
  new GymError("STEP_DEADLINE", id, { expected: `an answer within ${ms} ms`, hint: "Make the env again." });

const wrongCount = (id: string, rows: number, received: number): GymError =>
  new GymError("BAD_SNAPSHOT", id, { expected: `${rows} snapshots`, received });
