/** What a search is: settings that are kept in its folder, so that it can go on after any end. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawFrom, mergeSettings, rngFor, type SearchSpace } from "../../../agents/index.ts";
import { GymError } from "../../../protocol/errors.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import { readJson } from "../settings-file.ts";

type JsonRecord = Readonly<Record<string, JsonValue>>;

/** tune.json of a search. */
export interface Plan {
  readonly agent: string;
  readonly env: string;
  /** Hyperparameters that all candidates share; the first candidate is this alone. */
  readonly base: JsonRecord;
  readonly space: SearchSpace;
  readonly trials: number;
  readonly rounds: number;
  /** Seeds of each candidate: `seed`, `seed + 1`, ... */
  readonly seeds: number;
  /** env steps of the last round */
  readonly steps: number;
  readonly seed: number;
  readonly evalEpisodes: number;
  /** Flags of `dojang train` that all trainings share. */
  readonly flags: readonly string[];
}

const PLAN = "tune.json";

/** Makes the folder of a new search. @throws {GymError} BAD_RUN when something is there */
export function createPlan(folder: string, plan: Plan): void {
  if (existsSync(folder))
    throw new GymError("BAD_RUN", folder, {
      expected: "a folder that does not exist yet",
      hint: "Go on with --resume, or choose another --out.",
    });
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, PLAN), `${JSON.stringify(plan, undefined, 2)}\n`);
}

/** The plan in a folder. @throws {GymError} BAD_RUN when there is none */
export function readPlan(folder: string): Plan {
  const file = join(folder, PLAN);
  if (!existsSync(file))
    throw new GymError("BAD_RUN", folder, { expected: `a search with its ${PLAN}`, received: "none" });
  // `createPlan` wrote it, whole.
  return readJson(file, file) as unknown as Plan;
}

/** @throws {GymError} BAD_RUN naming the first setting that was given anew with another value */
export function checkSame(folder: string, plan: Plan, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const saved = plan[name as keyof Plan];
    if (value === undefined || JSON.stringify(saved) === JSON.stringify(value)) continue;
    throw new GymError("BAD_RUN", `${folder}: ${name}`, {
      expected: `${JSON.stringify(saved)}, with which the search was started`,
      received: value,
      hint: "Leave it out, or start a new search.",
    });
  }
}

/** Hyperparameters of candidate `trial`, from 0: the base, then draws that depend on the seed and the number alone. */
export const configOf = ({ base, space, seed }: Plan, trial: number): JsonRecord =>
  trial === 0 ? base : mergeSettings(base, drawFrom(space, rngFor(seed, `trial ${trial}`)));

/** Replaces a file as a whole. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}
