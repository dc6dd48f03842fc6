/** Which rows of a request fall into which part of a batch. Parts are ranges of instances, in order. */
import type { ResetQueue } from "../../../protocol/messages.ts";
import type { RunnerReset } from "../runner-options.ts";

/** A range of instances. */
export interface Range {
  readonly firstRow: number;
  readonly num: number;
}

/** Of an even share, what the first range has: its thread checks the actions and puts the frame together besides. */
const FIRST_SHARE = 0.9;

/** Ranges of `num` instances: the first is shorter, the lengths of the others differ by at most one, the shorter ones last. */
export function rangesOf(num: number, count: number): Range[] {
  const first = Math.min(num, Math.max(1, Math.round((FIRST_SHARE * num) / count)));
  const others = count - 1;
  const ranges: Range[] = [{ firstRow: 0, num: count === 1 ? num : first }];
  for (let i = 0, firstRow = first; i < others; i++) {
    const length = Math.floor((num - first) / others) + (i < (num - first) % others ? 1 : 0);
    ranges.push({ firstRow, num: length });
    firstRow += length;
  }
  return ranges;
}

/** The entries begin .. end - 1 of ascending rows that lie in a range, and the rows as numbers within it. */
export interface Share {
  readonly begin: number;
  readonly end: number;
  readonly rows: Uint32Array;
}

export function shareOf(rows: ArrayLike<number>, { firstRow, num }: Range): Share {
  const begin = lowerBound(rows, firstRow);
  const end = lowerBound(rows, firstRow + num);
  return { begin, end, rows: Uint32Array.from({ length: end - begin }, (_, i) => rows[begin + i]! - firstRow) };
}

/** The first place whose row is at least `row`. */
function lowerBound(rows: ArrayLike<number>, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of a reset that is about a share. */
export function resetOf(request: RunnerReset, { begin, end, rows }: Share, num: number): RunnerReset {
  const { mask, seeds, options, queue } = request;
  return {
    ...(mask && { mask: maskOf(rows, num) }),
    ...(seeds && { seeds: seeds.slice(begin, end) }),
    ...(options && { options: options.slice(begin, end) }),
    ...(queue && { queue: queueOf(queue, begin, end) }),
  };
}

function maskOf(rows: Uint32Array, num: number): Uint8Array {
  const mask = new Uint8Array(num);
  for (const row of rows) mask[row] = 1;
  return mask;
}

const queueOf = ({ seeds, options }: ResetQueue, begin: number, end: number): ResetQueue => ({
  ...(seeds && { seeds: seeds.slice(begin, end) }),
  ...(options && { options: options.slice(begin, end) }),
});
