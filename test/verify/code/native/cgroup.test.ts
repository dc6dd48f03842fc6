/** Control groups on file trees like the kernel's: which are found, what is written into them, what is left. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findGroups } from "../../../../src/verify/code/native/cgroup.ts";
import { DEFAULT_LIMITS } from "../../../../src/verify/code/limits.ts";
import { tempDir } from "../../../support/temp.ts";

const LIMITS = { ...DEFAULT_LIMITS, memoryBytes: 100_000_000, processes: 7 };

function group(root: string, ...path: readonly string[]): string {
  const folder = join(root, ...path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "cgroup.procs"), "");
  return folder;
}

const made = (folder: string): string => join(folder, `dojang-${process.pid}-`);

describe("version 2, delegated by systemd", () => {
  it("makes a group beside the one that this process is in, with limits of memory and processes", () => {
    const root = tempDir();
    const service = group(root, "system.slice/dojang.service");
    group(service, "main");
    const groups = findGroups(root, "0::/system.slice/dojang.service/main\n")!;
    expect(groups.version).toBe("cgroup v2");
    expect(readFileSync(join(service, "cgroup.subtree_control"), "utf8")).toBe("+memory +pids");
    const one = groups.around(4711, LIMITS)!;
    const folder = newestUnder(service);
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    expect([read("memory.max"), read("pids.max"), read("cgroup.procs")]).toEqual(["100000000", "7", "4711"]);
    expect(one.outOfMemory()).toBe(false);
    writeFileSync(join(folder, "memory.events"), "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n");
    expect(one.outOfMemory()).toBe(true);
  });

  it("finds nothing where the service's group is not its own", () => {
    const root = tempDir();
    mkdirSync(join(root, "system.slice/dojang.service/main"), { recursive: true });
    expect(findGroups(root, "0::/system.slice/dojang.service/main\n")).toBeUndefined();
    expect(findGroups(root, "0::/\n")).toBeUndefined();
    expect(findGroups(root, "")).toBeUndefined();
  });
});

describe("version 1", () => {
  const own = "8:pids:/\n4:cpu,memory:/outer/own\n0::/\n";

  it("makes a group in each of the two hierarchies, under the ones that this process is in", () => {
    const root = tempDir();
    const memory = group(root, "memory/outer/own");
    const pids = group(root, "pids");
    const groups = findGroups(root, own)!;
    expect(groups.version).toBe("cgroup v1");
    const one = groups.around(12, LIMITS)!;
    const folders = [newestUnder(memory), newestUnder(pids)] as const;
    expect(readFileSync(join(folders[0], "memory.limit_in_bytes"), "utf8")).toBe("100000000");
    expect(readFileSync(join(folders[1], "pids.max"), "utf8")).toBe("7");
    for (const folder of folders) expect(readFileSync(join(folder, "cgroup.procs"), "utf8")).toBe("12");
    writeFileSync(join(folders[0], "memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    expect(one.outOfMemory()).toBe(true);
  });

  it("goes without groups when one cannot be made", () => {
    const root = tempDir();
    const memory = group(root, "memory/outer/own");
    const pids = group(root, "pids");
    const groups = findGroups(root, own)!;
    chmodSync(pids, 0o500);
    // Root writes where it may not: a file in the place of the folder stops it, too.
    for (let i = 0; i < 200; i++) writeFileSync(`${made(pids)}${i}`, "");
    expect(groups.around(12, LIMITS)).toBeUndefined();
    chmodSync(pids, 0o700);
    expect(existsSync(memory)).toBe(true);
  });

  it("removes the groups of a process that is gone when it starts", () => {
    const root = tempDir();
    const memory = group(root, "memory/outer/own");
    group(root, "pids");
    mkdirSync(join(memory, "dojang-999999999-1"));
    mkdirSync(join(memory, `dojang-${process.pid}-999`));
    findGroups(root, own);
    expect(existsSync(join(memory, "dojang-999999999-1"))).toBe(false);
    expect(existsSync(join(memory, `dojang-${process.pid}-999`))).toBe(true);
  });
});

/** The kernel's files cannot be listed by name beforehand: the group's number counts up. */
function newestUnder(folder: string): string {
  for (let i = 10_000; i >= 0; i--) if (existsSync(`${made(folder)}${i}`)) return `${made(folder)}${i}`;
  throw new Error(`no group in ${folder}`);
}
