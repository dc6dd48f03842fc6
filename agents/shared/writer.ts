/** Which process writes to a run: two at once would write every step twice. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { GymError } from "dojang/protocol";

/** As it stands in the receipt of a run under way. */
export interface Writer {
  readonly pid: number;
  readonly host: string;
  /** when it started, in the system's ticks: process numbers are used again. Absent where the system does not tell. */
  readonly started?: string;
}

export function thisProcess(): Writer {
  const started = linuxProcess(process.pid)?.started;
  return { pid: process.pid, host: hostname(), ...(started !== undefined && { started }) };
}

/** @param run its folder */
export const writtenBy = (run: string, { pid }: Writer): GymError =>
  new GymError("BAD_RUN", run, {
    expected: "a run that no process writes to",
    received: `process ${pid}`,
    hint: "Let it end, or end it.",
  });

/** Is it another process of this machine that still runs? (Of other machines nothing is known: they count as gone.) */
export function isAtWork({ pid, host, started }: Writer): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  const found = linuxProcess(pid);
  if (found !== undefined) return found.runs && (started === undefined || started === found.started);
  if (process.platform === "linux") return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What /proc says; undefined where there is no such process, or no /proc. A process that has ended but was not waited for does not run. */
function linuxProcess(pid: number): { readonly runs: boolean; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold anything; the fields after it are "state", then numbers: the 20th is the start.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { runs: !["Z", "X"].includes(fields[0] ?? ""), started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
