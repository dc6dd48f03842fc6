/** Steps and resets of async envs: plugins run side by side, bounded and with a deadline; then everything is committed in row order, as if it had been synchronous. */
import { STATUS } from "../../protocol/frames.ts";
import { resetLater, stepLater, type LateLimits, type LateStep, type Outcome, type PlannedReset } from "./attempts.ts";
import { PHASE, type EpisodeStart } from "./instances.ts";
import type { Rng } from "./rng.ts";
import { copyBatch } from "./rows.ts";
import type { Slots } from "./slots.ts";
import type { Stepper } from "./stepper.ts";
import { asFault } from "./thrown.ts";

/** What a row's task gave; the function commits it to the instance and the frame. */
type Commit = () => void;

export interface LateOptions extends LateLimits {
  /** Shared by all requests of a runner. */
  readonly slots: Slots;
  readonly sameStep: boolean;
  readonly maxSteps: number;
}

/** Runs the step of every row; resolves to the commits, in row order. */
export function stepRowsLater(
  stepper: Stepper,
  rows: readonly number[],
  actions: unknown,
  options: LateOptions,
): Promise<Commit[]> {
  const own = copyBatch(stepper.env.rules.action, actions);
  return all(rows, options, (row, place) => stepRow(stepper, row, place, own, options));
}

/** Runs the reset of every row; resolves to the commits, in row order. */
export function resetRowsLater(
  stepper: Stepper,
  rows: readonly number[],
  plans: readonly PlannedReset[],
  options: LateOptions,
): Promise<Commit[]> {
  return all(rows, options, (row, place) => resetRow(stepper, row, place, plans[place] as PlannedReset, options));
}

const all = (
  rows: readonly number[],
  { slots, signal }: LateOptions,
  task: (row: number, place: number) => Promise<Commit>,
): Promise<Commit[]> => Promise.all(rows.map((row, place) => slots.run(() => task(row, place), signal)));

async function resetRow(
  stepper: Stepper,
  row: number,
  place: number,
  plan: PlannedReset,
  limits: LateLimits,
): Promise<Commit> {
  const outcome = await resetLater(stepper.env, plan, limits);
  return () => {
    stepper.begin(row, place, plan, outcome, STATUS.reset);
  };
}

async function stepRow(
  stepper: Stepper,
  row: number,
  place: number,
  actions: unknown,
  options: LateOptions,
): Promise<Commit> {
  const { instances, env } = stepper;
  if (instances.phase[row] !== PHASE.running) {
    if (stepper.mustRefuse(row)) return () => void stepper.refuseEnded(row, place);
    return await resetRow(stepper, row, place, stepper.plan(row), options);
  }
  const state = instances.states[row];
  const action = readAction(stepper, actions, place, state);
  if (action.error !== undefined) {
    const step = { error: action.error };
    return () => {
      stepper.note(row, actions, place);
      commitStep(stepper, row, place, step, undefined);
    };
  }
  if (action.value === undefined) {
    const { why } = action;
    return () => {
      stepper.refuse(row, place, why);
    };
  }
  const step = await stepLater(env, state, action.value, instances.rngs[row] as Rng, options);
  const ends =
    step.value !== undefined && endsEpisode(step.value, (instances.steps[row] as number) + 1, options.maxSteps);
  const next = ends && options.sameStep ? await planned(stepper, row, options) : undefined;
  return () => {
    stepper.note(row, actions, place);
    commitStep(stepper, row, place, step, next);
  };
}

/** The action, undefined with the reason why it is refused, or what `legal` threw. */
function readAction(
  { reader }: Stepper,
  actions: unknown,
  place: number,
  state: unknown,
): Outcome<unknown> & { why: string } {
  try {
    const value = reader.read(actions, place, state);
    return { value, why: reader.why };
  } catch (error) {
    return { error: asFault(error, "ENV_FAULT", "legal"), why: "" };
  }
}

const endsEpisode = ({ transition }: LateStep, length: number, maxSteps: number): boolean =>
  transition.terminated || (maxSteps > 0 && length >= maxSteps);

interface NextEpisode {
  readonly plan: PlannedReset;
  readonly outcome: Outcome<EpisodeStart>;
}

async function planned(stepper: Stepper, row: number, limits: LateLimits): Promise<NextEpisode> {
  const plan = stepper.plan(row);
  return { plan, outcome: await resetLater(stepper.env, plan, limits) };
}

function commitStep(
  stepper: Stepper,
  row: number,
  place: number,
  step: Outcome<LateStep>,
  next: NextEpisode | undefined,
): void {
  if (step.error !== undefined) {
    stepper.faultLate(row, place, step.error);
    return;
  }
  stepper.instances.rngs[row] = step.value.rng;
  if (stepper.commit(row, place, step.value.transition) && next !== undefined) {
    stepper.begin(row, place, next.plan, next.outcome, STATUS.transition);
  }
}
