/** Why a box ended, from what its parent saw: a death from outside must never look like the program's own. */
import type { EndReason } from "../driver.ts";
import type { Exit } from "./box-process.ts";

export interface Circumstances {
  /** No program can leave with the status of a SIGKILL. */
  readonly filtered: boolean;
  /** The kernel has killed somewhere on this machine for want of memory while the box lived. */
  readonly machineOutOfMemory: boolean;
  /** The box's own cgroup ran out of memory, or its interpreter said so when it died. */
  readonly boxOutOfMemory: boolean;
  /** The rlimit of processor time may have been reached. */
  readonly cpuSpent: boolean;
}

export interface End {
  readonly reason: EndReason;
  readonly detail: string;
  readonly status?: number;
}

/** Signals that end an interpreter by a fault of its own; bwrap and shells report them as 128 and the number. */
const FAULTS: ReadonlyMap<string | number, string> = new Map(
  Object.entries({ SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGBUS: 7, SIGFPE: 8, SIGSEGV: 11 }).flatMap<
    [string | number, string]
  >(([name, number]) => [
    [name, name],
    [128 + number, name],
  ]),
);
/** The status that stands for SIGKILL. */
export const KILLED = 137;
/** The status that stands for SIGSYS. */
export const BAD_CALL = 159;

/**
 * Under bubblewrap the program is process 1 of its namespace: the kernel delivers it no SIGKILL from its own side, and the
 * filter refuses an exit with that status. Pyodide can send no signal at all. So a SIGKILL comes from outside, and only the
 * limits' own kills have to be told apart from it.
 */
export function whyEnded({ status, signal }: Exit, seen: Circumstances): End {
  const fault = FAULTS.get(signal ?? status ?? "");
  if (fault !== undefined && seen.boxOutOfMemory) return { reason: "memory", detail: "the box ran out of memory" };
  if (fault !== undefined) {
    return { reason: "crash", detail: `the interpreter died of ${fault}`, ...(status !== null && { status }) };
  }
  if (status === KILLED || signal === "SIGKILL") return whyKilled(seen);
  if (status === null)
    return { reason: "infrastructure", detail: `ended from outside by ${signal ?? "nobody knows what"}` };
  if (status === BAD_CALL) return { reason: "denied", detail: "ended for a system call that is not allowed", status };
  return { reason: "exit", detail: `the program ended with status ${status}`, status };
}

function whyKilled({ filtered, machineOutOfMemory, boxOutOfMemory, cpuSpent }: Circumstances): End {
  if (boxOutOfMemory) return { reason: "memory", detail: "the box ran out of memory" };
  if (cpuSpent) return { reason: "timeout", detail: "the box ran out of processor time" };
  if (machineOutOfMemory) return { reason: "killed", detail: "killed while the machine was out of memory" };
  if (filtered) return { reason: "infrastructure", detail: "killed from outside the box" };
  return { reason: "killed", detail: "killed by an unknown process" };
}
