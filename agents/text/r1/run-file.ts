/** What a run of the recipe was begun with: `r1.json` in its folder. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import type { JsonRecord } from "../../shared/run.ts";
import { readJson } from "./read-json.ts";
import { TASK_SETS, type TaskSetName } from "./task-set.ts";

export const RUN_FILE = "r1.json";

export interface RunFile {
  readonly seed: number;
  readonly settings: JsonRecord;
  /** Runs of before there was a choice are of addition. */
  readonly tasks: TaskSetName;
}

/** @throws {GymError} BAD_RUN where there is none, or it is damaged */
export async function readRunFile(folder: string): Promise<RunFile> {
  const file = join(folder, RUN_FILE);
  if (!existsSync(file))
    throw new GymError("BAD_RUN", folder, { expected: `a run of r1, with ${RUN_FILE}`, received: "none", hint: "Give the folder that `dojang train r1` wrote." }); // prettier-ignore
  const hint = "Write back what it was begun with, or begin anew in another folder.";
  const { seed, settings } = Object(await readJson(file, hint)) as Partial<RunFile>;
  if (!Number.isInteger(seed) || typeof settings !== "object")
    throw new GymError("BAD_RUN", file, { expected: "seed and settings as `dojang train r1` wrote them", hint });
  return { seed: seed as number, settings, tasks: TASK_SETS.find((name) => name === settings["tasks"]) ?? "addition" };
}
