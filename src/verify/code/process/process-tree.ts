/** What the processes of a box have used, read from /proc by the judge: the box has no say in it. */
import { readFileSync, readdirSync } from "node:fs";

export interface Usage {
  /** Milliseconds of processor time, user and system, of all processes and of those that are gone and were waited for. */
  readonly cpuMs: number;
  /** Bytes of memory of their own (not of files). Pages that forked processes share count for each. */
  readonly memoryBytes: number;
}

/** USER_HZ: the kernel shows times in hundredths of a second on every architecture that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
/** A tree larger than this is over every limit of processes. */
const MAX_PROCESSES = 2_000;

/** Fields of /proc/PID/stat after the name: utime, stime, cutime, cstime. */
const TIMES = [11, 12, 13, 14] as const;

/** @param root pid of the box's first process, as this process sees it */
export function usageOf(root: number): Usage {
  let ticks = 0;
  let pages = 0;
  const queue = [root];
  for (let pid = queue.pop(), seen = 0; pid !== undefined && seen < MAX_PROCESSES; pid = queue.pop(), seen++) {
    const stat = read(`/proc/${pid}/stat`);
    if (stat === "") continue;
    // The name of the process is in parentheses and may hold any character, a parenthesis too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    for (const field of TIMES) ticks += Number(fields[field]);
    const [, resident = "0", shared = "0"] = read(`/proc/${pid}/statm`).split(" ");
    pages += Number(resident) - Number(shared);
    queue.push(...childrenOf(pid));
  }
  return { cpuMs: ticks * TICK_MS, memoryBytes: pages * PAGE_BYTES };
}

/** Each thread has children of its own. A kernel without these files shows the first process alone. */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`)
      .split(" ")
      .filter((child) => child !== "")
      .map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // gone since
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // gone since
  }
}

/** How often the kernel has killed for want of memory since it started, on the whole machine. */
export function outOfMemoryKills(): number {
  return Number(/^oom_kill (\d+)$/m.exec(read("/proc/vmstat"))?.[1] ?? 0);
}
