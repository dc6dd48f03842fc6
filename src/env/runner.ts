/** Steps N instances of one environment together: time limits, autoreset, seeds, faults, snapshots. Everything a plugin need not know about. */
import { performance } from "node:perf_hooks";
import { checkBatch } from "../../protocol/check-batch.ts";
import { GymError } from "../../protocol/errors.ts";
import { STATUS, type Autoreset, type Frame } from "../../protocol/frames.ts";
import { checkSeed } from "../../protocol/seed.ts";
import { callReset, type PlannedReset } from "./attempts.ts";
import type { BuiltEnv } from "./built-env.ts";
import { capsuleStepsFor } from "./capsule-steps.ts";
import { cloneFrame } from "./clone-frame.ts";
import { PHASE } from "./instances.ts";
import { resetRowsLater, stepRowsLater, type LateOptions } from "./late-steps.ts";
import type { FrameObserver, StepRecord } from "./observer.ts";
import { parkInstances, unparkInstances } from "./park.ts";
import { checkRequest, queuesOf } from "./reset-requests.ts";
import { checkRows, rowsOfMask } from "./row-sets.ts";
import type { RgbFrame } from "./rules.ts";
import type { Runner, RunnerOptions, RunnerReset, RunnerStep } from "./runner-options.ts";
import { Slots } from "./slots.ts";
import {
  isStarted,
  packSnapshot,
  putInstance,
  takeInstance,
  unpackSnapshot,
  type InstanceSnapshot,
} from "./snapshot.ts";
import { Stepper } from "./stepper.ts";
import { asFault } from "./thrown.ts";

export type { Runner, RunnerOptions, RunnerReset, RunnerStep } from "./runner-options.ts";

/** What a frame is about, beside its rows. */
interface Context {
  readonly seq: number;
  readonly index: Uint32Array | undefined;
  readonly actions?: unknown;
  readonly extras?: RunnerStep["extras"] | undefined;
  readonly restored?: StepRecord["restored"];
}

/** The rows of every batch of one: most sessions have one, and there are thousands of them. */
const FIRST_ROW: readonly number[] = [0];

export class BatchRunner implements Runner {
  readonly env: BuiltEnv;
  readonly num: number;
  readonly autoreset: Autoreset;
  readonly maxSteps: number;
  readonly seed: number;
  readonly #firstRow: number;
  readonly #makeStepper: () => Stepper;
  #made: Stepper | undefined;
  readonly #observer: FrameObserver | undefined;
  readonly #deadlineMs: number;
  readonly #maxConcurrent: number;
  #slots: Slots | undefined;
  readonly #allRows: readonly number[];
  /** The observer still reads the last frame, whose arrays are the buffers of the next. */
  #observing = false;

