/** What the engine's workers and this side say to each other. */
import type { Judgement } from "./judge.ts";

/** What a worker is told: a pair. */
export interface Job {
  readonly id: number;
  readonly gold: string;
  readonly answer: string;
}

/** What it tells: first that it is ready, then a judgement for each job. */
export type News = { readonly ready: true } | { readonly id: number; readonly judgement: Judgement };

/** Where the worker is, in memory that outlives it: on whose account a hang or a crash goes. */
export const STAGE = { idle: 0, gold: 1, answer: 2 } as const;
