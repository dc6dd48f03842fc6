/** JavaScript and TypeScript in a native box: the Node that runs this process, under the limits that V8 can live with. */
import { execFileSync } from "node:child_process";
import { FIRST_FILE_FD } from "../process/box-process.ts";
import { SharedFile } from "../process/shared-file.ts";
import type { Limits } from "../types.ts";
import { BOX_SOURCE } from "./javascript/source.ts";
import { cpuSeconds, type Language } from "./language.ts";

/** Where the box sees the interpreter. */
const NODE = "/node";
/** Threads of V8 and libuv besides the first. */
const OWN_THREADS = 12;
/** Memory that V8 takes on and off while it starts, past what it has then. */
const SLACK = 64 * 2 ** 20;
const MIB = 2 ** 20;

/** Where it sees its first program: a file, since `node -e` fills the global object with names of its own. */
const FIRST = "/box.cjs";

/** @param prlimit its path: Node cannot lower its own limits @param typescript strip types before anything is run */
export function javascript(prlimit: string, typescript: boolean): Language {
  const ownBytes = startBytes() + SLACK;
  return {
    command: (limits) => [prlimit, ...rlimits(limits, ownBytes), "--", NODE, ...flags(limits), FIRST],
    shown: ["--ro-bind", process.execPath, NODE, "--ro-bind-data", String(FIRST_FILE_FD), FIRST],
    code: new SharedFile(Buffer.from(BOX_SOURCE)),
    setup: () => ({ typescript }),
    outOfMemory: /^.*(?:FATAL ERROR|Fatal process|# Fatal JavaScript).*out of memory/im,
  };
}

/** Off-heap memory is bounded by RLIMIT_DATA: V8 reserves far more address space than it ever uses, so RLIMIT_AS does not fit. */
function rlimits(limits: Limits, ownBytes: number): string[] {
  return [
    `--data=${limits.memoryBytes + ownBytes}`,
    `--cpu=${cpuSeconds(limits)}`,
    `--nproc=${limits.processes + OWN_THREADS}`,
    `--nofile=${limits.files + 24}`, // Node's own
    `--fsize=${limits.fileBytes}`,
    "--core=0",
    "--memlock=0",
    "--msgqueue=0",
  ];
}

function flags({ memoryBytes }: Limits): string[] {
  return [`--max-old-space-size=${Math.ceil(memoryBytes / MIB)}`, "--v8-pool-size=1", "--no-warnings"];
}

/** Bytes of private memory that a Node has which does nothing: most of it is reserved and never touched. */
function startBytes(): number {
  const script = 'console.log(/VmData:\\s*(\\d+)/.exec(require("fs").readFileSync("/proc/self/status", "utf8"))[1])';
  return Number(execFileSync(process.execPath, ["-e", script], { env: {} }).toString()) * 1_024;
}
