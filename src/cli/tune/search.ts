/** A search from round to round: trains the candidates side by side, ranks them, lets the best go on. */
import { join } from "node:path";
import { budgets, ranked, survivors, type Scored } from "../../../agents/index.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import { stopIfAborted } from "../interrupt.ts";
import { runJob, type Job, type JobResult } from "./jobs.ts";
import { configOf, writeWhole, type Plan } from "./plan.ts";

/** What is known of one candidate. */
export interface Trial extends Scored {
  readonly config: Readonly<Record<string, JsonValue>>;
  /** rounds it has trained for */
  readonly rounds: number;
  readonly steps: number;
  /** mean of its seeds' scores after the last of these rounds; absent when one of them failed */
  readonly score?: number;
  readonly error?: string;
}

export interface SearchOptions {
  readonly folder: string;
  readonly plan: Plan;
  /** Trainings at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Told each training that is done. */
  readonly onJob: (result: JobResult, round: number) => void;
}

/** @returns all candidates, those of the last round first, each round best first @throws {GymError} CANCELLED; a call that no training could begin with */
export async function search(options: SearchOptions): Promise<Trial[]> {
  const { plan, folder } = options;
  const steps = budgets(plan.steps, plan.rounds);
  const [every = plan.steps] = steps;
  const trials = new Map<number, Trial>();
  let candidates = Array.from({ length: plan.trials }, (_, trial) => trial);
  for (const [round, budget] of steps.entries()) {
    const queue = candidates.flatMap((trial) => seedsOf(plan).map((seed) => ({ trial, seed })));
    const results = await all(queue, options.jobs, async (job) => {
      stopIfAborted(options.signal, "tune");
      const result = await runJob(job, { ...options, steps: budget, every });
      options.onJob(result, round + 1);
      return result;
    });
    for (const trial of candidates) trials.set(trial, trialOf(plan, trial, round + 1, results));
    writeWhole(join(folder, "results.json"), `${JSON.stringify(inOrder(trials), undefined, 2)}\n`);
    candidates = survivors(candidates.map((trial) => trials.get(trial) as Trial));
    if (candidates.length === 0) break;
  }
  return inOrder(trials);
}

const seedsOf = ({ seed, seeds }: Plan): number[] => Array.from({ length: seeds }, (_, i) => seed + i);

function trialOf(plan: Plan, trial: number, rounds: number, results: readonly JobResult[]): Trial {
  const own = results.filter((result) => result.trial === trial);
  const scores = own.flatMap(({ score }) => score ?? []);
  const error = own.find((result) => result.error !== undefined)?.error;
  const steps = Math.max(...own.map((result) => result.steps));
  const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  return { trial, config: configOf(plan, trial), rounds, steps, ...(error === undefined ? { score } : { error }) };
}

/** Scores after different rounds are not compared: whoever got further is better. */
function inOrder(trials: ReadonlyMap<number, Trial>): Trial[] {
  const best = ranked([...trials.values()]).map(({ trial }) => trials.get(trial) as Trial);
  return best.toSorted((a, b) => b.rounds - a.rounds);
}

/** Works through a queue, at most `limit` at once, in its order. After a failure nothing new begins; all that began has ended when this rejects. */
async function all<T>(queue: readonly Job[], limit: number, work: (job: Job) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  let failure: { error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (next < queue.length && failure === undefined) {
      const place = next++;
      try {
        results[place] = await work(queue[place] as Job);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failure !== undefined) throw failure.error;
  return results;
}
