/** Steps a batch whose states are columns: what `Stepper.stepAll` does row by row, in a few calls of the plugin for all rows. */
import { allocate, copyRow, getAny } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import { STATUS } from "../../protocol/frames.ts";
import { callReset, checkTransition } from "./attempts.ts";
import type { AnyBatchRules } from "./batch-rules.ts";
import { showRows, succeeds } from "./column-frame.ts";
import { NO_RNG, PHASE } from "./instances.ts";
import { putBackFrom } from "./rerun.ts";
import { Rng } from "./rng.ts";
import { firstRows } from "./rows.ts";
import type { Transition } from "./rules.ts";
import type { InstanceSnapshot } from "./snapshot.ts";
import type { StateColumns } from "./state-columns.ts";
import { CONTEXT } from "./stepper-options.ts";
import type { Stepper } from "./stepper.ts";
import { asFault } from "./thrown.ts";

/** Rows that are stepped together, and where each stands in the frame. */
interface Group {
  readonly rows: Uint32Array;
  readonly places: Uint32Array;
  readonly actions: unknown;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
}

export class ColumnStepper {
  readonly #stepper: Stepper;
  readonly #batch: AnyBatchRules;
  readonly #columns: StateColumns;
  /** 0, 1, 2, ...: the rows of a frame about all instances, and the places of any frame. */
  readonly #counting: Uint32Array;
  /** Where rows that are stepped alone are gathered. */
  readonly #rows: Uint32Array;
  readonly #places: Uint32Array;
  #actions: unknown;
  /** Places of rows whose episode ended in this step. */
  readonly #ended: Uint32Array;
  #endedCount = 0;
  /** Places of rows that begin an episode in this frame. */
  readonly #begun: Uint32Array;
  #begunCount = 0;
  /** Places of rows that have nothing to show. */
  readonly #dark = new Set<number>();
  /** The generator of the next episode: it changes places with that of the last. */
  #spare = new Rng(0);

  /** What rows were restored from that are still in that episode. */
  readonly #restored = new Map<number, InstanceSnapshot>();

  constructor(stepper: Stepper, columns: StateColumns) {
    const { num } = stepper.options;
    this.#stepper = stepper;
    this.#columns = columns;
    this.#batch = columns.batch;
    this.#counting = Uint32Array.from({ length: num }, (_, row) => row);
    this.#rows = new Uint32Array(num);
    this.#places = new Uint32Array(num);
    this.#ended = new Uint32Array(num);
    this.#begun = new Uint32Array(num);
  }

  /** Row `row` was restored. */
  keep(row: number, snapshot: InstanceSnapshot): void {
    this.#restored.set(row, snapshot);
  }

