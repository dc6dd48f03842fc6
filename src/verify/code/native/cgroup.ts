/** Control groups around a box, where this process may make them: memory and processes of the box as a whole. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Group } from "../process/group.ts";
import type { Limits } from "../types.ts";

/** Makes the groups of boxes. */
export interface Groups {
  /** "cgroup v1" or "cgroup v2". */
  readonly version: string;
  /** Puts a process into groups of its own: what it uses from now on counts there.
   *  @returns undefined where it cannot be done now; then the rlimits are all there is */
  around(pid: number, limits: Limits): Group | undefined;
}

/** One hierarchy: where groups are made, which limits go into which files, where a kill for memory is counted. */
interface Hierarchy {
  readonly folder: string;
  readonly limits: (limits: Limits) => Readonly<Record<string, number>>;
  readonly events?: string;
}

const ROOT = "/sys/fs/cgroup";
const COUNT = /^oom_kill (\d+)$/m;
let made = 0;

/** @param root where the hierarchies are mounted @returns undefined where this process may make no groups */
export function findGroups(root: string = ROOT, own: string = readOr("/proc/self/cgroup", "")): Groups | undefined {
  const hierarchies = version2(root, own) ?? version1(root, own);
  if (hierarchies === undefined) return undefined;
  for (const { folder } of hierarchies) sweep(folder);
  const version = hierarchies.length === 1 ? "cgroup v2" : "cgroup v1";
  return { version, around: (pid, limits) => groupAround(hierarchies, pid, limits) };
}

/** Groups of a process that was killed stay behind, empty. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^dojang-(\d+)-\d+$/.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeFolder(join(folder, name));
  }
}

function groupAround(hierarchies: readonly Hierarchy[], pid: number, limits: Limits): Group | undefined {
  const name = `dojang-${process.pid}-${++made}`;
  const folders = hierarchies.map(({ folder }) => join(folder, name));
  const remove = (): void => folders.forEach(removeFolder);
  try {
    hierarchies.forEach((hierarchy, i) => {
      mkdirSync(folders[i]!);
      for (const [file, value] of Object.entries(hierarchy.limits(limits))) {
        writeFileSync(join(folders[i]!, file), String(value));
      }
      writeFileSync(join(folders[i]!, "cgroup.procs"), String(pid));
    });
  } catch {
    remove();
    return undefined;
  }
  const events = hierarchies.flatMap(({ events: file }, i) => (file === undefined ? [] : [join(folders[i]!, file)]));
  const outOfMemory = (): boolean => events.some((path) => Number(COUNT.exec(readOr(path, ""))?.[1] ?? 0) > 0);
  return { outOfMemory, remove };
}

/** The group that this process is in holds processes, so the boxes' groups lie beside it: systemd's
 *  `Delegate=yes` with `DelegateSubgroup=` makes just that. */
function version2(root: string, own: string): Hierarchy[] | undefined {
  const path = /^0::(\/.+)$/m.exec(own)?.[1];
  const folder = path === undefined ? undefined : dirname(join(root, path));
  if (folder === undefined || !isWritable(join(folder, "cgroup.procs"))) return undefined;
  try {
    writeFileSync(join(folder, "cgroup.subtree_control"), "+memory +pids");
  } catch {
    return undefined; // not delegated
  }
  const limits = ({ memoryBytes, processes }: Limits): Record<string, number> => ({
    "memory.max": memoryBytes,
    "memory.oom.group": 1,
    "pids.max": processes,
  });
  return [{ folder, limits, events: "memory.events" }];
}

function version1(root: string, own: string): Hierarchy[] | undefined {
  const memory = own1(root, own, "memory");
  const pids = own1(root, own, "pids");
  if (memory === undefined || pids === undefined) return undefined;
  return [
    {
      folder: memory,
      limits: ({ memoryBytes }) => ({ "memory.limit_in_bytes": memoryBytes }),
      events: "memory.oom_control",
    },
    { folder: pids, limits: ({ processes }) => ({ "pids.max": processes }) },
  ];
}

function own1(root: string, own: string, controller: string): string | undefined {
  const path = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, "m").exec(own)?.[1];
  const mounted = join(root, controller);
  if (path === undefined || !existsSync(mounted)) return undefined;
  // In a container the path may be the host's, and the mount already that group.
  const folder = [join(mounted, path), mounted].find((each) => isWritable(join(each, "cgroup.procs")));
  return folder;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Never made, or the kernel is still clearing it: an empty group costs nothing.
  }
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}
