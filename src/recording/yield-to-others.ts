/** Lets the threads that step and act go first where they want the same core. */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** Weight of a thread that gives way, from 0 (as any) to 19. It still gets a tenth of a core that others want all of. */
const NICE = 10;

/**
 * Lowers the priority of the calling thread alone. On Linux a thread has a number and a priority of its own; elsewhere, and
 * where it is not allowed, nothing changes: it is a matter of speed only.
 */
export function yieldToOthers(): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    // The first thread's number is the process's: never that one.
    if (Number.isInteger(thread) && thread !== process.pid) setPriority(thread, NICE);
  } catch {
    return;
  }
}
