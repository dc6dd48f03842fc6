/** One row of a batch: what a step, a reset or a failure does to its instance and to its row of the frame. */
import type { GymError } from "../../protocol/errors.ts";
import { STATUS, type JsonValue } from "../../protocol/frames.ts";
import { ActionLog } from "./action-log.ts";
import { ActionReader } from "./actions.ts";
import { callReset, checkTransition, type Outcome, type PlannedReset } from "./attempts.ts";
import type { BuiltEnv } from "./built-env.ts";
import { ColumnStepper } from "./column-stepper.ts";
import { Faults, showFault } from "./faults.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Instances, PHASE, type EpisodeStart } from "./instances.ts";
import { putBack } from "./rerun.ts";
import { EpisodeSeeds, type Rng } from "./rng.ts";
import type { AnyRules, Transition } from "./rules.ts";
import { putInstance, type InstanceSnapshot } from "./snapshot.ts";
import { StateColumns } from "./state-columns.ts";
import { CONTEXT, type StepperOptions } from "./stepper-options.ts";
import { asFault } from "./thrown.ts";

export class Stepper {
  readonly env: BuiltEnv;
  readonly instances: Instances;
  readonly writer: FrameWriter;
  readonly reader: ActionReader;
  readonly faults: Faults;
  readonly log: ActionLog;
  readonly options: StepperOptions;
  readonly #rules: AnyRules;
  readonly #byColumns: ColumnStepper | undefined;
  #seeds: EpisodeSeeds | undefined;
  /** Failures of a same-step reset: the finished step was delivered, the next frame delivers the failure. */
  readonly #held = new Map<number, GymError>();

  constructor(env: BuiltEnv, options: StepperOptions) {
    this.env = env;
    this.#rules = env.rules;
    this.options = options;
    const columns = options.byColumns && env.rules.batch ? new StateColumns(env.rules.batch, options.num) : undefined;
    this.instances = new Instances(options.num, columns);
    this.writer = new FrameWriter(env.rules, options.num, options.autoreset === "same-step", options.memory);
    this.reader = new ActionReader(env.rules);
    this.log = new ActionLog(env.rules.action, options.num, options.capsuleSteps);
    this.faults = new Faults(env, this.instances, this.log, options);
    this.#byColumns = columns && new ColumnStepper(this, columns);
  }

  /** The next episode of `row`, which autoreset begins: what is queued, else the derived seed. */
  plan(row: number): PlannedReset {
    const queued = this.instances.queues[row]?.[0];
    return this.planGiven(row, queued?.seed, queued?.options, queued !== undefined);
  }

  /** The next episode of `row` with the client's seed or the derived one. */
  planGiven(row: number, seed: number | undefined, options: JsonValue | undefined, queued = false): PlannedReset {
    const episode = (this.instances.episode[row] as number) + 1;
    return { episode, seed: seed ?? this.seedOf(row, episode), options, queued };
  }

  /** The seed that is derived for an episode of `row`. */
  seedOf(row: number, episode: number): number {
    return (this.#seeds ??= new EpisodeSeeds(this.options)).of(row, episode);
  }

  /** Is there nothing to be known about the next episode of `row` but its number? */
  isPlain(row: number): boolean {
    return !(this.#held.size > 0 && this.#held.has(row)) && (this.instances.queues[row]?.length ?? 0) === 0;
  }

  /** Steps a synchronous env: row k of `actions` is for instance rows[k]. */
  stepAll(rows: readonly number[], actions: unknown): void {
    if (this.#byColumns !== undefined) {
      this.#byColumns.stepAll(rows, actions);
      return;
    }
    // The hot loop: loads that are the same for all rows stand before it.
    const rules = this.#rules;
    const { reader } = this;
    const { phase, states, rngs } = this.instances;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] as number;
      if (phase[row] !== PHASE.running) {
        if (!this.refuseEnded(row, place)) this.#resetNow(row, place, STATUS.reset);
        continue;
      }
      this.note(row, actions, place);
      let transition: Transition<unknown>;
      try {
        const action = reader.read(actions, place, states[row]);
        if (action === undefined) {
          this.refuse(row, place, reader.why);
          continue;
        }
        const result = rules.step(states[row], action, rngs[row] as Rng, CONTEXT);
        checkTransition(result);
        transition = result;
      } catch (error) {
        this.failNow(row, place, error);
        continue;
      }
      if (this.commit(row, place, transition)) this.#resetNow(row, place, STATUS.transition);
    }
  }

