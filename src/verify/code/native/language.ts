/** What the bubblewrap driver has to know of a language. */
import type { SharedFile } from "../process/shared-file.ts";
import type { Limits } from "../types.ts";

export interface Language {
  /** The interpreter and its arguments, inside the box. */
  command(limits: Limits): readonly string[];
  /** bwrap arguments for files that it needs besides /usr. */
  readonly shown: readonly string[];
  /** Its first program, on descriptor 4: read by bwrap, or by the interpreter. */
  readonly code: SharedFile;
  /** How its last words on stderr say that memory ran out, where it dies of that. */
  readonly outOfMemory?: RegExp;
  /** Told to it before the program. */
  setup(limits: Limits): unknown;
}

/** Whole seconds of processor time after which the kernel kills, past what the judge's own clock allows. */
export function cpuSeconds(limits: Limits): number {
  return Math.ceil(limits.cpuMs / 1_000) + 2;
}
