/** Steps and resets of async envs: plugins run side by side, bounded and with a deadline; then everything is committed in row order, as if it had been synchronous. */
import { STATUS } from "../../protocol/frames.ts";
import {
  resetLater,
  runBounded,
  stepLater,
  type LateLimits,
  type LateStep,
  type Outcome,
  type PlannedReset,
} from "./attempts.ts";
import { PHASE, type EpisodeStart } from "./instances.ts";
import type { Rng } from "./rng.ts";
import { copyBatch } from "./rows.ts";
import type { Stepper } from "./stepper.ts";

/** What a row's task gave; the function commits it to the instance and the frame. */
type Commit = () => void;

export interface LateOptions extends LateLimits {
  readonly concurrent: number;
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
  return runBounded(
    rows.map((row, place) => () => stepRow(stepper, row, place, own, options)),
    options.concurrent,
  );
}

/** Runs the reset of every row; resolves to the commits, in row order. */
export function resetRowsLater(
  stepper: Stepper,
  rows: readonly number[],
  plans: readonly PlannedReset[],
  options: LateOptions,
): Promise<Commit[]> {
  return runBounded(
    rows.map((row, place) => () => resetRow(stepper, row, place, plans[place] as PlannedReset, options)),
    options.concurrent,
  );
}

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
  const { instances, env, reader } = stepper;
  if (instances.phase[row] !== PHASE.running) return await stepEnded(stepper, row, place, options);
  const state = instances.states[row];
  const action = reader.read(actions, place, state);
  const why = reader.why;
  if (action === undefined) {
    return () => {
      reader.why = why;
      stepper.refuse(row, place);
    };
  }
  const step = await stepLater(env, state, action, instances.rngs[row] as Rng, options);
  const ends =
    step.value !== undefined && endsEpisode(step.value, (instances.steps[row] as number) + 1, options.maxSteps);
  const next = ends && options.sameStep ? await planned(stepper, row, options) : undefined;
  return () => {
    stepper.note(row, actions, place);
    commitStep(stepper, row, place, step, next);
  };
}

async function stepEnded(stepper: Stepper, row: number, place: number, options: LateOptions): Promise<Commit> {
  if (stepper.mustRefuse(row)) return () => void stepper.refuseEnded(row, place);
  return await resetRow(stepper, row, place, stepper.plan(row), options);
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
