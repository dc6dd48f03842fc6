/** Transitions written by hand: a line of numbers for each row. */
import type { Columns, Transitions } from "dojang/agents";
import { discrete } from "dojang/protocol";

export interface RowSpec {
  readonly env?: number;
  readonly episode?: number;
  readonly t: number;
  readonly s?: number;
  readonly a?: number;
  readonly r: number;
  readonly next?: number;
  readonly end?: "terminated" | "truncated";
  /** Default: t is 0. */
  readonly first?: boolean;
}

/** One batch. States 0..99, actions 0..3. */
export function batchOf(rows: readonly RowSpec[], extras: Columns = {}): Transitions {
  const int = (of: (row: RowSpec) => number): Int32Array => Int32Array.from(rows, of);
  const flag = (of: (row: RowSpec) => boolean): Uint8Array => Uint8Array.from(rows, (row) => (of(row) ? 1 : 0));
  return {
    spaces: { observation: discrete(100), action: discrete(4) },
    source: "live",
    length: rows.length,
    env: Uint32Array.from(rows, (row) => row.env ?? 0),
    episode: Float64Array.from(rows, (row) => row.episode ?? 0),
    t: int((row) => row.t),
    obs: int((row) => row.s ?? row.t),
    action: int((row) => row.a ?? 0),
    reward: Float64Array.from(rows, (row) => row.r),
    terminated: flag((row) => row.end === "terminated"),
    truncated: flag((row) => row.end === "truncated"),
    next: int((row) => row.next ?? row.t + 1),
    first: flag((row) => row.first ?? row.t === 0),
    extras,
    lag: 0,
    faults: [],
    settle: () => undefined,
  };
}