  constructor(env: BuiltEnv, options: RunnerOptions) {
    const { num, autoreset } = options;
    this.env = env;
    this.num = num;
    this.seed = checkSeed(options.seed, `${env.id}: seed`);
    this.autoreset = autoreset;
    this.#firstRow = options.firstRow ?? 0;
    this.maxSteps = options.maxSteps ?? env.rules.maxSteps ?? 0;
    const { seed, maxSteps } = this;
    const capsuleSteps = options.capsuleSteps ?? capsuleStepsFor(env.rules.action, num);
    this.#makeStepper = () =>
      new Stepper(env, {
        ...{ num, seed, autoreset, maxSteps, capsuleSteps, firstRow: this.#firstRow },
        byColumns: num >= (options.byColumnsFrom ?? 8),
        onFault: options.onFault,
        memory: options.memory,
      });
    this.#observer = options.observer;
    this.#deadlineMs = options.stepDeadlineMs ?? 30_000;
    this.#maxConcurrent = Math.min(options.maxConcurrent ?? 64, env.rules.maxConcurrent ?? Infinity);
    this.#allRows = num === 1 ? FIRST_ROW : Array.from({ length: num }, (_, row) => row);
  }

  /** Are frames the caller's to keep? */
  get ownsFrames(): boolean {
    return this.env.rules.async === true;
  }

  /** Made when it is first needed: its buffers are most of what a batch takes, and a batch may wait long for its first reset. */
  get #stepper(): Stepper {
    return (this.#made ??= this.#makeStepper());
  }

  /** Begins new episodes. A synchronous env without a slow observer answers at once; its frame aliases the runner's buffers until the next call.
   *  @throws {GymError} BAD_SEED, BAD_OPTIONS, ROW_BUSY, BUSY */
  reset(request: RunnerReset = {}): Frame | Promise<Frame> {
    const rows = request.mask === undefined ? this.#allRows : rowsOfMask(this.env.id, request.mask, this.num);
    checkRequest(this.env.id, request, rows.length);
    this.#assertIdle(rows, "ROW_BUSY");
    const plans = this.#plan(rows, request);
    const context = { seq: 0, index: request.mask && Uint32Array.from(rows) };
    const began = performance.now();
    if (this.env.rules.async) {
      return this.#later(rows, context, began, () =>
        resetRowsLater(this.#stepper, rows, plans, this.#late(request.signal)),
      );
    }
    this.#stepper.writer.begin(rows.length);
    for (const [place, row] of rows.entries()) {
      const plan = plans[place] as PlannedReset;
      this.#stepper.begin(row, place, plan, callReset(this.env, plan), STATUS.reset);
    }
    return this.#finish(rows.length, context, began);
  }

  /** Takes one step in every row, or in those of `index`. Frames as for `reset`; those of async envs are the caller's to keep.
   *  @throws {GymError} BAD_ACTION when the batch as a whole has the wrong shape, BAD_OPTIONS, ROW_BUSY, BUSY */
  step(actions: unknown, request: RunnerStep = {}): Frame | Promise<Frame> {
    const { index, extras, seq = 0 } = request;
    const rows = this.checkStep(actions, index);
    const context = { seq, index, actions, extras };
    const began = performance.now();
    if (this.env.rules.async) {
      return this.#later(rows, context, began, () =>
        stepRowsLater(this.#stepper, rows, actions, this.#late(request.signal)),
      );
    }
    const stepper = this.#stepper;
    stepper.writer.begin(rows.length);
    stepper.stepAll(rows, actions);
    return this.#finish(rows.length, context, began);
  }

  checkStep(actions: unknown, index?: Uint32Array): readonly number[] {
    const rows = index === undefined ? this.#allRows : Array.from(checkRows(this.env.id, index, this.num));
    checkBatch(this.env.rules.action, actions, rows.length, `${this.env.id}: actions`);
    this.#assertIdle(rows, "ROW_BUSY");
    return rows;
  }

  /** Pictures of the rows (default: row 0). @throws {GymError} UNSUPPORTED, RESET_NEEDED, ENV_FAULT */
  render(rows: readonly number[] = [0]): (string | RgbFrame)[] {
    const { rules, id } = this.env;
    if (!rules.render) throw new GymError("UNSUPPORTED", `${id}: render`, { hint: "This env has no rendering." });
    return this.#started(rows).map((row) => {
      try {
        return rules.render?.(this.#stepper.instances.stateOf(row)) ?? "";
      } catch (error) {
        throw this.#stepper.faults.describe(row, asFault(error, "ENV_FAULT", "render"));
      }
    });
  }

  /** The rows (default: all) as bytes, generators included. @throws {GymError} BUSY, RESET_NEEDED, ENV_FAULT */
  snapshot(rows: readonly number[] = this.#allRows): Uint8Array[] {
    this.#assertIdle(rows, "BUSY");
    return this.#started(rows).map((row) => packSnapshot(this.env, takeInstance(this.#stepper.instances, row)));
  }

