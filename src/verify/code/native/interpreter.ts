/** What a native driver has to know of a language. */
import type { Limits } from "../types.ts";
import type { SharedFile } from "./shared-file.ts";

export interface Interpreter {
  /** The interpreter and its arguments; boxes of the same line can be kept warm for each other. */
  command(limits: Limits): readonly string[];
  /** bwrap arguments for files that it needs besides /usr. */
  readonly files: readonly string[];
  /** What it reads at its start, from descriptor 4. */
  readonly code: SharedFile;
  /** Told to it before the program. */
  setup(limits: Limits): unknown;
  close(): void;
}

/** Whole seconds of processor time after which the kernel kills: a second line behind the judge's own clock. */
export function cpuSeconds(limits: Limits): number {
  return Math.ceil(limits.cpuMs / 1_000) + 2;
}
