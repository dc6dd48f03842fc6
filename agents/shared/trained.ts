/** What a run has learnt, for those who only want to use it: evaluation, serving a policy, another run. */
import type { Client, Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { findAgent } from "../registry.ts";
import type { Learner } from "./agent.ts";
import { fieldsOf, type Plain } from "./plain.ts";
import { seedFor } from "./rng.ts";
import { readCheckpoint, readConfig } from "./run.ts";
import type { TrainSettings } from "./train-settings.ts";

/** Fills `learner` with what the run in `path` has learnt. @throws {GymError} BAD_RUN when there is no checkpoint, or it is another agent's */
export async function loadLearner(path: string, learner: Learner): Promise<void> {
  const saved = await readCheckpoint(path);
  if (saved === undefined) {
    throw new GymError("BAD_RUN", path, { expected: "a run with a checkpoint", hint: "Let it run on with --resume." });
  }
  const { agent, learner: state } = fieldsOf(fieldsOf(saved)["state"] as Plain);
  if (agent !== learner.id)
    throw new GymError("BAD_RUN", path, { expected: `a run of ${learner.id}`, received: agent });
  learner.load(state as Plain);
}

export interface Trained {
  readonly learner: Learner;
  readonly settings: TrainSettings;
}

/** The learner of a run, for an env with the spaces it was trained on. @throws {GymError} BAD_RUN, BAD_PARAM */
export async function openTrained(path: string, spaces: Env["spaces"]): Promise<Trained> {
  const settings = (await readConfig(path)) as unknown as TrainSettings;
  const learner = findAgent(settings.agent).create(spaces, settings.config, { seed: seedFor(settings.seed, "agent") });
  await loadLearner(path, learner);
  return { learner, settings };
}

/** The env of a run, made for evaluation: `num` instances, autoreset disabled. */
export async function makeForRun(client: Client, path: string, num: number): Promise<Env> {
  const { env, params, seed, maxSteps } = (await readConfig(path)) as unknown as TrainSettings;
  return client.make(env, {
    num,
    params,
    autoreset: "disabled",
    seed: seedFor(seed, "evaluate"),
    ...(maxSteps !== undefined && { maxSteps }),
  });
}
