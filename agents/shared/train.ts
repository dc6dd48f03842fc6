/** Trains an agent on an env: run folder, checkpoints, metrics, progress. A resumed run equals an uninterrupted one bit by bit. */
import type { Client, Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { findAgent } from "../registry.ts";
import type { Learner } from "./agent.ts";
import type { Plain } from "./plain.ts";
import { receiptOf, type Result } from "./receipt.ts";
import { seedFor } from "./rng.ts";
import { Run } from "./run.ts";
import { Session, type Progress } from "./train-session.ts";
import { newSettings, resumedSettings, type GivenSettings, type TrainSettings } from "./train-settings.ts";
import { loadLearner } from "./trained.ts";

export interface TrainOptions extends Omit<GivenSettings, "agent" | "env"> {
  readonly client: Client;
  /** May be left out when a run is resumed. */
  readonly agentId?: string | undefined;
  readonly envId?: string | undefined;
  /** Folder of the run. Absent: nothing is written. */
  readonly out?: string | undefined;
  /** Goes on with the run in `out`. */
  readonly resume?: boolean | undefined;
  /** Folder of another run of the same agent on the same spaces: begins with all it had learnt, its schedules go on. */
  readonly initFrom?: string | undefined;
  /** About ten times a second, and once at the end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Ends the run between two steps, with a checkpoint. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrainResult extends Result {
  readonly settings: TrainSettings;
  /** Absolute path of the run; absent when nothing was written. */
  readonly folder?: string;
  readonly learner: Learner;
}

interface Opened {
  readonly settings: TrainSettings;
  readonly run?: Run;
  readonly state?: Plain | undefined;
}

/**
 * Trains for `steps` env steps. Hyperparameters: `config` over the preset for this agent and env over the agent's defaults.
 * @throws {GymError} UNKNOWN_AGENT, UNKNOWN_ENV, BAD_PARAM; BAD_RUN when `out` exists, cannot be resumed, or was started with other settings;
 *   NOT_A_NUMBER when learning diverges (the last checkpoint stays); what the env throws
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const opened = await open(options);
  const { env: id, num, seed, autoreset, params, maxSteps } = opened.settings;
  const limit = maxSteps === undefined ? {} : { maxSteps };
  let run = opened.run;
  let env: Env | undefined;
  try {
    env = await options.client.make(id, { num, seed: seedFor(seed, "env"), autoreset, params, ...limit });
    const learner = await begin(env, opened.settings, options);
    // Only now is it known that agent, env and settings fit: a refused call leaves no folder behind.
    const settings = { ...opened.settings, config: learner.config, params: env.params };
    if (run === undefined && options.out !== undefined) run = await Run.create(options.out, settings);
    return await play(new Session({ env, learner, settings, run, ...options }), opened.state, {
      env,
      learner,
      settings,
      run,
    });
  } finally {
    run?.close();
    await env?.close();
  }
}

interface Parts {
  readonly env: Env;
  readonly learner: Learner;
  readonly settings: TrainSettings;
  readonly run: Run | undefined;
}

/** Runs the session; the receipt tells how it ended, also where it failed. */
async function play(
  session: Session,
  state: Plain | undefined,
  { env, learner, settings, run }: Parts,
): Promise<TrainResult> {
  const finish = async (result: Result): Promise<void> => run?.receipt(receiptOf(env, settings, result));
  try {
    if (state !== undefined) await session.restore(state);
    await finish(session.result("running"));
    const result = session.result(await session.play());
    await finish(result);
    return { ...result, settings, learner, ...(run && { folder: run.folder }) };
  } catch (error) {
    await finish({ ...session.result("failed"), error: error instanceof Error ? error.message : "unknown" });
    throw error;
  }
}

async function begin(env: Env, { agent, config, seed }: TrainSettings, { initFrom }: TrainOptions): Promise<Learner> {
  const learner = findAgent(agent).create(env.spaces, config, { seed: seedFor(seed, "agent") });
  if (initFrom !== undefined) await loadLearner(initFrom, learner);
  return learner;
}

async function open({ agentId, envId, ...options }: TrainOptions): Promise<Opened> {
  const { seed, steps, num, autoreset, config, params, maxSteps, checkpointEvery, logEvery } = options;
  const { out, resume = false } = options;
  const given = { seed, steps, num, autoreset, config, params, maxSteps, checkpointEvery, logEvery };
  if (!resume) {
    if (agentId === undefined || envId === undefined) throw missing(agentId === undefined ? "agent" : "env");
    findAgent(agentId);
    return { settings: newSettings(agentId, envId, given) };
  }
  if (out === undefined) throw missing("out");
  const { run, state } = await Run.resume(out);
  try {
    return { run, state, settings: resumedSettings(run.config, { agent: agentId, env: envId, ...given }, out) };
  } catch (error) {
    run.close();
    throw error;
  }
}

const missing = (name: string): GymError =>
  new GymError("BAD_PARAM", `train: ${name}`, {
    expected: name === "out" ? "the folder to resume" : "an id",
    received: undefined,
  });