  #resetNow(row: number, place: number, status: number): void {
    const plan = this.plan(row);
    this.begin(row, place, plan, callReset(this.env, plan), status);
  }

  /** Keeps the action for a capsule. */
  note(row: number, actions: unknown, place: number): void {
    this.log.note(row, this.instances.steps[row] as number, actions, place);
  }

  /** Answers for a row whose episode is over, where that is an error. False: reset it. */
  refuseEnded(row: number, place: number): boolean {
    const held = this.#held.get(row);
    if (held !== undefined) {
      this.#held.delete(row);
      this.writer.fail(this.faults.ofReset(row, place, held));
      return true;
    }
    if (!this.mustRefuse(row)) return false;
    const says = "no episode is under way. Call reset, for these rows alone with a mask.";
    this.writer.fail(this.faults.ofRequest(row, place, "RESET_NEEDED", says));
    return true;
  }

  /** True when a row whose episode is over cannot simply be reset: the mode forbids it, or a failure is still to be told. */
  mustRefuse(row: number): boolean {
    return this.options.autoreset === "disabled" || this.instances.phase[row] === PHASE.fresh || this.#held.has(row);
  }

  /** Answers for an action that the reader would not take; the instance is as before. */
  refuse(row: number, place: number, why: string): void {
    this.writer.fail(this.faults.ofRequest(row, place, "BAD_ACTION", `action: ${why}`));
  }

  /** Books a transition that `checkTransition` let pass. True when the episode is over and a same-step reset has to follow. */
  commit(row: number, place: number, transition: Transition<unknown>): boolean {
    const { instances, writer } = this;
    const { state, reward, terminated, rewards } = transition;
    // Most synchronous rules change their state in place: then there is nothing to store, nor for the collector to note.
    if (state !== instances.states[row]) instances.states[row] = state;
    const length = (instances.steps[row] as number) + 1;
    instances.steps[row] = length;
    instances.returns[row] = (instances.returns[row] as number) + reward;
    writer.rewards[place] = reward;
    if (rewards !== undefined && !this.#parts(row, place, rewards)) return false;
    const { maxSteps } = this.options;
    const truncated = maxSteps > 0 && length >= maxSteps;
    if (terminated || truncated) return this.#end(row, place, terminated, truncated);
    this.showOrFault(row, place);
    return false;
  }

  #parts(row: number, place: number, rewards: Readonly<Record<string, number>>): boolean {
    try {
      this.writer.parts(place, rewards);
      return true;
    } catch (error) {
      this.fault(row, place, asFault(error, "ENV_FAULT", "step: rewards"));
      return false;
    }
  }

  #end(row: number, place: number, terminated: boolean, truncated: boolean): boolean {
    const { instances, writer } = this;
    const sameStep = this.options.autoreset === "same-step";
    instances.phase[row] = PHASE.ended;
    writer.terminated[place] = terminated ? 1 : 0;
    writer.truncated[place] = truncated ? 1 : 0;
    const error = sameStep ? this.showFinal(row, place) : this.show(row, place);
    if (error !== undefined) {
      this.fault(row, place, error);
      return false;
    }
    writer.end(place, instances.returns[row] as number, instances.steps[row] as number);
    return sameStep;
  }

  /** Begins the planned episode and shows it, or books its failure. `status` is transition for a reset in the same step as the end. */
  begin(row: number, place: number, plan: PlannedReset, outcome: Outcome<EpisodeStart>, status: number): void {
    if (!this.beginUnseen(row, place, plan, outcome, status)) return;
    this.showStart(row, place, status);
  }

  /** The same without a look at it: false when it failed. */
  beginUnseen(row: number, place: number, plan: PlannedReset, outcome: Outcome<EpisodeStart>, status: number): boolean {
    if (this.#held.size > 0) this.#held.delete(row);
    if (outcome.error !== undefined) {
      this.beginFailed(row, place, plan, outcome.error, status);
      return false;
    }
    this.instances.begin(row, outcome.value);
    this.began(row, place, status);
    this.#unqueue(row, plan);
    return true;
  }

  /** Books the beginning of an episode of which the instance knows already. */
  began(row: number, place: number, status: number): void {
    this.log.begin(row, 0);
    this.#byColumns?.forget(row);
    this.writer.status[place] = status;
  }

  /** Shows the first state of an episode and tells of its beginning. */
  showStart(row: number, place: number, status: number): void {
    const { episode, seeds } = this.instances;
    const error = this.show(row, place);
    if (error === undefined) this.writer.start(place, episode[row] as number, seeds[row] as number);
    else this.#tellResetFault(row, place, error, status);
  }

  beginFailed(row: number, place: number, plan: PlannedReset, error: GymError, status: number): void {
    const { instances } = this;
    // What may succeed later takes nothing away: the same episode is begun again.
    if (!error.retryable) {
      instances.begin(row, { ...plan, state: undefined, rng: instances.rngs[row] as Rng });
      this.log.begin(row, 0);
      this.#unqueue(row, plan);
    }
    this.#tellResetFault(row, place, error, status);
  }

  #unqueue(row: number, plan: PlannedReset): void {
    if (plan.queued) this.instances.queues[row] = this.instances.queues[row]?.slice(1);
  }

  /** In the same step the row tells of the transition, which is complete; its next frame tells of the failure. */
  #tellResetFault(row: number, place: number, error: GymError, status: number): void {
    if (!error.retryable) this.instances.phase[row] = PHASE.faulted;
    if (status === STATUS.transition) {
      this.#held.set(row, error);
      this.writer.blank(place);
    } else this.writer.fail(this.faults.ofReset(row, place, error));
  }

  /** Puts a snapshot into `row` and shows it as a reset row. */
  put(row: number, place: number, snapshot: InstanceSnapshot): void {
    putInstance(this.instances, row, snapshot);
    this.#held.delete(row);
    this.log.begin(row, snapshot.steps);
    this.#byColumns?.keep(row, snapshot);
    this.writer.status[place] = STATUS.reset;
    this.showOrFault(row, place);
  }

  /** False: it could not be shown, and is at fault. */
  showOrFault(row: number, place: number): boolean {
    const error = this.show(row, place);
    if (error !== undefined) this.fault(row, place, error);
    return error === undefined;
  }

  /** Writes what row `row` looks like now; gives the plugin's failure at it. It cannot be retried: the state has moved on. */
  show(row: number, place: number): GymError | undefined {
    try {
      const state = this.instances.stateOf(row);
      this.writer.now.write(place, state);
      if (this.#rules.info !== undefined) this.writer.info(place, this.#rules.info(state));
      return undefined;
    } catch (error) {
      return showFault(error);
    }
  }

  showFinal(row: number, place: number): GymError | undefined {
    try {
      this.writer.final(place, this.instances.stateOf(row));
      return undefined;
    } catch (error) {
      return showFault(error);
    }
  }

  /** The plugin failed after a transition was booked: the episode is lost. */
  fault(row: number, place: number, error: GymError): void {
    this.instances.phase[row] = PHASE.faulted;
    this.writer.fail(this.faults.ofPlugin(row, place, error, 0, false));
  }

  /** A synchronous step failed, and may have changed state and generator before. */
  failNow(row: number, place: number, thrown: unknown): void {
    const error = asFault(thrown, "ENV_FAULT", "step");
    const retryable = error.retryable && this.undo(row);
    if (!retryable) this.instances.phase[row] = PHASE.faulted;
    this.writer.fail(this.faults.ofPlugin(row, place, error, 1, retryable));
  }

  /** Puts the instance back to where it was before the step. False where that cannot be known. */
  undo(row: number): boolean {
    return putBack(this.env, this.instances, this.log, row);
  }

  /** An async step failed: state and generator are as before, so the row may be stepped again. */
  faultLate(row: number, place: number, error: GymError): void {
    this.writer.fail(this.faults.ofPlugin(row, place, error, 1, true));
  }
}
