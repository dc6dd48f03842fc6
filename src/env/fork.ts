/** Copies instances over instances: a snapshot of each source, put into its targets. */
import type { Frame } from "../../protocol/frames.ts";
import type { Runner } from "./runner.ts";

/** Row `to[i]` becomes a copy of row `from[i]`; a source may be used often, targets ascend. The frame shows the targets as reset rows. @throws {GymError} BUSY, RESET_NEEDED, BAD_OPTIONS */
export function forkRows(runner: Runner, from: readonly number[], to: readonly number[]): Frame | Promise<Frame> {
  const sources = [...new Set(from)].sort((a, b) => a - b);
  const taken = runner.snapshot(sources);
  const bytes = new Map(sources.map((row, i) => [row, taken[i] as Uint8Array]));
  return runner.restore(
    from.map((row) => bytes.get(row) as Uint8Array),
    to,
  );
}
