/** What one step did to each row, with the three autoreset modes told apart for the last time. */
import { copyRow, takeRows, type BatchOf, type Frame, type RowError, type Space } from "dojang/protocol";

/** Rows of a step. `next` is the true successor; `after` what the instance shows now (a new episode's start after an autoreset). */
export interface Outcome {
  readonly status: Uint8Array;
  readonly reward: Float64Array;
  readonly parts?: Readonly<Record<string, Float64Array>>;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly next: BatchOf<Space>;
  readonly nextMask?: Uint8Array;
  readonly after: BatchOf<Space>;
  readonly afterMask?: Uint8Array;
  /** [rows] number of the episode that began in this step, -1 where none did; absent where none did at all */
  readonly began?: Float64Array;
  /** `index` is a place in the rows. */
  readonly errors: readonly RowError[];
}

const NO_ERRORS: readonly RowError[] = [];

/** A copy of `rows` rows that may be written to. */
export function cloneBatch(space: Space, batch: BatchOf<Space>, rows: number): BatchOf<Space> {
  if (ArrayBuffer.isView(batch)) return batch.slice();
  return takeRows(
    space,
    batch,
    Array.from({ length: rows }, (_, i) => i),
  );
}

export function copyFlags(from: Uint8Array, i: number, to: Uint8Array, j: number, width: number): void {
  for (let k = 0; k < width; k++) to[j * width + k] = from[i * width + k] as number;
}

export function readOutcome(frame: Frame, space: Space): Outcome {
  const { observations, mask, final, seeds, status } = frame;
  const next = final ? withFinals(frame, space) : { next: observations, ...(mask && { nextMask: mask }) };
  return {
    status,
    reward: frame.rewards,
    ...(frame.parts && { parts: frame.parts }),
    terminated: frame.terminated,
    truncated: frame.truncated,
    ...next,
    after: observations,
    ...(mask && { afterMask: mask }),
    ...(seeds && { began: scatter(seeds.index, seeds.episode, status.length) }),
    errors: frame.errors ?? NO_ERRORS,
  };
}

function withFinals({ observations, mask, final, status }: Frame, space: Space): Pick<Outcome, "next" | "nextMask"> {
  const next = cloneBatch(space, observations, status.length);
  const nextMask = mask?.slice();
  for (let k = 0; final && k < final.index.length; k++) {
    const row = final.index[k] as number;
    copyRow(space, final.observations, k, next, row);
    if (nextMask && final.mask) copyFlags(final.mask, k, nextMask, row, nextMask.length / status.length);
  }
  return { next, ...(nextMask && { nextMask }) };
}

function scatter(index: Uint32Array, episode: Float64Array, rows: number): Float64Array {
  const began = new Float64Array(rows).fill(-1);
  for (let k = 0; k < index.length; k++) began[index[k] as number] = episode[k] as number;
  return began;
}
