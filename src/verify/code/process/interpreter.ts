/** What a driver of processes has to know of a language. */
import type { Limits } from "../types.ts";
import type { Start } from "./box-process.ts";
import type { Group } from "./group.ts";

export interface Interpreter {
  /** How a box is started; processes of the same command line can be kept warm for each other. */
  start(limits: Limits): Start;
  /** Told to it before the program. */
  setup(limits: Limits): unknown;
  /** Seconds of processor time after which the kernel ends the box: a second line behind the judge's own clock. */
  cpuSeconds(limits: Limits): number;
  /** Milliseconds on both clocks that a fresh interpreter spends on itself after its start, whatever it runs. */
  readonly slackMs: number;
  /** No program can leave with the status of a SIGKILL. */
  readonly filtered: boolean;
  /** How its last words on stderr say that memory ran out, where it dies of that. */
  readonly outOfMemory?: RegExp;
  /** Puts the box into control groups of its own. @returns undefined where that cannot be done */
  around(pid: number, limits: Limits): Group | undefined;
  close(): void;
}
