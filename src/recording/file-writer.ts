/** Which process writes to a file at this moment: what Linux tells of open files (`/proc`, proc(5)). Elsewhere nobody is found. */
import { readdirSync, readFileSync, statSync, type BigIntStats } from "node:fs";

/** How a file was opened, in the octal number `flags` of `/proc/PID/fdinfo/FD`: its last two bits, where 0 is for reading only. */
const MODE = 0o3;

/** Its number, or undefined: also for files of processes that this one may not look at. */
export function writerOf(file: string): number | undefined {
  const wanted = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (wanted === undefined) return undefined;
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => namesIn(`/proc/${pid}/fd`).some((fd) => writes(pid, fd, wanted)));
}

function writes(pid: number, fd: string, wanted: BigIntStats): boolean {
  try {
    const { dev, ino } = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true });
    if (dev !== wanted.dev || ino !== wanted.ino) return false;
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1];
    return flags !== undefined && (parseInt(flags, 8) & MODE) !== 0;
  } catch {
    // Closed since, or a pipe, or another user's.
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
