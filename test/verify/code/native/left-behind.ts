/** What boxes could leave behind on this machine: processes, control groups, open files of this process. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Leaks } from "../../../support/leaks.ts";

/** Processes under this one, however deep: `pid` of each. */
export function descendants(root: number = process.pid): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(readOr(`/proc/${name}/status`))?.[1] ?? 0);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const queue = [...(parents.get(root) ?? [])]; queue.length > 0;) {
    const pid = queue.pop()!;
    found.push(pid);
    queue.push(...(parents.get(pid) ?? []));
  }
  return found;
}

/** @param pids processes that have to be gone */
export function leftBehind(pids: readonly number[], openFiles: number): Leaks {
  return {
    processes: () => pids.filter(isAlive).map(String),
    groups: () => ["memory", "pids", "unified"].flatMap((name) => groupsIn(join("/sys/fs/cgroup", name))),
    "open files": () => (openFileCount() > openFiles ? [`${openFileCount()} for ${openFiles}`] : []),
  };
}

export const openFileCount = (): number => readdirSync("/proc/self/fd").length;

export function isAlive(pid: number): boolean {
  const status = readOr(`/proc/${pid}/status`);
  return status !== "" && !/^State:\s+[ZX]/m.test(status);
}

function groupsIn(folder: string): string[] {
  const own = new RegExp(`^dojang-${process.pid}-`);
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
      own.test(path.split("/").pop()!),
    );
  } catch {
    return []; // not mounted here
  }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // gone since
  }
}
