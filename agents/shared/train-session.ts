/** One training run under way: the pipeline, its pauses, and what has to be put away so that it can go on later as if nothing had happened. */
import type { Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { lastValueFrom, Subject, takeUntil, tap } from "rxjs";
import type { Pauses, RolloutOptions } from "../streams/rollout.ts";
import { Stepper } from "../streams/stepper.ts";
import { costsOf, cpuSeconds, type CostRates } from "./costs.ts";
import { Evaluations } from "./evaluations.ts";
import { Goal } from "./goal.ts";
import { checkWeights, gradientStepsIn } from "./models-in.ts";
import { Monitor } from "./monitor.ts";
import { Phases, type Rates } from "./phases.ts";
import type { Plain } from "./plain.ts";
import type { Result } from "./receipt.ts";
import { byInstance } from "./resets.ts";
import type { Run } from "./run.ts";
import { sourceOf, type SourceOptions } from "./train-source.ts";
import { FORMAT, isOutside, readSaved, withWayOn, type Saved } from "./train-state.ts";

const PROGRESS_MS = 100;

/** How far a run is. Rates are of the last ten seconds. */
export interface Progress extends Rates {
  /** env steps done, of `steps` */
  readonly step: number;
  readonly steps: number;
  readonly episodes: number;
  /** mean return of the last 100 episodes; absent before the first */
  readonly recentReturn?: number;
  /** mean return of the last evaluation */
  readonly evaluation?: number;
  /** mean reward a step in the last line of metrics: what there is where no episode ends */
  readonly reward?: number;
  /** seconds since the start or the resume that went into acting and stepping, and into learning */
  readonly rolloutSeconds: number;
  readonly updateSeconds: number;
}

export interface SessionOptions extends SourceOptions {
  readonly run: Run | undefined;
  /** For evaluations alone; absent: there are none. */
  readonly evaluationEnv: Env | undefined;
  readonly costs?: CostRates | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Session implements Pauses {
  readonly #options: SessionOptions;
  readonly #monitor = new Monitor();
  readonly #phases = new Phases();
  readonly #evaluations: Evaluations | undefined;
  readonly #goal: Goal;
  readonly #stop = new Subject<void>();
  #from: Pick<RolloutOptions, "from"> = {};
  /** env steps at the last checkpoint, and at the last one that was due by their number */
  #saved = 0;
  #marked = 0;
  #began = { wall: performance.now(), cpu: cpuSeconds() };
  /** seconds of the parts before a resume */
  #before = { wall: 0, cpu: 0 };
  #gradientSteps = 0;
  /** the last checkpoint begun */
  #saving: Promise<void> | undefined;
  /** what ended the steps */
  #failure: unknown;
  #shown = 0;
  /** mean a step in the last line of metrics */
  #reward: number | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { learner, evaluationEnv, settings } = options;
    const { evaluation, target, from, resets } = settings;
    if (evaluationEnv !== undefined && evaluation !== undefined)
      this.#evaluations = new Evaluations({ env: evaluationEnv, learner, ...evaluation, resets });
    const plays = this.#evaluations === undefined && from === undefined;
    const of = target?.of ?? (plays ? "training" : "evaluation");
    this.#goal = new Goal({ of, target: target?.value });
  }

  /** Runs to the end, to the target, or until the signal aborts. */
  async play(): Promise<"done" | "interrupted"> {
    const { learner, settings } = this.#options;
    this.#began = { wall: performance.now(), cpu: cpuSeconds() };
    this.#phases.begin(this.#monitor.steps);
    const standing = { done: this.#monitor.steps, pauses: this, ...this.#from };
    const stream = sourceOf(this.#options, standing).pipe(
      tap({ error: (error: unknown) => (this.#failure = error) }),
      tap((batch) => this.#monitor.see(batch)),
      this.#phases.watch,
      learner.learn,
      tap((metrics) => this.#learnt(metrics)),
      takeUntil(this.#stop),
    );
    await lastValueFrom(stream, { defaultValue: undefined });
    this.#report(true);
    return this.#monitor.steps >= settings.steps || this.#goal.reachedAt !== undefined ? "done" : "interrupted";
  }

  due(steps: number, done: boolean): boolean {
    if (this.#isStopped()) return true;
    const unsaved = done && steps > this.#saved;
    return unsaved || this.#onMark(steps) || this.#reaches() || (this.#evaluations?.due(steps, done) ?? false);
  }

  async pause(stepper: Stepper | undefined, steps: number): Promise<void> {
    const { run, settings } = this.#options;
    this.#phases.enter("other");
    const done = steps >= settings.steps;
    if (this.#evaluations?.due(steps, done) === true) await this.#evaluate(steps, this.#evaluations);
    const best = this.#score(steps);
    const stop = this.#isStopped() || this.#goal.reachedAt !== undefined;
    if (best || stop || done || this.#onMark(steps)) {
      if (this.#onMark(steps)) this.#marked = steps;
      this.#saving = this.#checkpoint(stepper, steps);
      await this.#saving;
      if (best) await run?.keepBest();
    }
    this.#phases.enter("rollout");
    if (stop) this.#stop.next();
  }

  /**
   * Puts away what was learnt where the steps ended by a failure that is not the learner's: then it is as it was after the last one.
   * @returns the error, saying how to go on
   */
  async rescue(error: unknown): Promise<unknown> {
    const { run } = this.#options;
    const { steps } = this.#monitor;
    if (run === undefined || steps === 0 || error !== this.#failure || !isOutside(error)) return error;
    try {
      await this.#saving?.catch(() => undefined); // actors fail while the run pauses, too
      if (steps > this.#saved) {
        this.#writeLine(1);
        await this.#checkpoint(undefined, steps);
      }
      // What failed may have come between a score and its checkpoint.
      if (this.#goal.best?.step === steps) await run.keepBest();
    } catch {
      return error; // it came first
    }
    return withWayOn(error, run.folder, steps);
  }

  async #checkpoint(stepper: Stepper | undefined, steps: number): Promise<void> {
    await this.#options.run?.checkpoint(await this.#save(stepper, steps));
    this.#saved = steps;
  }

  /** Takes up the state of a checkpoint. @throws {GymError} BAD_RUN, BAD_SNAPSHOT */
  async restore(state: Plain): Promise<void> {
    const { learner, run, settings } = this.#options;
    const saved = readSaved(state);
    const { steps, wall, cpu, learner: learnt, goal, evaluations, monitor } = saved;
    learner.load(learnt);
    this.#gradientSteps = gradientStepsIn(learnt);
    this.#goal.load(goal);
    this.#evaluations?.load(evaluations);
    this.#monitor.load(monitor);
    if (settings.from === undefined) this.#from = { from: { stepper: await this.#stepper(saved), done: steps } };
    this.#saved = this.#marked = steps;
    this.#before = { wall, cpu };
    // A crash may have come between the checkpoint and its second name.
    if (this.#goal.best?.step === steps) await run?.keepBest();
  }

  result(status: Result["status"]): Result {
    const { steps, episodes, recentReturn } = this.#monitor;
    const { best, target, of, reachedAt } = this.#goal;
    const wallSeconds = this.#wall();
    return {
      ...{ status, steps, episodes, recentReturn, seconds: wallSeconds },
      ...(this.#evaluations?.last !== undefined && { evaluation: this.#evaluations.last }),
      ...(best !== undefined && { best: { of, ...best } }),
      ...(target !== undefined && { target: { of, value: target, ...(reachedAt !== undefined && { reachedAt }) } }),
      costs: costsOf(
        {
          envSteps: steps,
          evaluationSteps: this.#evaluations?.steps ?? 0,
          gradientSteps: this.#gradientSteps,
          cpuSeconds: this.#cpu(),
          wallSeconds,
        },
        this.#options.costs ?? {},
      ),
    };
  }

  async #save(stepper: Stepper | undefined, steps: number): Promise<Plain> {
    const { env, learner, settings } = this.#options;
    // The world of an online run does not wait, nor can it be put back, and actors keep their own: what goes on later begins anew there.
    const here = settings.online === true ? undefined : stepper;
    const learnt = learner.save();
    checkWeights(learner.id, learnt);
    this.#gradientSteps = gradientStepsIn(learnt);
    return {
      ...{ format: FORMAT, agent: learner.id, steps, wall: this.#wall(), cpu: this.#cpu() },
      learner: learnt,
      goal: this.#goal.save(),
      evaluations: this.#evaluations?.save() ?? null,
      monitor: this.#monitor.save(),
      // A record of typed arrays; an interface has no index signature, which Plain asks for.
      stepper: here === undefined ? null : { ...here.save() },
      snapshots: here === undefined ? null : await env.snapshot(),
    };
  }

  async #stepper({ stepper, snapshots }: Saved): Promise<Stepper> {
    const [env, next] = [this.#options.env, byInstance(this.#options.settings.resets)];
    if (stepper !== null && snapshots !== null) return Stepper.resume(env, stepper, await env.restore(snapshots), next);
    this.#monitor.forgetUnfinished();
    return await Stepper.start(env, {}, next);
  }

  /** Has the number of steps passed a multiple of `checkpointEvery` since the last time? */
  #onMark(steps: number): boolean {
    const { checkpointEvery } = this.#options.settings;
    return Math.floor(steps / checkpointEvery) > Math.floor(this.#marked / checkpointEvery);
  }

  /** Is the target one of training, and reached? */
  #reaches(): boolean {
    const { of, target } = this.#goal;
    if (of !== "training" || target === undefined || !this.#monitor.isFull) return false;
    return (this.#monitor.recentReturn as number) >= target;
  }

  async #evaluate(step: number, evaluations: Evaluations): Promise<void> {
    const { signal, run } = this.#options;
    if (this.#isStopped()) return;
    try {
      const line = await evaluations.run(step, signal);
      run?.write({ step, ...line, wallSeconds: this.#wall() });
    } catch (error) {
      // It is still due, and will be made when the run goes on.
      if (!(error instanceof GymError && error.code === "CANCELLED" && this.#isStopped())) throw error;
    }
  }

  /** Notes the score that counts, where there is a new one. @returns whether it is the best so far */
  #score(step: number): boolean {
    if (this.#goal.of === "evaluation") {
      const last = this.#evaluations?.last;
      return last !== undefined && last.step === step && this.#goal.offer({ step, mean: last.mean });
    }
    if (!this.#monitor.isFull || !(this.#onMark(step) || this.#reaches())) return false;
    return this.#goal.offer({ step, mean: this.#monitor.recentReturn as number });
  }

  #learnt(metrics: Readonly<Record<string, number>>): void {
    this.#monitor.learnt(metrics);
    this.#writeLine(this.#options.settings.logEvery);
    this.#report(false);
  }

  /** Where `every` steps have passed since the last line. */
  #writeLine(every: number): void {
    const line = this.#monitor.line(every);
    if (line === undefined) return;
    this.#reward = line["reward"];
    // Wall times and rates are the only numbers that a resumed run does not repeat.
    const { rate: stepsPerSecond, rolloutRate, updateRate } = this.#phases.rates(this.#monitor.steps);
    const rates = { stepsPerSecond, rolloutStepsPerSecond: rolloutRate, updateStepsPerSecond: updateRate };
    this.#options.run?.write({ ...line, wallSeconds: this.#wall(), ...definite(rates) });
  }

  #report(last: boolean): void {
    const { settings, onProgress } = this.#options;
    const now = performance.now();
    if (!onProgress || (!last && now - this.#shown < PROGRESS_MS)) return;
    this.#shown = now;
    const { steps: step, episodes, recentReturn } = this.#monitor;
    const { rollout: rolloutSeconds, update: updateSeconds } = this.#phases.seconds;
    const evaluation = this.#evaluations?.last?.mean;
    const numbers = definite({ recentReturn, evaluation, reward: this.#reward });
    const rates = this.#phases.rates(step);
    onProgress({ step, steps: settings.steps, episodes, ...numbers, ...rates, rolloutSeconds, updateSeconds });
  }

  #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #wall(): number {
    return this.#before.wall + (performance.now() - this.#began.wall) / 1_000;
  }

  #cpu(): number {
    return this.#before.cpu + cpuSeconds() - this.#began.cpu;
  }
}

/** Without the fields that have no value. */
const definite = (numbers: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).filter((field): field is [string, number] => field[1] !== undefined));
