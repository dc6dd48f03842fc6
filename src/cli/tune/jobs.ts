/** The trainings of a search, each a `dojang train` in a process of its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readRun, writerOf } from "../../../agents/index.ts";
import { runAgent } from "../demo/agent-process.ts";
import { configOf, writeWhole, type Plan } from "./plan.ts";

/** One candidate with one seed. */
export interface Job {
  readonly trial: number;
  readonly seed: number;
}

export interface JobResult extends Job {
  /** env steps it has trained for */
  readonly steps: number;
  /** Mean return of its last evaluation; absent when it failed. */
  readonly score?: number;
  readonly error?: string;
}

export interface JobOptions {
  readonly folder: string;
  readonly plan: Plan;
  /** env steps up to the end of this round */
  readonly steps: number;
  /** env steps of the first round: evaluations are that far apart, and one ends each training */
  readonly every: number;
  readonly signal: AbortSignal;
}

/** Trains on to `steps`, from whatever there is of it. @throws {GymError} CANCELLED; a call that no training could begin with */
export async function runJob(job: Job, options: JobOptions): Promise<JobResult> {
  const { plan, steps, every, signal } = options;
  const folder = folderOf(job, options);
  await untilFree(folder);
  const before = await resultIn(folder, job, steps);
  if (before !== undefined) return before;
  const config = `${folder}.json`;
  writeWhole(config, `${JSON.stringify(configOf(plan, job.trial), undefined, 2)}\n`);
  const args = [
    "train",
    plan.agent,
    plan.env,
    "--out",
    folder,
    "--steps",
    steps,
    "--seed",
    job.seed,
    "--config",
    config,
  ];
  const evaluation = ["--eval-every", every, "--eval-episodes", plan.evalEpisodes];
  const resume = existsSync(join(folder, "config.json")) ? ["--resume"] : [];
  try {
    const call = [...args, ...evaluation, ...plan.flags, ...resume].map(String);
    await runAgent(call, { folder: process.cwd(), signal });
  } catch (error) {
    // What broke down while it learnt is a result; what could not even begin is a wrong call.
    const failed = signal.aborted ? undefined : await resultIn(folder, job, steps);
    if (failed === undefined) throw error;
    return failed;
  }
  return (await resultIn(folder, job, steps)) ?? { ...job, steps: 0, error: "it left no result" };
}

/** Trainings of a search that was killed end by themselves, in a moment. */
const PATIENCE = { ms: 50, times: 200 };

async function untilFree(folder: string): Promise<void> {
  for (let i = 0; i < PATIENCE.times && (await writerOf(folder)) !== undefined; i++) await setTimeout(PATIENCE.ms);
}

const folderOf = ({ trial, seed }: Job, { folder }: JobOptions): string =>
  join(folder, `trial-${String(trial).padStart(3, "0")}-seed${seed}`);

/** What a run's folder says of a training that got as far as `steps`, or failed; undefined where there is more to do. */
async function resultIn(folder: string, job: Job, steps: number): Promise<JobResult | undefined> {
  if (!existsSync(join(folder, "config.json"))) return undefined;
  const { result, score } = await readRun(folder);
  if (result?.status === "failed") return { ...job, steps: result.steps, error: result.error ?? "failed" };
  if (result?.status !== "done" || result.steps < steps || score?.of !== "evaluation") return undefined;
  return { ...job, steps: result.steps, score: score.mean };
}
