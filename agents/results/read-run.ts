/** What run folders tell: settings, outcome, metrics. Readers of runs that may be under way, killed, or damaged. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import type { Result } from "../shared/receipt.ts";
import { isOfR1, readTrainSettings } from "../shared/run-settings.ts";
import { writerOf } from "../shared/run.ts";
import type { TrainSettings } from "../shared/train-settings.ts";

/** A score of a run: the mean return of its last evaluation, or of the last 100 episodes of training. */
export interface Score {
  readonly of: "evaluation" | "training";
  readonly mean: number;
}

export interface RunSummary {
  readonly folder: string;
  readonly settings: TrainSettings;
  /** `running`: a process of this machine is at it. `killed`: it was ended without a chance to say so. */
  readonly status: Result["status"] | "killed";
  /** The receipt; absent before the first one. A run that was killed has that of its beginning. */
  readonly result?: Result;
  readonly score?: Score;
}

/** One line of metrics.jsonl: numbers by name, the env `step` among them. */
export type MetricsLine = Readonly<Record<string, number | null>>;

/** Folders between a folder that is named and the runs in it. */
const DEPTH = 3;

/** @throws {GymError} BAD_RUN when the folder holds no run, or one whose files cannot be read */
export async function readRun(folder: string): Promise<RunSummary> {
  const settings = await readTrainSettings(folder);
  const result = await readReceipt(folder);
  const score = result && scoreOf(result);
  return {
    folder,
    settings,
    status: result === undefined || result.status === "running" ? await unended(folder) : result.status,
    ...(result && { result }),
    ...(score && { score }),
  };
}

const unended = async (folder: string): Promise<"running" | "killed"> =>
  (await writerOf(folder)) === undefined ? "killed" : "running";

function scoreOf({ evaluation, recentReturn }: Result): Score | undefined {
  if (evaluation !== undefined) return { of: "evaluation", mean: evaluation.mean };
  return recentReturn === undefined ? undefined : { of: "training", mean: recentReturn };
}

async function readReceipt(folder: string): Promise<Result | undefined> {
  const file = join(folder, "receipt.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as Result;
  } catch (cause) {
    throw new GymError("BAD_RUN", file, { expected: "JSON", received: text.slice(0, 40) }, cause);
  }
}

/** Lines of metrics.jsonl in order. A last line without an end, as a killed run leaves, is left out. @throws {GymError} BAD_RUN naming the line that is no JSON */
export async function readMetrics(folder: string): Promise<readonly MetricsLine[]> {
  const file = join(folder, "metrics.jsonl");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new GymError("BAD_RUN", file, { expected: "metrics of a run", received: "no readable file" }, cause);
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1).trimEnd();
  if (whole === "") return [];
  return whole.split("\n").map((line, i) => {
    try {
      return JSON.parse(line) as MetricsLine;
    } catch (cause) {
      throw new GymError("BAD_RUN", `${file}, line ${i + 1}`, { expected: "JSON", received: line.slice(0, 40) }, cause);
    }
  });
}

/** The run folders at or below a folder, by name. @throws {GymError} BAD_RUN when there is no such folder */
export async function findRuns(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return await runsBelow(folder, DEPTH);
  throw new GymError("BAD_RUN", folder, {
    expected: "a folder with runs",
    received: found ? "a file" : "nothing there",
  });
}

async function runsBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  // A run of r1 is one, whose stages are no runs of their own.
  if (entries.some(({ name }) => name === "config.json") || isOfR1(folder)) return [folder];
  if (depth === 0) return [];
  const below = entries
    .filter((entry) => entry.isDirectory() && !/^\.|\.tmp$|^node_modules$/.test(entry.name))
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const found: string[] = [];
  for (const name of below) found.push(...(await runsBelow(join(folder, name), depth - 1)));
  return found;
}
