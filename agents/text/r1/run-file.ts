/** What a run of the recipe was begun with: `r1.json` in its folder. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import type { JsonRecord } from "../../shared/run.ts";
import { TASK_SETS, type TaskSetName } from "./task-set.ts";

export const RUN_FILE = "r1.json";

export interface RunFile {
  readonly seed: number;
  readonly settings: JsonRecord;
  /** Runs of before there was a choice are of addition. */
  readonly tasks: TaskSetName;
}

/** @throws {GymError} BAD_RUN where there is none */
export async function readRunFile(folder: string): Promise<RunFile> {
  const file = join(folder, RUN_FILE);
  if (!existsSync(file))
    throw new GymError("BAD_RUN", folder, { expected: `a run of r1, with ${RUN_FILE}`, received: "none", hint: "Name its folder with --out." }); // prettier-ignore
  const { seed, settings } = JSON.parse(await readFile(file, "utf8")) as Omit<RunFile, "tasks">;
  return { seed, settings, tasks: TASK_SETS.find((name) => name === settings["tasks"]) ?? "addition" };
}
