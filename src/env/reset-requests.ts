/** Reading what a reset asks for: one seed and one value of options for each row, and lists of both for later episodes. */
import { GymError, type ErrorCode } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { ResetQueue } from "../../protocol/messages.ts";
import { checkSeed } from "../../protocol/seed.ts";
import type { QueuedStart } from "./instances.ts";

/** Most episodes queued for an instance. */
export const MAX_QUEUED = 10_000;

interface Given {
  readonly seeds?: readonly number[];
  readonly options?: readonly (JsonValue | undefined)[];
  readonly queue?: ResetQueue;
}

/** @throws {GymError} BAD_SEED, BAD_OPTIONS unless there is one of each for each row, and every seed is one */
export function checkRequest(env: string, { seeds, options, queue }: Given, rows: number): void {
  checkLength(`${env}: seeds`, seeds, rows, "BAD_SEED");
  checkLength(`${env}: options`, options, rows, "BAD_OPTIONS");
  seeds?.forEach((seed, i) => checkSeed(seed, `${env}: seeds[${i}]`));
  checkLength(`${env}: queue.seeds`, queue?.seeds, rows, "BAD_SEED");
  checkLength(`${env}: queue.options`, queue?.options, rows, "BAD_OPTIONS");
  queue?.seeds?.forEach((list, i) => {
    checkQueued(`${env}: queue.seeds[${i}]`, list, "BAD_SEED");
    list.forEach((seed, k) => checkSeed(seed, `${env}: queue.seeds[${i}][${k}]`));
  });
  queue?.options?.forEach((list, i) => {
    checkQueued(`${env}: queue.options[${i}]`, list, "BAD_OPTIONS");
  });
}

function checkLength(where: string, list: readonly unknown[] | undefined, rows: number, code: ErrorCode): void {
  if (list === undefined || (Array.isArray(list) && list.length === rows)) return;
  throw new GymError(code, where, { expected: `one for each of ${rows} rows`, received: list });
}

function checkQueued(where: string, list: readonly unknown[], code: ErrorCode): void {
  if (Array.isArray(list) && list.length <= MAX_QUEUED) return;
  throw new GymError(code, where, { expected: `a list of at most ${MAX_QUEUED}`, received: list });
}

/** The queue of each row: the k-th entry has the k-th seed and the k-th options, where there are any. */
export function queuesOf({ seeds, options }: ResetQueue, rows: number): QueuedStart[][] {
  return Array.from({ length: rows }, (_, i) => {
    const ofSeeds = seeds?.[i] ?? [];
    const ofOptions = options?.[i] ?? [];
    return Array.from({ length: Math.max(ofSeeds.length, ofOptions.length) }, (__, k) => ({
      ...(k < ofSeeds.length && { seed: ofSeeds[k] as number }),
      ...(k < ofOptions.length && { options: ofOptions[k] as JsonValue }),
    }));
  });
}
