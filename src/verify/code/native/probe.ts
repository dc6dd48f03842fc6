/** Tries the bubblewrap driver on this machine: starts a box and attacks it from inside. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Call, Driver, Probe, Reply } from "../driver.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Tools } from "./bwrap-args.ts";
import { findGroups } from "./cgroup.ts";
import { seccompFilter } from "./seccomp.ts";
import { findPython, findTool } from "./tools.ts";

const LIMITS = { ...DEFAULT_LIMITS, memoryBytes: 64 * 2 ** 20, processes: 8 };

/** @returns the programs a box is made with, or why there can be none */
export function findTools(): Tools | string {
  if (process.platform !== "linux") return `bubblewrap runs on Linux only, this is ${process.platform}`;
  const bwrap = findTool("bwrap");
  if (bwrap === undefined) return "bubblewrap is not installed. Run: sudo apt-get install bubblewrap";
  const prlimit = findTool("prlimit");
  if (prlimit === undefined) return "prlimit is not installed. Run: sudo apt-get install util-linux";
  if (process.getuid?.() !== 0) return { bwrap, prlimit, setpriv: undefined };
  const setpriv = findTool("setpriv");
  // Root's processes have no limit on their number, and a mistake of the sandbox would be a mistake of root.
  return setpriv === undefined
    ? "running as root without setpriv. Run: sudo apt-get install util-linux"
    : { bwrap, prlimit, setpriv };
}

/** Never rejects. */
export async function probe(create: (tools: Tools) => Driver): Promise<Probe> {
  const tools = findTools();
  if (typeof tools === "string") return { ok: false, reason: tools };
  const python = findPython();
  if (python === undefined) return { ok: false, reason: "no python3 under /usr. Run: sudo apt-get install python3" };
  try {
    const open = await attack(create(tools));
    if (open.length > 0) return { ok: false, reason: `bubblewrap does not hold here: ${open.join("; ")}` };
    return { ok: true, gaps: gaps(), found: describe(tools, python) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns what a program could do that it must not */
async function attack(driver: Driver): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "dojang-probe-"));
  const canary = join(folder, "canary");
  writeFileSync(canary, "x", { mode: 0o644 });
  const server = await listen();
  try {
    const source = readFileSync(new URL("python/attack.py", import.meta.url), "utf8");
    const box = await driver.open({ language: "python", source }, { limits: LIMITS });
    // The port of a server that listens on TCP.
    const { port } = server.address() as AddressInfo;
    const calls: Call[] = [
      { name: "opens", args: [canary] },
      { name: "opens", args: ["/etc/passwd"] },
      { name: "connects", args: [port] },
      ...["environment", "writes", "rights", "namespaces"].map((name) => ({ name, args: [] })),
      { name: "allocates", args: [2 * LIMITS.memoryBytes] },
      { name: "forks", args: [LIMITS.processes] },
    ];
    const replies = await box.call(calls);
    return replies.flatMap((reply, i) => waysOut(calls[i]!.name, reply));
  } finally {
    server.close();
    await driver.close();
    rmSync(folder, { recursive: true });
  }
}

function waysOut(name: string, reply: Reply): string[] {
  if (reply.kind === "value" && Array.isArray(reply.value)) return reply.value.map(String);
  const what = reply.kind === "ended" ? reply.detail : JSON.stringify(reply);
  return [`the attack ${name} could not be tried: ${what}`];
}

function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}

function gaps(): string[] {
  return [
    "A box shares the kernel with the host: a hole in the kernel is a way out.",
    "A box reads all of /usr.",
    ...(seccompFilter() === undefined
      ? [`No system calls are filtered: their numbers on ${process.arch} are not known.`]
      : []),
    ...(findGroups() === undefined
      ? ["No control groups: memory and processor time of several processes together are only looked at every 50 ms."]
      : []),
  ];
}

function describe({ bwrap, setpriv }: Tools, python: string): string {
  const version = (path: string): string => execFileSync(path, ["--version"], { env: {} }).toString().trim();
  const parts = [
    version(bwrap),
    setpriv === undefined ? "as an ordinary user" : "as nobody",
    seccompFilter() === undefined ? "no seccomp" : "seccomp",
    findGroups()?.version ?? "rlimits",
    version(python),
    `Node ${process.versions.node}`,
  ];
  return parts.join(", ");
}