  /** Puts snapshots into the rows (default: all), all or none; the frame shows them as reset rows without seed receipts. @throws {GymError} BAD_SNAPSHOT, BUSY */
  restore(snapshots: readonly Uint8Array[], rows: readonly number[] = this.#allRows): Frame | Promise<Frame> {
    this.#assertIdle(checkRows(this.env.id, rows, this.num), "BUSY");
    if (snapshots.length !== rows.length) {
      const expected = `${rows.length} snapshots`;
      throw new GymError("BAD_SNAPSHOT", this.env.id, { expected, received: snapshots.length });
    }
    return this.#put(
      snapshots.map((bytes) => unpackSnapshot(this.env, bytes)),
      rows,
    );
  }

  /** All instances as bytes, also those without an episode. @throws {GymError} BUSY, ENV_FAULT */
  park(): Uint8Array {
    this.#assertIdle(this.#allRows, "BUSY");
    return parkInstances(this.env, this.#stepper.instances);
  }

  /** Puts back what `park` gave. @throws {GymError} BAD_SNAPSHOT */
  unpark(bytes: Uint8Array): Frame | Promise<Frame> {
    const parked = unparkInstances(this.env, bytes, this.num);
    const rows = this.#allRows.filter((row) => isStarted((parked[row] as InstanceSnapshot).phase));
    for (const [row, instance] of parked.entries()) putInstance(this.#stepper.instances, row, instance);
    return this.#put(
      rows.map((row) => parked[row] as InstanceSnapshot),
      rows,
    );
  }

  #put(snapshots: readonly InstanceSnapshot[], rows: readonly number[]): Frame | Promise<Frame> {
    const began = performance.now();
    const { instances, writer } = this.#stepper;
    writer.begin(rows.length);
    for (const [place, row] of rows.entries()) this.#stepper.put(row, place, snapshots[place] as InstanceSnapshot);
    const index = Uint32Array.from(rows);
    const of = (column: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => column[row] as number);
    const { episode, steps, seeds } = instances;
    const restored = { index, episode: of(episode), firstStep: of(steps), seed: of(seeds) };
    return this.#finish(rows.length, { seq: 0, index: rows === this.#allRows ? undefined : index, restored }, began);
  }

  /** Also takes over the queues of the rows. */
  #plan(rows: readonly number[], { seeds, options, queue }: RunnerReset): PlannedReset[] {
    const queues = queue && queuesOf(queue, rows.length);
    return rows.map((row, i) => {
      if (queues !== undefined) this.#stepper.instances.queues[row] = queues[i];
      return this.#stepper.planGiven(row, seeds?.[i], options?.[i]);
    });
  }

  #late(signal: AbortSignal | undefined): LateOptions {
    const { maxSteps, autoreset } = this;
    return {
      deadlineMs: this.#deadlineMs,
      slots: (this.#slots ??= new Slots(this.#maxConcurrent)),
      sameStep: autoreset === "same-step",
      maxSteps,
      signal,
    };
  }

  async #later(
    rows: readonly number[],
    context: Context,
    began: number,
    start: () => Promise<(() => void)[]>,
  ): Promise<Frame> {
    const { pending } = this.#stepper.instances;
    for (const row of rows) pending[row] = 1;
    const commits = await start().finally(() => {
      for (const row of rows) pending[row] = 0;
    });
    this.#stepper.writer.begin(rows.length);
    for (const commit of commits) commit();
    // Another subset may finish while the caller still reads: hence a copy, made before anything can interleave.
    const { observation, infoSpace } = this.env.rules;
    const frame = cloneFrame(this.#read(rows.length, context, began), observation, infoSpace);
    await this.#observer?.onFrame(this.#record(frame, context));
    return frame;
  }

  #finish(rows: number, context: Context, began: number): Frame | Promise<Frame> {
    const frame = this.#read(rows, context, began);
    if (this.#observer === undefined) return frame;
    const wait = this.#observer.onFrame(this.#record(frame, context));
    if (wait === undefined) return frame;
    this.#observing = true;
    return wait
      .finally(() => {
        this.#observing = false;
      })
      .then(() => frame);
  }

  #read(rows: number, context: Context, began: number): Frame {
    const env = Math.round((performance.now() - began) * 1000);
    return this.#stepper.writer.read(rows, context.seq, context.index, { queue: 0, env, encode: 0 });
  }

  #record(frame: Frame, { index, actions, extras, restored }: Context): StepRecord {
    const given = this.#stepper.instances.options;
    const options = frame.seeds && Array.from(frame.seeds.index, (place) => given[index?.[place] ?? place]);
    return {
      frame,
      ...(actions !== undefined && { actions }),
      ...(extras && { extras }),
      ...(options && { options }),
      ...(restored && { restored }),
    };
  }

  #assertIdle(rows: ArrayLike<number>, code: "ROW_BUSY" | "BUSY"): void {
    if (this.#observing) {
      throw new GymError("BUSY", `${this.env.id}: the last frame is still being recorded`, {
        hint: "Wait for it before the next call.",
      });
    }
    if (!this.env.rules.async) return;
    const { pending } = this.#stepper.instances;
    for (let i = 0; i < rows.length; i++) {
      if (pending[rows[i] as number] !== 1) continue;
      throw new GymError(code, `${this.env.id}: instance ${rows[i] as number} has a step under way`, {
        hint: "Wait for its frame.",
      });
    }
  }

  #started(rows: readonly number[]): readonly number[] {
    for (const row of checkRows(this.env.id, rows, this.num)) {
      const phase = this.#stepper.instances.phase[row];
      if (phase === PHASE.running || phase === PHASE.ended) continue;
      throw new GymError("RESET_NEEDED", `${this.env.id}: instance ${this.#firstRow + row} has no state to show`, {
        hint: "Call reset first.",
      });
    }
    return rows;
  }
}
