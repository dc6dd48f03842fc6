/** What of a batch of transitions is data: its columns, as plain data for checkpoints. */
import type { Plain } from "../shared/plain.ts";
import type { Transitions } from "./transitions.ts";

export const NUMBERS = [
  "env",
  "episode",
  "t",
  "reward",
  "terminated",
  "truncated",
  "first",
  "mask",
  "nextMask",
] as const;
export const BATCHES = ["obs", "action", "next"] as const;

/** The part of a batch that is data. */
export type Columned = Pick<Transitions, (typeof NUMBERS)[number] | (typeof BATCHES)[number] | "extras" | "length">;

/** Batches of spaces are typed arrays, strings, and records and arrays of these: plain data. */
export const columnsOf = (rows: Transitions): Plain =>
  Object.fromEntries(
    [...NUMBERS, ...BATCHES, "extras" as const, "length" as const].flatMap((name) =>
      rows[name] === undefined ? [] : [[name, rows[name] as unknown as Plain]],
    ),
  );
