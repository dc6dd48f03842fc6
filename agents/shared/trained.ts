/** What a run has learnt, for those who only want to use it: evaluation, serving a policy, another run. */
import type { Client, Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { findAgent } from "../registry.ts";
import type { Learner } from "./agent.ts";
import { fieldsOf, type Plain } from "./plain.ts";
import { seedFor } from "./rng.ts";
import { readCheckpoint } from "./run.ts";
import { readTrainSettings } from "./run-settings.ts";
import type { TrainSettings } from "./train-settings.ts";

/** Which checkpoint of a run: the last one, or the one with the best score. */
export type Which = "last" | "best";

/** The agent of a run and all it has learnt. @throws {GymError} BAD_RUN when there is no such checkpoint */
export async function readLearnt(path: string, which: Which = "last"): Promise<{ agent: string; state: Plain }> {
  await readTrainSettings(path);
  const saved = await readCheckpoint(path, which);
  if (saved === undefined) {
    const hint = which === "best" ? "A run has one once it has a score: after an evaluation, or 100 episodes." : "Let it run on with --resume."; // prettier-ignore
    throw new GymError("BAD_RUN", path, { expected: `a run with a ${which} checkpoint`, received: "none", hint });
  }
  const { agent, learner } = fieldsOf(fieldsOf(saved)["state"] as Plain);
  return { agent: agent as string, state: learner as Plain };
}

/** Fills `learner` with what the run in `path` has learnt. @throws {GymError} BAD_RUN when there is no checkpoint, or it is another agent's */
export async function loadLearner(path: string, learner: Learner, which: Which = "last"): Promise<void> {
  const { agent, state } = await readLearnt(path, which);
  if (agent !== learner.id)
    throw new GymError("BAD_RUN", path, { expected: `a run of ${learner.id}`, received: agent });
  learner.load(state);
}

export interface Trained {
  readonly learner: Learner;
  readonly settings: TrainSettings;
}

/** The learner of a run, for an env with the spaces it was trained on. @throws {GymError} BAD_RUN, BAD_PARAM */
export async function openTrained(path: string, spaces: Env["spaces"], which: Which = "last"): Promise<Trained> {
  const settings = await readTrainSettings(path);
  const learner = findAgent(settings.agent).create(spaces, settings.config, { seed: seedFor(settings.seed, "agent") });
  await loadLearner(path, learner, which);
  return { learner, settings };
}

/** What an evaluation may change of the env that a run was trained on: params by name, and the time limit (0 for none). */
export type EnvChanges = Partial<Pick<TrainSettings, "params" | "maxSteps">>;

/**
 * The env of a run, made for evaluation: `num` instances, autoreset disabled. Its seed derives from the run's, so that two
 * evaluations of a run are the same; its episodes are others than those of evaluations under way, by which the best checkpoint was chosen.
 * @throws {GymError} BAD_RUN, and what `make` throws
 */
export async function makeForRun(client: Client, path: string, num: number, changes: EnvChanges = {}): Promise<Env> {
  const settings = await readTrainSettings(path);
  const params = { ...settings.params, ...changes.params };
  return makeToEvaluate(client, { ...settings, ...changes, params }, num, "evaluate afterwards");
}

/** Steps after which an episode of an evaluation is cut where neither env nor run has a limit: a policy may walk in circles for ever. */
const LONGEST = 10_000;

/** The same, of a run that is under way; training draws nothing from its seed. @param purpose other episodes for another one */
export async function makeToEvaluate(
  client: Client,
  settings: TrainSettings,
  num: number,
  purpose: "evaluate" | "evaluate afterwards" = "evaluate",
): Promise<Env> {
  const { env: id, params, seed, maxSteps } = settings;
  const options = { num, params, autoreset: "disabled", seed: seedFor(seed, purpose) } as const;
  const env = await client.make(id, maxSteps === undefined ? options : { ...options, maxSteps });
  if (env.maxSteps > 0) return env;
  await env.close();
  return client.make(id, { ...options, maxSteps: LONGEST });
}
