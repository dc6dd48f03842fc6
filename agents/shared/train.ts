/** Trains an agent on an env: run folder, checkpoints, metrics, progress. A resumed run equals an uninterrupted one bit by bit. */
import { resolve } from "node:path";
import type { Client, Env } from "dojang/client";
import { GymError } from "dojang/protocol";
import { findAgent } from "../registry.ts";
import type { ActorBorn } from "./a3c-actors.ts";
import type { ActorHome } from "./a3c-messages.ts";
import type { Learner } from "./agent.ts";
import type { CostRates } from "./costs.ts";
import type { Plain } from "./plain.ts";
import { receiptOf, type Result } from "./receipt.ts";
import { checkRecorded, type RecordedSource } from "./recorded-source.ts";
import { seedFor } from "./rng.ts";
import { Run } from "./run.ts";
import { Session, type Progress } from "./train-session.ts";
import { newSettings, resumedSettings, type GivenSettings, type TrainSettings } from "./train-settings.ts";
import { makeToEvaluate } from "./trained.ts";
import { initFrom, type Transfer } from "./transfer.ts";

export interface TrainOptions
  extends Omit<GivenSettings, "agent" | "env">, Partial<Pick<RecordedSource, "build" | "onSkip">> {
  readonly client: Client;
  /** May be left out when a run is resumed. */
  readonly agentId?: string | undefined;
  readonly envId?: string | undefined;
  /** Folder of the run. Absent: nothing is written. */
  readonly out?: string | undefined;
  /** Goes on with the run in `out`. */
  readonly resume?: boolean | undefined;
  /**
   * Folder of another run to begin with. Of the same agent with the same nets: all it had learnt, its schedules go on. Of another
   * one: the parameters of nets whose name and shape match; `onTransfer` is told which.
   */
  readonly initFrom?: string | undefined;
  readonly onTransfer?: ((transfer: Transfer) => void) | undefined;
  /** How energy and price in the receipt are reckoned. */
  readonly costs?: CostRates | undefined;
  /**
   * Where the actors of an agent that learns from other processes make their envs. Default: in their own process, of the built-in plugins; an
   * env that `client` finds elsewhere must be found there, too.
   */
  readonly home?: ActorHome | undefined;
  /** Told of each actor's process that is started, and of the end of the one before it. */
  readonly onActor?: ((actor: ActorBorn) => void) | undefined;
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
 *   NOT_A_NUMBER when learning diverges (the last checkpoint stays); what the env throws, after a checkpoint of what was learnt
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const opened = await open(options);
  const envs: Env[] = [];
  let run = opened.run;
  try {
    const env = await make(options.client, opened.settings, envs);
    const evaluationEnv =
      opened.settings.evaluation && (await makeForEvaluation(options.client, opened.settings, envs));
    const learner = await begin(env, opened.settings, options);
    // Only now is it known that agent, env and settings fit: a refused call leaves no folder behind.
    const settings = { ...opened.settings, config: learner.config, params: env.params };
    if (run === undefined && options.out !== undefined) run = await Run.create(options.out, settings); // prettier-ignore
    const session = new Session({ ...options, env, evaluationEnv, learner, settings, run });
    const result = await play(session, opened.state, { env, learner, settings, run });
    await closeAll(envs);
    return result;
  } catch (error) {
    await closeAll(envs).catch(() => undefined); // what failed first is what is told
    throw error;
  } finally {
    run?.close();
  }
}

async function closeAll(envs: Env[]): Promise<void> {
  await Promise.all(envs.splice(0).map((env) => env.close()));
}

/** @param envs takes what has to be closed */
async function make(client: Client, settings: TrainSettings, envs: Env[]): Promise<Env> {
  const { env: id, num, seed, autoreset, params, maxSteps } = settings;
  const limit = maxSteps === undefined ? {} : { maxSteps };
  const env = await client.make(id, { num, seed: seedFor(seed, "env"), autoreset, params, ...limit });
  envs.push(env);
  return env;
}

/** Instances of an evaluation that are stepped together; returns do not depend on it. */
const EVALUATED_TOGETHER = 32;

async function makeForEvaluation(client: Client, settings: TrainSettings, envs: Env[]): Promise<Env> {
  const env = await makeToEvaluate(client, settings, Math.min(settings.evaluation?.episodes ?? 1, EVALUATED_TOGETHER));
  envs.push(env);
  return env;
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
  } catch (failure) {
    const error = await session.rescue(failure);
    await finish({ ...session.result("failed"), error: error instanceof Error ? error.message : "unknown" });
    throw error;
  }
}

async function begin(env: Env, settings: TrainSettings, options: TrainOptions): Promise<Learner> {
  const { agent, config, seed, freeze } = settings;
  const learner = findAgent(agent).create(env.spaces, config, { seed: seedFor(seed, "agent") });
  const { from: paths } = settings;
  if (paths === undefined) learner.checkRun?.(settings);
  else await checkRecorded({ paths, env, build: options.build }, learner);
  if (learner.shared !== undefined && settings.resets !== undefined)
    throw new GymError("BAD_PARAM", "train: resets", { expected: "an agent that learns from the steps of its own process", received: learner.id }); // prettier-ignore
  if (freeze !== undefined) freezeIn(learner, freeze);
  if (options.initFrom !== undefined) {
    const transfer = await initFrom(options.initFrom, learner);
    options.onTransfer?.(transfer);
  }
  return learner;
}

function freezeIn(learner: Learner, patterns: readonly string[]): void {
  if (learner.freeze === undefined)
    throw new GymError("BAD_PARAM", "train: freeze", {
      expected: "an agent with nets",
      received: learner.id,
      hint: "Leave it out.",
    });
  learner.freeze(patterns);
}

async function open({ agentId, envId, ...options }: TrainOptions): Promise<Opened> {
  const { out, resume = false } = options;
  const given = settingsIn(options);
  if (!resume) {
    if (agentId === undefined || envId === undefined) throw missing(agentId === undefined ? "agent" : "env");
    findAgent(agentId);
    return { settings: newSettings(agentId, envId, given) };
  }
  if (out === undefined) throw missing("out");
  if (options.initFrom !== undefined) throw notBoth("initFrom", "resume");
  const { run, state } = await Run.resume(out);
  try {
    return { run, state, settings: resumedSettings(run.config, { agent: agentId, env: envId, ...given }, out) };
  } catch (error) {
    run.close();
    throw error;
  }
}

/** The settings among the options. */
function settingsIn(options: Omit<TrainOptions, "agentId" | "envId">): Omit<GivenSettings, "agent" | "env"> {
  const { seed, steps, num, autoreset, config, params, resets, maxSteps, checkpointEvery, logEvery } = options;
  const { evalEvery, evalEpisodes, target, targetOf, freeze, online, from } = options;
  return {
    ...{ seed, steps, num, autoreset, config, params, resets, maxSteps, checkpointEvery, logEvery },
    ...{ evalEvery, evalEpisodes, target, targetOf, freeze, online },
    // A run may be resumed in another folder than it was begun in.
    from: from?.map((path) => resolve(path)),
  };
}

const notBoth = (name: string, other: string): GymError =>
  new GymError("BAD_PARAM", `train: ${name}`, { expected: `none beside ${other}`, received: "both" });

const missing = (name: string): GymError =>
  new GymError("BAD_PARAM", `train: ${name}`, {
    expected: name === "out" ? "the folder to resume" : "an id",
    received: undefined,
  });