  /** Row `row` began another episode. */
  forget(row: number): void {
    if (this.#restored.size > 0) this.#restored.delete(row);
  }

  /** As `Stepper.stepAll`. */
  stepAll(all: readonly number[], actions: unknown): void {
    const { writer, options } = this.#stepper;
    const { num, autoreset } = options;
    const rows = all.length === num ? this.#counting : Uint32Array.from(all);
    this.#endedCount = this.#begunCount = 0;
    if (this.#dark.size > 0) this.#dark.clear();
    this.#step(this.#allTogether(rows, actions) ?? this.#gather(rows, actions));
    const before = this.#begunCount;
    if (autoreset === "same-step") this.#endAndBegin(rows);
    // Those that were over before come before those that ended just now.
    const begun = this.#begun.subarray(0, this.#begunCount);
    if (before > 0 && begun.length > before) begun.sort();
    const ended = this.#ended.subarray(0, this.#endedCount);
    showRows(this.#stepper, this.#columns, { rows, begun, ended, dark: this.#dark });
    writer.sortErrors();
  }

  /** The whole frame as one group, where every row can be stepped: then nothing needs to be moved. */
  #allTogether(rows: Uint32Array, actions: unknown): Group | undefined {
    const { instances, reader, writer, options } = this.#stepper;
    const { phase } = instances;
    const count = rows.length;
    for (let place = 0; place < count; place++) if (phase[rows[place]!] !== PHASE.running) return undefined;
    if (!reader.takesAll(actions, count)) return undefined;
    const all = count === options.num;
    return {
      rows,
      places: all ? this.#counting : this.#counting.subarray(0, count),
      actions,
      rewards: all ? writer.rewards : writer.rewards.subarray(0, count),
      terminated: all ? writer.terminated : writer.terminated.subarray(0, count),
    };
  }

  /** The rows that can be stepped; the others are reset or refused. */
  #gather(rows: Uint32Array, actions: unknown): Group {
    const { instances, env } = this.#stepper;
    const space = env.rules.action;
    const gathered = (this.#actions ??= allocate(space, this.#stepper.options.num)) as never; // a batch of the action space
    let count = 0;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place]!;
      if (instances.phase[row] !== PHASE.running) this.#beginOrRefuse(row, place);
      else if (this.#takes(row, place, actions)) {
        this.#rows[count] = row;
        this.#places[count] = place;
        copyRow(space, actions as never, place, gathered, count++);
      }
    }
    return {
      rows: this.#rows.subarray(0, count),
      places: this.#places.subarray(0, count),
      actions: firstRows(space, gathered, count),
      rewards: new Float64Array(count),
      terminated: new Uint8Array(count),
    };
  }

  #beginOrRefuse(row: number, place: number): void {
    if (this.#stepper.refuseEnded(row, place)) this.#dark.add(place);
    else this.#begin(row, place, STATUS.reset);
  }

