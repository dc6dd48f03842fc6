/** What a test file can leave behind: open handles of this process, and processes that it started. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

/** Kinds of things left, each with a function that lists what is there now. */
export type Leaks = Readonly<Record<string, () => readonly string[]>>;

/** Handles that keep a process alive, as Node names them. Workers are not among what Node lists; they are counted by their events. */
const COUNTED = new Set([
  "FSEventWrap",
  "PipeServerWrap",
  "PipeWrap",
  "ProcessWrap",
  "TCPServerWrap",
  "TCPSocketWrap",
  "TLSWrap",
  "Timeout",
  "UDPWrap",
]);

const workers = new Set<Worker>();
process.on("worker", (worker) => {
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
});

export class Handles {
  readonly kinds: readonly string[];

  constructor(kinds: readonly string[]) {
    this.kinds = kinds;
  }

  /** The kinds here that `earlier` does not account for, one entry each. */
  minus(earlier: Handles): string[] {
    const known = [...earlier.kinds];
    return this.kinds.filter((kind) => {
      const at = known.indexOf(kind);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    });
  }
}

export function openHandles(): Handles {
  const listed = process.getActiveResourcesInfo().filter((kind) => COUNTED.has(kind));
  return new Handles([...listed, ...Array.from(workers, () => "Worker")]);
}

/** Running processes whose environment, as given at their start, holds `marker`; one "pid command" each. Linux only: elsewhere none. */
export function strayProcesses(marker: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const environment = readProc(pid, "environ").split("\0");
    if (environment.includes(marker) && !/^State:\s+Z/m.test(readProc(pid, "status"))) {
      found.push(`${pid} ${readProc(pid, "cmdline").replaceAll("\0", " ").trim()}`);
    }
  }
  return found;
}

/** A process may end, or belong to someone else, between the listing and the look. */
function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

/** Looks until nothing is left or `graceMs` have passed; returns "3 open handles (A, B, C)" for each kind that stayed. */
export async function waitUntilEmpty(leaks: Leaks, graceMs: number): Promise<string[]> {
  const deadline = performance.now() + graceMs;
  for (;;) {
    const left = Object.entries(leaks).flatMap(([kind, list]) => {
      const items = list();
      return items.length === 0 ? [] : [`${items.length} ${kind} (${items.join(", ")})`];
    });
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(20);
  }
}
