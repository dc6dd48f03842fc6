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

/** What the worker has in hand: on whose account a hang or a crash goes. */
export const STAGE = { idle: 0, gold: 1, answer: 2 } as const;

/** Memory that outlives the worker: its stage, and its processor time when it took up its job. */
export interface Shared {
  readonly stage: Int32Array;
  /** Microseconds. */
  readonly began: Float64Array;
}

export const makeShared = (): SharedArrayBuffer => new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT);

export const sharedIn = (buffer: SharedArrayBuffer): Shared => ({
  stage: new Int32Array(buffer, 0, 1),
  began: new Float64Array(buffer, Float64Array.BYTES_PER_ELEMENT, 1),
});
