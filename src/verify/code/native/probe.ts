/** Tries the bubblewrap driver on this machine: starts a box and attacks it from inside. */
import { execFileSync } from "node:child_process";
import type { Driver, Probe } from "../driver.ts";
import { attackDriver } from "../process/attack.ts";
import type { Tools } from "./bwrap-args.ts";
import { findGroups } from "./cgroup.ts";
import { seccompFilter } from "./seccomp.ts";
import { findPython, findTool } from "./tools.ts";

/** bwrap sets the one, Python the other. */
const ATTACKS = { environment: ["PWD", "LC_CTYPE"], more: ["writes", "rights", "namespaces"] };

const ATTEMPTS = 3;

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
  for (let attempt = 1; ; attempt++) {
    try {
      const open = await attackDriver(create(tools), ATTACKS);
      if (open.length > 0) return { ok: false, reason: `bubblewrap does not hold here: ${open.join("; ")}` };
      return { ok: true, gaps: gaps(), found: describe(tools, python) };
    } catch (error) {
      // A machine at its limits may kill a first box; what cannot be done at all fails again.
      if (attempt === ATTEMPTS) return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
  }
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
