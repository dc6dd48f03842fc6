/** One training run under way: the pipeline, and what has to be put away so that it can go on later as if nothing had happened. */
import type { Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { lastValueFrom, Subject, takeUntil, tap } from "rxjs";
import { rollout, type Pauses, type RolloutOptions } from "../streams/rollout.ts";
import { Stepper, type StepperState } from "../streams/stepper.ts";
import type { Learner } from "./agent.ts";
import { Monitor } from "./monitor.ts";
import { fieldsOf, type Plain } from "./plain.ts";
import type { Result } from "./receipt.ts";
import type { Run } from "./run.ts";
import type { TrainSettings } from "./train-settings.ts";

/** Of the state in a checkpoint; another number cannot be resumed. */
const FORMAT = 1;
const PROGRESS_MS = 100;

export interface Progress {
  /** env steps done, of `steps` */
  readonly step: number;
  readonly steps: number;
  readonly episodes: number;
  /** mean return of the last 100 episodes; absent before the first */
  readonly recentReturn?: number;
  /** env steps a second since the start or the resume */
  readonly rate: number;
}

export interface SessionOptions {
  readonly env: Env;
  readonly learner: Learner;
  readonly settings: TrainSettings;
  readonly run: Run | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Session implements Pauses {
  readonly #options: SessionOptions;
  readonly #monitor = new Monitor();
  readonly #stop = new Subject<void>();
  #from: RolloutOptions["from"];
  #lastSaved = 0;
  #began = performance.now();
  /** wall seconds and steps of the parts before a resume */
  #before = { seconds: 0, steps: 0 };
  #shown = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Runs to the end, or until the signal aborts. */
  async play(): Promise<"done" | "interrupted"> {
    const { env, learner, settings } = this.#options;
    this.#began = performance.now();
    const stream = rollout(env, learner.act, {
      steps: settings.steps,
      pauses: this,
      ...(this.#from && { from: this.#from }),
    }).pipe(
      tap((batch) => {
        this.#monitor.see(batch);
      }),
      learner.learn,
      tap((metrics) => {
        this.#learnt(metrics);
      }),
      takeUntil(this.#stop),
    );
    await lastValueFrom(stream, { defaultValue: undefined });
    this.#report(true);
    return this.#monitor.steps >= settings.steps ? "done" : "interrupted";
  }

  due(steps: number, done: boolean): boolean {
    const { signal, settings } = this.#options;
    if (signal?.aborted === true) return true;
    return steps > this.#lastSaved && (done || steps - this.#lastSaved >= settings.checkpointEvery);
  }

  async pause(stepper: Stepper, steps: number): Promise<void> {
    this.#lastSaved = steps;
    await this.#options.run?.checkpoint(await this.#save(stepper, steps));
    if (this.#options.signal?.aborted === true) this.#stop.next();
  }

  /** Takes up the state of a checkpoint. @throws {GymError} BAD_RUN, BAD_SNAPSHOT */
  async restore(state: Plain): Promise<void> {
    const { env, learner } = this.#options;
    const { format, steps, seconds, learner: learnt, monitor, stepper, snapshots } = fieldsOf(state);
    if (format !== FORMAT)
      throw new GymError("BAD_RUN", "checkpoint: format", { expected: String(FORMAT), received: format });
    learner.load(learnt as Plain);
    this.#monitor.load(monitor as Plain);
    const frame = await env.restore(snapshots as readonly Uint8Array[]);
    // What `save` of a stepper wrote, in the format checked above.
    this.#from = { stepper: Stepper.resume(env, stepper as unknown as StepperState, frame), done: steps as number };
    this.#lastSaved = steps as number;
    this.#before = { seconds: seconds as number, steps: steps as number };
  }

  result(status: Result["status"]): Result {
    const { steps, episodes, recentReturn } = this.#monitor;
    return { status, steps, episodes, recentReturn, seconds: this.#seconds() };
  }

  async #save(stepper: Stepper, steps: number): Promise<Plain> {
    const { env, learner } = this.#options;
    return {
      format: FORMAT,
      agent: learner.id,
      steps,
      seconds: this.#seconds(),
      learner: learner.save(),
      monitor: this.#monitor.save(),
      // A record of typed arrays; an interface has no index signature, which Plain asks for.
      stepper: { ...stepper.save() },
      snapshots: await env.snapshot(),
    };
  }

  #learnt(metrics: Readonly<Record<string, number>>): void {
    const { settings, run } = this.#options;
    this.#monitor.learnt(metrics);
    const line = this.#monitor.line(settings.logEvery);
    // Wall times are the only numbers that a resumed run does not repeat.
    if (line && run) run.write({ ...line, wallSeconds: this.#seconds(), stepsPerSecond: this.#rate() });
    this.#report(false);
  }

  #report(last: boolean): void {
    const { settings, onProgress } = this.#options;
    const now = performance.now();
    if (!onProgress || (!last && now - this.#shown < PROGRESS_MS)) return;
    this.#shown = now;
    const { steps: step, episodes, recentReturn } = this.#monitor;
    onProgress({
      step,
      steps: settings.steps,
      episodes,
      ...(recentReturn !== undefined && { recentReturn }),
      rate: this.#rate(),
    });
  }

  #seconds(): number {
    return this.#before.seconds + (performance.now() - this.#began) / 1_000;
  }

  #rate(): number {
    return (this.#monitor.steps - this.#before.steps) / Math.max(1e-9, this.#seconds() - this.#before.seconds);
  }
}
