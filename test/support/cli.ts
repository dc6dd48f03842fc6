/** Runs the `dojang` command from source, the way a user does from a shell. */
import type { ChildProcess, SpawnOptions } from "node:child_process";
import { fileURLToPath } from "node:url";

import { execArgv } from "../../src/registry/exec-argv.ts";
import { run, startChild, type RunOptions, type RunResult } from "./child.ts";

const BIN = fileURLToPath(new URL("../../bin.ts", import.meta.url));

/** `dojang ARGS` to its end: `await runCli(["envs", "--json"])`. */
export function runCli(args: readonly string[], options?: RunOptions): Promise<RunResult> {
  return run(process.execPath, [...execArgv(), BIN, ...args], options);
}

/** `dojang ARGS` left running (a server); it is killed when the current test ends. */
export function startCli(args: readonly string[], options?: SpawnOptions): ChildProcess {
  return startChild(process.execPath, [...execArgv(), BIN, ...args], options);
}
