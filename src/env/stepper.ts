/** One row of a batch: what a step, a reset or a failure does to its instance and to its row of the frame. */
import { asGymError, GymError } from "../../protocol/errors.ts";
import { STATUS, type Autoreset, type JsonValue, type RowError } from "../../protocol/frames.ts";
import { ActionLog } from "./action-log.ts";
import { ActionReader } from "./actions.ts";
import { callReset, undeclared, type Outcome, type PlannedReset } from "./attempts.ts";
import type { BuiltEnv } from "./built-env.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Instances, PHASE, type EpisodeStart } from "./instances.ts";
import { episodeSeed, type Rng } from "./rng.ts";
import type { Transition } from "./rules.ts";
import { putInstance, type InstanceSnapshot } from "./snapshot.ts";

export interface StepperOptions {
  readonly num: number;
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** 0 for none */
  readonly maxSteps: number;
  /** Actions kept per instance for capsules. */
  readonly capsuleSteps: number;
}

const CONTEXT = { signal: new AbortController().signal };

export class Stepper {
  readonly env: BuiltEnv;
  readonly instances: Instances;
  readonly writer: FrameWriter;
  readonly reader: ActionReader;
  readonly #options: StepperOptions;
  readonly #log: ActionLog;
  /** Failures of a same-step reset: the finished step was delivered, the next frame delivers the failure. */
  readonly #held = new Map<number, GymError>();

  constructor(env: BuiltEnv, options: StepperOptions) {
    this.env = env;
    this.#options = options;
    this.instances = new Instances(options.num);
    this.writer = new FrameWriter(env.rules, options.num, options.autoreset === "same-step");
    this.reader = new ActionReader(env.rules);
    this.#log = new ActionLog(env.rules.action, options.num, options.capsuleSteps);
  }

  /** The next episode of `row`, with the client's seed or the derived one. */
  plan(row: number, seed?: number, options?: JsonValue): PlannedReset {
    const episode = (this.instances.episode[row] as number) + 1;
    return { episode, seed: seed ?? episodeSeed(this.#options.seed, row, episode), options };
  }

  /** Steps a synchronous env: row `place` of `actions` is for instance `row`. */
  step(row: number, place: number, actions: unknown): void {
    const { instances } = this;
    if (instances.phase[row] !== PHASE.running) {
      if (!this.refuseEnded(row, place)) this.#resetNow(row, place, STATUS.reset);
      return;
    }
    const state = instances.states[row];
    const action = this.reader.read(actions, place, state);
    if (action === undefined) {
      this.refuse(row, place);
      return;
    }
    this.note(row, actions, place);
    let transition: Transition<unknown>;
    try {
      const result = this.env.rules.step(state, action, instances.rngs[row] as Rng, CONTEXT);
      if (typeof result !== "object") throw noTransition(result);
      if ("then" in result) throw undeclared("step");
      transition = result;
    } catch (error) {
      this.fault(row, place, error, 1);
      return;
    }
    if (this.commit(row, place, transition)) this.#resetNow(row, place, STATUS.transition);
  }

  #resetNow(row: number, place: number, status: number): void {
    const plan = this.plan(row);
    this.begin(row, place, plan, callReset(this.env, plan), status);
  }

  /** Keeps the action for a capsule. */
  note(row: number, actions: unknown, place: number): void {
    this.#log.note(row, this.instances.steps[row] as number, actions, place);
  }

  /** Answers for a row whose episode is over, where that is an error. False: reset it. */
  refuseEnded(row: number, place: number): boolean {
    const held = this.#held.get(row);
    if (held !== undefined) {
      this.#held.delete(row);
      this.fault(row, place, held, 0);
      return true;
    }
    if (!this.mustRefuse(row)) return false;
    const hint = "Call reset, for these rows alone with a mask.";
    this.#fail(
      place,
      new GymError("RESET_NEEDED", `${this.env.id}: instance ${row} has no episode under way`, { hint }),
    );
    return true;
  }

  /** True when a row whose episode is over cannot simply be reset: the mode forbids it, or a failure is still to be told. */
  mustRefuse(row: number): boolean {
    return this.#options.autoreset === "disabled" || this.instances.phase[row] === PHASE.fresh || this.#held.has(row);
  }

  /** Answers for an action that the reader would not take; the instance is as before. */
  refuse(row: number, place: number): void {
    this.#fail(place, new GymError("BAD_ACTION", `${this.env.id}: instance ${row}: action: ${this.reader.why}`));
  }

  /** Books a transition. True when the episode is over and a same-step reset has to follow. */
  commit(row: number, place: number, transition: Transition<unknown>): boolean {
    const { instances, writer } = this;
    const wrong = explainTransition(transition);
    if (wrong !== undefined) {
      this.fault(row, place, wrong, 1);
      return false;
    }
    const { reward, terminated, rewards } = transition;
    instances.states[row] = transition.state;
    const length = (instances.steps[row] as number) + 1;
    instances.steps[row] = length;
    instances.returns[row] = (instances.returns[row] as number) + reward;
    writer.rewards[place] = reward;
    if (rewards !== undefined)
      for (const name of Object.keys(rewards)) writer.part(place, name, rewards[name] as number);
    const truncated = this.#options.maxSteps > 0 && length >= this.#options.maxSteps;
    if (!terminated && !truncated) {
      this.show(row, place);
      return false;
    }
    writer.terminated[place] = terminated ? 1 : 0;
    writer.truncated[place] = truncated ? 1 : 0;
    return this.#end(row, place, length);
  }