  /** Is the action one that can be taken? If not, the row is told so. */
  #takes(row: number, place: number, actions: unknown): boolean {
    const { reader, instances } = this.#stepper;
    try {
      const state = reader.looksAtState ? instances.stateOf(row) : undefined;
      if (reader.read(actions, place, state) !== undefined) return true;
      this.#stepper.refuse(row, place, reader.why);
    } catch (error) {
      this.#stepper.note(row, actions, place);
      this.#stepper.failNow(row, place, error);
    }
    this.#dark.add(place);
    return false;
  }

  #step(group: Group): void {
    const { rows, actions } = group;
    if (rows.length === 0) return;
    const { instances, log } = this.#stepper;
    const { rewards, terminated } = group;
    log.noteAll(rows, instances.steps, actions);
    try {
      this.#batch.step(this.#columns.columns, { rows, actions, rngs: instances.rngs, rewards, terminated });
    } catch (error) {
      terminated.fill(0);
      for (let k = 0; k < rows.length; k++) this.#stepAlone(group, k, error);
      return;
    }
    if (rows === this.#counting) this.#bookFrame(group);
    else this.#bookAll(group);
  }

  /** As `bookAll` for a frame about all instances, where place, row and index are one: the hot loop. */
  #bookFrame({ rewards, terminated }: Group): void {
    const { instances, options } = this.#stepper;
    const { steps, returns } = instances;
    const limit = options.maxSteps > 0 ? options.maxSteps : Infinity;
    for (let row = 0; row < options.num; row++) {
      const reward = rewards[row]!;
      const length = steps[row]! + 1;
      // Most steps: the episode goes on. What is not finite differs from itself in the subtraction.
      if (terminated[row] === 0 && length < limit && reward - reward === 0) {
        steps[row] = length;
        returns[row]! += reward;
      } else this.#book(row, row, reward, terminated[row] !== 0);
    }
  }

  #bookAll({ rows, places, rewards, terminated }: Group): void {
    for (let k = 0; k < rows.length; k++) this.#book(rows[k]!, places[k]!, rewards[k]!, terminated[k] !== 0);
  }

  /** Something threw among all: the row is put back to before the step and stepped by the scalar rules, which tell whose fault it is. */
  #stepAlone({ rows, places, actions }: Group, k: number, thrown: unknown): void {
    const stepper = this.#stepper;
    const row = rows[k]!;
    let transition: Transition<unknown>;
    try {
      if (!this.#putBack(row)) throw thrown;
      const { rules } = stepper.env;
      const action = getAny(rules.action, actions, k);
      const result = rules.step(stepper.instances.stateOf(row), action, stepper.instances.rngs[row]!, CONTEXT);
      checkTransition(result);
      transition = result;
    } catch (error) {
      this.#fail(row, places[k]!, error);
      return;
    }
    stepper.instances.setState(row, transition.state);
    this.#book(row, places[k]!, transition.reward, transition.terminated);
  }

  #putBack(row: number): boolean {
    const { env, instances, log } = this.#stepper;
    const restored = this.#restored.get(row);
    return restored === undefined ? this.#stepper.undo(row) : putBackFrom(restored, env, instances, log, row);
  }

  #fail(row: number, place: number, error: unknown): void {
    this.#dark.add(place);
    this.#stepper.failNow(row, place, error);
  }

  /** Counts a step that was taken. */
  #book(row: number, place: number, reward: number, terminated: boolean): void {
    if (!Number.isFinite(reward)) {
      this.#fail(row, place, notFinite(reward));
      return;
    }
    const { instances, writer, options } = this.#stepper;
    const length = instances.steps[row]! + 1;
    instances.steps[row] = length;
    instances.returns[row]! += reward;
    writer.rewards[place] = reward;
    const truncated = options.maxSteps > 0 && length >= options.maxSteps;
    if (!terminated && !truncated) return;
    instances.phase[row] = PHASE.ended;
    writer.terminated[place] = terminated ? 1 : 0;
    writer.truncated[place] = truncated ? 1 : 0;
    this.#ended[this.#endedCount++] = place;
  }

  /** Same-step autoreset: shows the last states of the episodes that ended, and begins the next ones. */
  #endAndBegin(all: Uint32Array): void {
    const count = this.#endedCount;
    if (count === 0) return;
    const { writer, instances } = this.#stepper;
    const places = this.#ended.subarray(0, count);
    const rows = places.map((place) => all[place]!);
    const shown = succeeds(() => writer.finals(this.#columns, rows, places));
    for (let k = 0; k < count; k++) {
      const row = rows[k]!;
      const place = places[k]!;
      const error = shown ? undefined : this.#stepper.showFinal(row, place);
      if (error !== undefined) {
        this.#dark.add(place);
        this.#stepper.fault(row, place, error);
        continue;
      }
      writer.end(place, instances.returns[row]!, instances.steps[row]!);
      this.#begin(row, place, STATUS.transition);
    }
    this.#endedCount = 0;
  }

  /** Puts the row at the start of its next episode. */
  #begin(row: number, place: number, status: number): void {
    const stepper = this.#stepper;
    if (this.#batch.reset === undefined || !stepper.isPlain(row)) {
      const plan = stepper.plan(row);
      if (stepper.beginUnseen(row, place, plan, callReset(stepper.env, plan), status))
        this.#begun[this.#begunCount++] = place;
      else this.#dark.add(place);
      return;
    }
    const { instances } = stepper;
    const episode = instances.episode[row]! + 1;
    const seed = stepper.seedOf(row, episode);
    const rng = this.#spare;
    rng.reseed(seed);
    try {
      this.#batch.reset(this.#columns.columns, row, rng);
    } catch (error) {
      this.#dark.add(place);
      const plan = { episode, seed, options: undefined, queued: false };
      stepper.beginFailed(row, place, plan, asFault(error, "ENV_FAULT", "reset"), status);
      return;
    }
    const last = instances.rngs[row]!;
    this.#spare = last === NO_RNG ? new Rng(0) : last;
    // Seldom there, and a store into a list of objects costs more than a look.
    if (instances.options[row] !== undefined) instances.options[row] = undefined;
    instances.start(row, rng, episode, seed);
    stepper.began(row, place, status);
    this.#begun[this.#begunCount++] = place;
  }
}

const notFinite = (reward: number): GymError =>
  new GymError("ENV_FAULT", "step: reward", { expected: "a finite number", received: reward });
