/** Why a native box ended, from what its parent saw: a death from outside must never look like the program's own. */
import type { EndReason } from "../driver.ts";
import type { Exit } from "./sandbox.ts";
import { KILLED } from "./seccomp.ts";

export interface Circumstances {
  /** The seccomp filter is in force: no program can leave with the status of a SIGKILL. */
  readonly filtered: boolean;
  /** The kernel has killed somewhere on this machine for want of memory while the box lived. */
  readonly machineOutOfMemory: boolean;
  /** The box's own cgroup ran out of memory. */
  readonly boxOutOfMemory: boolean;
  /** The rlimit of processor time may have been reached. */
  readonly cpuSpent: boolean;
}

export interface End {
  readonly reason: EndReason;
  readonly detail: string;
  readonly status?: number;
}

/** Signals that end an interpreter by a fault of its own; bwrap reports them as 128 and the number. */
const FAULTS: Readonly<Record<number, string>> = {
  132: "SIGILL",
  133: "SIGTRAP",
  134: "SIGABRT",
  135: "SIGBUS",
  136: "SIGFPE",
  139: "SIGSEGV",
};
const BAD_CALL = 159; // SIGSYS

/**
 * The program is process 1 of its namespace: the kernel delivers it no SIGKILL from its own side, and the filter refuses
 * an exit with that status. So 137 comes from outside, and only the limits' own kills have to be told apart from it.
 */
export function whyEnded({ status, signal }: Exit, seen: Circumstances): End {
  if (signal !== null || status === null) {
    return { reason: "infrastructure", detail: `bubblewrap was ended by ${signal ?? "an unknown signal"}` };
  }
  if (status === KILLED) return whyKilled(seen);
  if (status === BAD_CALL) return { reason: "denied", detail: "ended for a system call that is not allowed", status };
  const fault = FAULTS[status];
  if (fault !== undefined) return { reason: "crash", detail: `the interpreter died of ${fault}`, status };
  return { reason: "exit", detail: `the program ended with status ${status}`, status };
}

function whyKilled({ filtered, machineOutOfMemory, boxOutOfMemory, cpuSpent }: Circumstances): End {
  if (boxOutOfMemory) return { reason: "memory", detail: "the box ran out of memory" };
  if (cpuSpent) return { reason: "timeout", detail: "the box ran out of processor time" };
  if (machineOutOfMemory) return { reason: "killed", detail: "killed while the machine was out of memory" };
  if (filtered) return { reason: "infrastructure", detail: "killed from outside the box" };
  return { reason: "killed", detail: "killed by an unknown process" };
}
