/** Python as WebAssembly, each box a Node process that was stripped of what it does not need. */
import { execFile } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findGroups } from "../native/cgroup.ts";
import { findTool } from "../native/tools.ts";
import type { Interpreter } from "../process/interpreter.ts";
import { boxSource } from "../process/python-source.ts";
import { SharedFile } from "../process/shared-file.ts";
import type { Limits } from "../types.ts";
import type { Setup } from "./box-child.ts";

const HERE = import.meta.dirname;
const EXTENSION = extname(import.meta.url);
/** Bytes of memory of the Node process around the interpreter. */
const OWN_BYTES = 512 * 2 ** 20;
/** V8 compiles each function of the interpreter when it is first used, in threads whose time counts. */
const SLACK_MS = 2_000;
/** Threads of that process. */
const OWN_PROCESSES = 32;
/** Milliseconds that making the snapshot may take on a busy machine, and the most bytes of it. */
const SNAPSHOT_MS = 120_000;
const MAX_SNAPSHOT = 256 * 2 ** 20;

/** The path of Pyodide's entry, beside the rest of it. */
export function pyodidePath(): string {
  return realpathSync(fileURLToPath(import.meta.resolve("pyodide/pyodide.mjs")));
}

export function pyodideVersion(): string {
  return (createRequire(import.meta.url)("pyodide/package.json") as { version: string }).version;
}

/** Running as root although this user could run nobody else's programs: a gap that the probe tells. */
export async function keepsRoot(): Promise<boolean> {
  return process.getuid?.() === 0 && (await dropsRoot()).length === 0;
}

/** Made by a probe for the driver that is made after it, which takes it away. */
let kept: Promise<Buffer> | undefined;

/** @param keep leave the snapshot, which takes seconds to make, to the next interpreter */
export async function pyodideInterpreter(keep: boolean): Promise<Interpreter> {
  const making = kept ?? makeSnapshot();
  kept = keep ? making : undefined;
  const bytes = await making.catch((error: unknown) => {
    kept = undefined;
    throw error;
  });
  const snapshot = new SharedFile(bytes);
  const groups = findGroups();
  const line = commandLine(await dropsRoot());
  return {
    start: () => ({ command: line[0]!, args: line.slice(1), files: [snapshot], namespaced: false }),
    setup: ({ memoryBytes, files, fileBytes }): Setup => ({ heapBytes: bytes.length + memoryBytes, files, fileBytes }),
    cpuSeconds: () => Infinity,
    slackMs: SLACK_MS,
    filtered: true,
    outOfMemory: /^FATAL ERROR: out of memory$/m,
    around: (pid, limits: Limits) =>
      groups?.around(pid, {
        ...limits,
        memoryBytes: limits.memoryBytes + OWN_BYTES,
        processes: limits.processes + OWN_PROCESSES,
      }),
    close: () => snapshot.close(),
  };
}

/** Its builtins are a copy, as in start of the native box; the module is how a later process finds it in the memory. */
async function makeSnapshot(): Promise<Buffer> {
  const source = [
    "import builtins, os, sys",
    'os.environ.pop("_", None)', // where this project lies
    'space = {"__builtins__": dict(vars(builtins)), "__name__": "box"}',
    `exec(${JSON.stringify(boxSource())}, space)`,
    'sys.modules["box"] = type(sys)("box")',
    'sys.modules["box"].box = space',
    "del space",
  ].join("\n");
  const child = join(HERE, `snapshot-child${EXTENSION}`);
  const options = { encoding: "buffer", env: {}, maxBuffer: MAX_SNAPSHOT, timeout: SNAPSHOT_MS } as const;
  const made = promisify(execFile)(process.execPath, [child, pyodidePath()], options);
  made.child.stdin?.end(source);
  return (await made).stdout;
}

/** @returns how a command line of root's begins so that the rest runs as nobody; empty where nobody cannot read the project */
async function dropsRoot(): Promise<string[]> {
  const setpriv = findTool("setpriv");
  if (process.getuid?.() !== 0 || setpriv === undefined) return [];
  const begin = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
  const reads = `for (const path of process.argv.slice(1)) require("node:fs").readFileSync(path)`;
  const files = [pyodidePath(), join(HERE, `box-child${EXTENSION}`)];
  try {
    await promisify(execFile)(begin[0]!, [...begin.slice(1), process.execPath, "-e", reads, ...files], { env: {} });
    return begin;
  } catch {
    return [];
  }
}

function commandLine(begin: readonly string[]): string[] {
  const prlimit = findTool("prlimit");
  return [
    ...begin,
    // The interpreter's files are in its own memory: the process itself writes none.
    ...(prlimit === undefined ? [] : [prlimit, "--core=0", "--fsize=0"]),
    process.execPath,
    "--disallow-code-generation-from-strings",
    "--permission",
    `--allow-fs-read=${dirname(pyodidePath())}`,
    `--allow-fs-read=${HERE}`,
    "--max-old-space-size=256",
    "--no-warnings",
    join(HERE, `box-child${EXTENSION}`),
    pyodidePath(),
  ];
}
