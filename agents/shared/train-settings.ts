/** What a training run is started with: the caller's options over a preset over defaults; on resume, what the run's folder says. */
import type { Autoreset, JsonValue } from "dojang/protocol";
import { GymError } from "dojang/protocol";
import { preset } from "../presets/index.ts";
import type { ScoreOf } from "./goal.ts";
import { drawSeed } from "./rng.ts";
import type { JsonRecord } from "./run.ts";
import { fieldsIn, mergeSettings } from "./settings.ts";

/** config.json of a run. */
export interface TrainSettings {
  readonly agent: string;
  readonly env: string;
  /** Every random stream of the run derives from it. */
  readonly seed: number;
  /** env steps in all */
  readonly steps: number;
  /** instances */
  readonly num: number;
  readonly autoreset: Autoreset;
  /** steps after which an episode is truncated, 0 for none; absent: the env's own limit */
  readonly maxSteps?: number;
  /** Recordings that the run learns from in place of its own play: files, folders, patterns. Absent: it plays. */
  readonly from?: readonly string[];
  /** the agent's hyperparameters */
  readonly config: JsonRecord;
  /** the env's parameters */
  readonly params: JsonRecord;
  /** Options that episodes are reset with: instance i begins each of its own with entry i, counted round and round, evaluation its episode i. Absent: none. */
  readonly resets?: readonly JsonValue[];
  /** env steps between two checkpoints, and between two lines of metrics.jsonl */
  readonly checkpointEvery: number;
  readonly logEvery: number;
  /** Evaluations during training: env steps between two, and episodes of each. Absent: none. */
  readonly evaluation?: { readonly every: number; readonly episodes: number };
  /** Mean return at which the run stops before its steps are done. Absent: none. */
  readonly target?: { readonly of: ScoreOf; readonly value: number };
  /** Patterns of the names of parameters that no step changes. Absent: none. */
  readonly freeze?: readonly string[];
  /** The run learns from a world that goes on without it: no steps in all, no snapshots of the env. Absent: false. */
  readonly online?: boolean;
}

/** What a caller may say: the settings, with some of them in a shorter form. */
export interface GivenSettings extends Given<Omit<TrainSettings, "evaluation" | "target" | "steps">> {
  readonly steps?: number | undefined;
  /** env steps between two evaluations. Default none; with a target of an evaluation a twentieth of the run. */
  readonly evalEvery?: number | undefined;
  /** Default 20. */
  readonly evalEpisodes?: number | undefined;
  readonly target?: number | undefined;
  /** Default: evaluation where there are evaluations, else training. */
  readonly targetOf?: ScoreOf | undefined;
}

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

const DEFAULTS = { steps: 100_000, num: 8 };
/** Shares of a run: a checkpoint every twentieth, a line of metrics every two-hundredth. */
const CHECKPOINTS = 20;
const LINES = 200;
/** The same of a run without end, in env steps. */
const ONLINE = { steps: Number.MAX_SAFE_INTEGER, checkpointEvery: 10_000, logEvery: 1_000 };
const EVAL_EPISODES = 20;

/** Settings of a new run. @throws {GymError} BAD_PARAM */
export function newSettings(agent: string, env: string, given: GivenSettings): TrainSettings {
  const known = preset(agent, env);
  const { seed = drawSeed(), num = known?.num ?? DEFAULTS.num, online = false, resets = known?.resets ?? [] } = given;
  if (online && given.steps !== undefined)
    throw new GymError("BAD_PARAM", "train: steps", {
      expected: "none: an online run goes on until it is stopped",
      received: given.steps,
    });
  const from = recordedIn(given);
  const steps = atLeastOne("steps", online ? ONLINE.steps : (given.steps ?? known?.steps ?? DEFAULTS.steps));
  const {
    checkpointEvery = online ? ONLINE.checkpointEvery : Math.ceil(steps / CHECKPOINTS),
    logEvery = online ? ONLINE.logEvery : Math.ceil(steps / LINES),
  } = given;
  return {
    agent,
    env,
    seed,
    steps,
    num: from === undefined ? atLeastOne("num", num) : 1,
    // The fewest requests: next-step autoreset costs a second one whenever an episode ends. What is learnt is the same.
    // With options for every reset, an episode that began by itself would be thrown away.
    autoreset: given.autoreset ?? (resets.length > 0 ? "disabled" : "same-step"),
    ...(from !== undefined && { from }),
    config: mergeSettings(known?.config ?? {}, given.config ?? {}),
    params: given.params ?? {},
    ...(resets.length > 0 && { resets }),
    ...(given.maxSteps !== undefined && { maxSteps: integerFrom(0, "maxSteps", given.maxSteps) }),
    checkpointEvery: atLeastOne("checkpointEvery", checkpointEvery),
    logEvery: atLeastOne("logEvery", logEvery),
    ...scoring(given, steps),
    ...(given.freeze !== undefined && given.freeze.length > 0 && { freeze: given.freeze }),
    ...(online && { online }),
  };
}

