/** What a training run is started with: the caller's options over a preset over defaults; on resume, what the run's folder says. */
import type { Autoreset, JsonValue } from "dojang/protocol";
import { GymError } from "dojang/protocol";
import { preset } from "../presets/index.ts";
import { drawSeed } from "./rng.ts";
import type { JsonRecord } from "./run.ts";
import { mergeSettings } from "./settings.ts";

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
  /** steps after which an episode is truncated; absent: the env's own limit */
  readonly maxSteps?: number;
  /** the agent's hyperparameters */
  readonly config: JsonRecord;
  /** the env's parameters */
  readonly params: JsonRecord;
  /** env steps between two checkpoints, and between two lines of metrics.jsonl */
  readonly checkpointEvery: number;
  readonly logEvery: number;
}

export type GivenSettings = { readonly [K in keyof TrainSettings]?: TrainSettings[K] | undefined };

const DEFAULTS = { steps: 100_000, num: 8 };
/** Shares of a run: a checkpoint every twentieth, a line of metrics every two-hundredth. */
const CHECKPOINTS = 20;
const LINES = 200;

/** Settings of a new run. */
export function newSettings(agent: string, env: string, given: GivenSettings): TrainSettings {
  const known = preset(agent, env);
  const { seed = drawSeed(), steps = known?.steps ?? DEFAULTS.steps, num = known?.num ?? DEFAULTS.num } = given;
  return {
    agent,
    env,
    seed,
    steps: atLeastOne("steps", steps),
    num: atLeastOne("num", num),
    // The fewest requests: next-step autoreset costs a second one whenever an episode ends. What is learnt is the same.
    autoreset: given.autoreset ?? "same-step",
    config: mergeSettings(known?.config ?? {}, given.config ?? {}),
    params: given.params ?? {},
    ...(given.maxSteps !== undefined && { maxSteps: atLeastOne("maxSteps", given.maxSteps) }),
    checkpointEvery: atLeastOne("checkpointEvery", given.checkpointEvery ?? Math.ceil(steps / CHECKPOINTS)),
    logEvery: atLeastOne("logEvery", given.logEvery ?? Math.ceil(steps / LINES)),
  };
}

/** Settings of a run that goes on. Only `steps` may change: a run can be made longer. @throws {GymError} BAD_RUN for any other difference */
export function resumedSettings(saved: JsonRecord, given: GivenSettings, where: string): TrainSettings {
  const settings = saved as unknown as TrainSettings;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === "steps") continue;
    refuseChange(where, name, saved[name], value);
  }
  return { ...settings, steps: atLeastOne("steps", given.steps ?? settings.steps) };
}

/** Every value that is given must be the saved one; records may give a part of theirs. */
function refuseChange(where: string, name: string, saved: JsonValue | undefined, given: JsonValue): void {
  if (isRecord(given) && isRecord(saved)) {
    for (const [key, value] of Object.entries(given)) refuseChange(where, `${name}.${key}`, saved[key], value);
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

function atLeastOne(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new GymError("BAD_PARAM", `train: ${name}`, { expected: "an integer >= 1", received: value });
}
