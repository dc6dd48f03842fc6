/** Sends actions again whose rows failed in a way that may pass (a busy verifier, a missed deadline). */
import type { Env } from "dojang/client";
import { copyRow, STATUS, takeRows, type BatchOf, type NumericArray, type Space } from "dojang/protocol";
import { cloneBatch, copyFlags, readOutcome, type Outcome } from "./outcome.ts";

/** Steps the rows of status 3 again, at most `retries` times, and puts what they give in their place. What still fails keeps its status. */
export async function retryRows(
  env: Env,
  action: BatchOf<Space>,
  instance: Uint32Array,
  first: Outcome,
  retries: number,
): Promise<Outcome> {
  let outcome = first;
  for (let attempt = 0; attempt < retries; attempt++) {
    const rows = placesOf(outcome.status, STATUS.retry);
    if (rows.length === 0) break;
    const index = Uint32Array.from(rows, (row) => instance[row] as number);
    const frame = await env.step(takeRows(env.spaces.action, action, rows), { index });
    outcome = merge(outcome, readOutcome(frame, env.spaces.observation), rows, env.spaces.observation);
  }
  return outcome;
}

export function placesOf(column: Uint8Array, value: number): number[] {
  const places: number[] = [];
  for (let i = 0; i < column.length; i++) if (column[i] === value) places.push(i);
  return places;
}

/** `whole` with row rows[k] replaced by row k of `part`. */
function merge(whole: Outcome, part: Outcome, rows: readonly number[], space: Space): Outcome {
  const length = whole.status.length;
  const put = <T extends NumericArray>(to: T, from: T | undefined): T => {
    const copy = to.slice() as T;
    if (from) for (const [k, row] of rows.entries()) copy[row] = from[k] as number;
    return copy;
  };
  const none = (value: number): Float64Array => new Float64Array(length).fill(value);
  const errors = part.errors.map((error) => ({ ...error, index: rows[error.index] as number }));
  return {
    status: put(whole.status, part.status),
    reward: put(whole.reward, part.reward),
    ...((whole.parts ?? part.parts) && { parts: mergeParts(whole.parts, part.parts, none, put) }),
    terminated: put(whole.terminated, part.terminated),
    truncated: put(whole.truncated, part.truncated),
    next: putRows(space, whole.next, part.next, rows, length),
    after: putRows(space, whole.after, part.after, rows, length),
    ...(whole.nextMask && { nextMask: putFlags(whole.nextMask, part.nextMask, rows, length) }),
    ...(whole.afterMask && { afterMask: putFlags(whole.afterMask, part.afterMask, rows, length) }),
    ...((whole.began ?? part.began) && { began: put(whole.began ?? none(-1), part.began) }),
    errors: [...whole.errors.filter((error) => !rows.includes(error.index)), ...errors],
  };
}

type Parts = Outcome["parts"];

function mergeParts(
  whole: Parts,
  part: Parts,
  none: (value: number) => Float64Array,
  put: (to: Float64Array, from: Float64Array | undefined) => Float64Array,
): NonNullable<Parts> {
  const names = new Set([...Object.keys(whole ?? {}), ...Object.keys(part ?? {})]);
  return Object.fromEntries([...names].map((name) => [name, put(whole?.[name] ?? none(NaN), part?.[name])]));
}

/** @param rows places in `to` for the rows of `from`; `length` rows of `to` */
export function putRows(
  space: Space,
  to: BatchOf<Space>,
  from: BatchOf<Space>,
  rows: ArrayLike<number>,
  length: number,
) {
  const copy = cloneBatch(space, to, length);
  for (let k = 0; k < rows.length; k++) copyRow(space, from, k, copy, rows[k] as number);
  return copy;
}

export function putFlags(to: Uint8Array, from: Uint8Array | undefined, rows: ArrayLike<number>, length: number) {
  const copy = to.slice();
  for (let k = 0; from && k < rows.length; k++) copyFlags(from, k, copy, rows[k] as number, copy.length / length);
  return copy;
}
