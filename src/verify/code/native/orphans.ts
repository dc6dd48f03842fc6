/** Ends what a server that was killed has left: a bwrap whose other half died while it was being set up waits for ever. */
import { readdirSync, readFileSync } from "node:fs";
import { HOST_NAME } from "./bwrap-args.ts";

/** Only processes of ours that no process waits for: their parent is process 1, which took them over.
 *  @param bwrap path of the command @returns pids that were ended */
export function endOrphans(bwrap: string): number[] {
  // As process 1 this one is the parent of living boxes, of another driver perhaps.
  if (process.pid === 1) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isOrphan(name, bwrap))
    .map(Number)
    .filter(end);
}

function isOrphan(pid: string, bwrap: string): boolean {
  try {
    // First the cheap and telling one: most processes are no bwrap.
    const [command, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (command !== bwrap || args[args.indexOf("--hostname") + 1] !== HOST_NAME) return false;
    return /^PPid:\s+1$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // gone since
  }
}

function end(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // gone, or another user's
  }
}