/** @throws {GymError} BAD_PARAM for what only a run that plays has */
function recordedIn({ from, num, online, targetOf }: GivenSettings): GivenSettings["from"] {
  if (from === undefined || from.length === 0) return undefined;
  const expected = "none beside recordings to learn from";
  if (num !== undefined) throw new GymError("BAD_PARAM", "train: num", { expected, received: num });
  if (online === true) throw new GymError("BAD_PARAM", "train: online", { expected, received: online });
  if (targetOf === "training") throw new GymError("BAD_PARAM", "train: targetOf", { expected: "evaluation: recorded returns are another's", received: targetOf }); // prettier-ignore
  return from;
}

/** Evaluations and target. */
function scoring(given: GivenSettings, steps: number): Pick<TrainSettings, "evaluation" | "target"> {
  const { target, from = [], evalEpisodes = EVAL_EPISODES } = given;
  const targetOf = given.targetOf ?? (target !== undefined && from.length > 0 ? "evaluation" : undefined);
  const every = given.evalEvery ?? (targetOf === "evaluation" ? Math.ceil(steps / CHECKPOINTS) : undefined);
  if (target === undefined && targetOf !== undefined) throw alone("targetOf", "target");
  if (every === undefined && given.evalEpisodes !== undefined) throw alone("evalEpisodes", "evalEvery");
  if (target !== undefined && !Number.isFinite(target))
    throw new GymError("BAD_PARAM", "train: target", { expected: "a finite number", received: target });
  const of = targetOf ?? (every === undefined ? "training" : "evaluation");
  return {
    ...(every !== undefined && {
      evaluation: { every: atLeastOne("evalEvery", every), episodes: atLeastOne("evalEpisodes", evalEpisodes) },
    }),
    ...(target !== undefined && { target: { of, value: target } }),
  };
}

const alone = (name: string, other: string): GymError =>
  new GymError("BAD_PARAM", `train: ${name}`, { expected: `a ${other} beside it`, received: undefined });

/**
 * Settings of a run that goes on. Only `steps` and the target may change: a run can be made longer.
 * @throws {GymError} BAD_RUN for any other difference, BAD_PARAM
 */
export function resumedSettings(saved: JsonRecord, given: GivenSettings, where: string): TrainSettings {
  const settings = saved as unknown as TrainSettings;
  const { steps, target, targetOf, evalEvery, evalEpisodes, ...fixed } = given;
  for (const [name, value] of Object.entries(fixed))
    if (value !== undefined) refuseChange(where, name, saved[name], value);
  const { evaluation } = settings;
  if (evalEvery !== undefined) refuseChange(where, "evalEvery", evaluation?.every, evalEvery);
  if (evalEpisodes !== undefined) refuseChange(where, "evalEpisodes", evaluation?.episodes, evalEpisodes);
  const of = settings.target?.of ?? (evaluation === undefined ? "training" : "evaluation");
  if (targetOf !== undefined) refuseChange(where, "targetOf", of, targetOf);
  if (target !== undefined && settings.from !== undefined && evaluation === undefined) throw alone("target", "evalEvery"); // prettier-ignore
  return {
    ...settings,
    steps: atLeastOne("steps", steps ?? settings.steps),
    ...(target !== undefined && { target: { of, value: target } }),
  };
}

/** Every value that is given must be the saved one; records may give a part of theirs. */
function refuseChange(where: string, name: string, saved: JsonValue | undefined, given: JsonValue): void {
  const fields = isRecord(saved) ? fieldsIn(given) : undefined;
  if (isRecord(saved) && fields !== undefined) {
    for (const [key, value] of Object.entries(fields)) refuseChange(where, `${name}.${key}`, saved[key], value);
    return;
  }
  if (JSON.stringify(saved) === JSON.stringify(given)) return;
  throw new GymError("BAD_RUN", `${where}: ${name}`, {
    expected: `${JSON.stringify(saved)}, with which the run was started`,
    received: given,
    hint: "Leave it out, or start a new run.",
  });
}

const isRecord = (value: JsonValue | undefined): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const atLeastOne = (name: string, value: number): number => integerFrom(1, name, value);

function integerFrom(least: number, name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new GymError("BAD_PARAM", `train: ${name}`, { expected: `an integer >= ${least}`, received: value });
}