  #end(row: number, place: number, length: number): boolean {
    this.instances.phase[row] = PHASE.ended;
    const sameStep = this.#options.autoreset === "same-step";
    const seen = sameStep ? this.#finalOf(row, place) : this.show(row, place);
    if (!seen) return false;
    this.writer.end(place, this.instances.returns[row] as number, length);
    return sameStep;
  }

  #finalOf(row: number, place: number): boolean {
    try {
      this.writer.final(place, this.instances.states[row]);
      return true;
    } catch (error) {
      this.fault(row, place, error, 0);
      return false;
    }
  }

  /** Begins the planned episode, or books its failure. `status` is transition for a reset in the same step as the end. */
  begin(row: number, place: number, plan: PlannedReset, outcome: Outcome<EpisodeStart>, status: number): void {
    const { instances, writer } = this;
    if (outcome.error !== undefined) {
      instances.begin(row, { ...plan, state: undefined, rng: instances.rngs[row] as Rng });
      this.#log.begin(row, 0);
      instances.phase[row] = PHASE.faulted;
      if (status === STATUS.transition) this.#held.set(row, outcome.error);
      else this.fault(row, place, outcome.error, 0);
      return;
    }
    this.#held.delete(row);
    instances.begin(row, outcome.value);
    this.#log.begin(row, 0);
    writer.status[place] = status;
    if (this.show(row, place)) writer.start(place, plan.episode, plan.seed, plan.options);
  }

  /** Puts a snapshot into `row` and shows it as a reset row. */
  put(row: number, place: number, snapshot: InstanceSnapshot): void {
    putInstance(this.instances, row, snapshot);
    this.#held.delete(row);
    this.#log.begin(row, snapshot.steps);
    this.writer.status[place] = STATUS.reset;
    this.show(row, place);
  }

  /** Writes what row `row` looks like now. False when the plugin failed at it: the row is then a fault. */
  show(row: number, place: number): boolean {
    const state = this.instances.states[row];
    const { info } = this.env.rules;
    try {
      this.writer.now.write(place, state);
      if (info !== undefined) this.writer.info(place, info(state));
      return true;
    } catch (error) {
      this.fault(row, place, error, 0);
      return false;
    }
  }

  /** The plugin failed. What it threw as retryable leaves the instance as it was; anything else ends the episode. `underWay`: actions noted but not yet counted. */
  fault(row: number, place: number, thrown: unknown, underWay: 0 | 1): void {
    const error = asGymError(
      thrown,
      "ENV_FAULT",
      `${this.env.id}: instance ${row}, step ${this.instances.steps[row] as number}`,
    );
    if (!error.retryable) this.instances.phase[row] = PHASE.faulted;
    this.#fail(place, error, this.#capsule(row, error, underWay));
  }

  /** An async step failed: state and generator are as before, so the row may be stepped again. */
  faultLate(row: number, place: number, error: GymError): void {
    this.#fail(place, error, this.#capsule(row, error, 1), true);
  }

  #fail(place: number, error: GymError, capsule?: RowError["capsule"], retryable = error.retryable): void {
    this.writer.fail({
      index: place,
      code: error.code,
      message: error.message,
      retryable,
      ...(capsule && { capsule }),
    });
  }

  #capsule(row: number, error: GymError, underWay: 0 | 1): NonNullable<RowError["capsule"]> {
    const { instances, env } = this;
    const step = instances.steps[row] as number;
    const options = instances.options[row];
    const { actions, count, cut } = this.#log.read(row, step + underWay);
    return {
      env: env.id,
      version: env.version,
      params: env.params,
      instance: row,
      episode: instances.episode[row] as number,
      step,
      seed: instances.seeds[row] as number,
      ...(options !== undefined && { options }),
      actions,
      count,
      ...(cut && { cut }),
      error: error.message,
    };
  }
}

const noTransition = (result: unknown): GymError =>
  new GymError("ENV_FAULT", "step", { expected: "{state, reward, terminated}", received: result });

function explainTransition({ reward, terminated, rewards }: Transition<unknown>): GymError | undefined {
  if (!Number.isFinite(reward)) {
    return new GymError("ENV_FAULT", "step: reward", { expected: "a finite number", received: reward });
  }
  if (typeof terminated !== "boolean") {
    return new GymError("ENV_FAULT", "step: terminated", { expected: "true or false", received: terminated });
  }
  if (rewards === undefined) return undefined;
  for (const [name, part] of Object.entries(rewards)) {
    if (!Number.isFinite(part)) {
      return new GymError("ENV_FAULT", `step: rewards.${name}`, { expected: "a finite number", received: part });
    }
  }
  return undefined;
}
