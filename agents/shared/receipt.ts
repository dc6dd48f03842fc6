/** What ran where: written beside a run, so that its result can be traced to versions and a seed. */
import { createRequire } from "node:module";
import type { Env } from "dojang/client";
import type { EvaluationPoint } from "./evaluations.ts";
import type { Best, ScoreOf } from "./goal.ts";
import type { JsonRecord } from "./run.ts";
import type { TrainSettings } from "./train-settings.ts";
import { thisProcess } from "./writer.ts";

/** Version of this package. */
export const dojangVersion = (): string =>
  (createRequire(import.meta.url)("dojang/package.json") as { readonly version: string }).version;

export interface Result {
  readonly status: "running" | "done" | "interrupted" | "failed";
  readonly steps: number;
  readonly episodes: number;
  /** mean return of the last 100 episodes */
  readonly recentReturn?: number | undefined;
  /** wall time, over all parts of a resumed run */
  readonly seconds: number;
  readonly error?: string;
  readonly evaluation?: EvaluationPoint;
  /** the score that is kept as best.safetensors */
  readonly best?: Best & { readonly of: ScoreOf };
  readonly target?: { readonly of: ScoreOf; readonly value: number; readonly reachedAt?: number };
  /** see `costsOf` */
  readonly costs: JsonRecord;
}

export function receiptOf(env: Env, settings: TrainSettings, result: Result): JsonRecord {
  const { node, v8 } = process.versions;
  return {
    // Plain data; interfaces have no index signature, which JsonRecord asks for. Fields without a value are not written.
    ...(result as unknown as JsonRecord),
    ...(result.status === "running" && { process: { ...thisProcess() } }),
    agent: settings.agent,
    env: { id: env.id, version: env.version, params: env.params, maxSteps: env.maxSteps },
    seed: settings.seed,
    versions: { dojang: dojangVersion(), node, v8, arch: process.arch, platform: process.platform },
  };
}
