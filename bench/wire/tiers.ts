/** How much of everything: the full run, and a tenth of each count for CI. */
import type { ChurnOptions } from "./churn.ts";
import type { CutsOptions } from "./cuts.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { SequentialOptions } from "./sequential.ts";
import type { SessionsOptions } from "./sessions.ts";
import type { VectorOptions } from "./vector.ts";

export interface Tier {
  readonly sequential: SequentialOptions;
  readonly vector: VectorOptions;
  readonly memory: { readonly sessions: number };
  readonly sessions: SessionsOptions;
  readonly cuts: CutsOptions;
  readonly fuzz: FuzzOptions;
  readonly churn: ChurnOptions;
}

export const FULL: Tier = {
  sequential: { rounds: 31, steps: 5_000 },
  vector: { num: 1_024, rounds: 15, frames: 3_000 },
  memory: { sessions: 10_000 },
  sessions: { sessions: 10_000, few: 100, steps: 10, stepMs: 1_000 },
  cuts: { cuts: 1_000, seed: 1 },
  fuzz: { frames: 200_000, seed: 1 },
  churn: { sessions: 100_000 },
};

export const QUICK: Tier = {
  sequential: { rounds: 11, steps: 2_000 },
  vector: { num: 1_024, rounds: 5, frames: 1_000 },
  memory: { sessions: 1_000 },
  sessions: { sessions: 1_000, few: 100, steps: 5, stepMs: 1_000 },
  cuts: { cuts: 100, seed: 1 },
  fuzz: { frames: 20_000, seed: 1 },
  churn: { sessions: 10_000 },
};
