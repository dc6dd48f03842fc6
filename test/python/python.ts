/** Python for the tests of this folder: a virtual environment made by the first command of docs/python.md, in a folder that looks like a clone. */
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";

import { run, type RunResult } from "../support/child.ts";
import { makeFolder } from "../support/temp.ts";
import { ROOT } from "../repo/sources.ts";

const NEEDED = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";

/** Why these tests cannot run here; undefined when they can. */
export function missingPython(): string | undefined {
  const { status } = spawnSync("python3", ["-c", NEEDED], { stdio: "ignore" });
  return status === 0 ? undefined : "needs python3 3.11 or later with venv: sudo apt-get install python3-venv";
}

export interface Python {
  /** Where a reader of docs/python.md stands: `examples` and `.venv` are in it. */
  readonly folder: string;
  /** Runs a shell command there. @throws Error with its output when it fails. */
  shell(command: string): Promise<RunResult>;
  /** Runs a script of this folder with the client on its path. @throws Error with its output when it fails. */
  script(name: string, args: readonly string[], input?: string): Promise<RunResult>;
}

/** @param install the command that makes `.venv` */
export async function makePython(install: string): Promise<Python> {
  const folder = makeFolder();
  symlinkSync(join(ROOT, "examples"), join(folder, "examples"));
  const env = { PYTHONDONTWRITEBYTECODE: "1", PYTHONPATH: join(ROOT, "examples/python") };
  const succeed = async (command: string, args: readonly string[], input = ""): Promise<RunResult> => {
    const result = await run(command, args, { cwd: folder, env, input, timeoutMs: 120_000 });
    if (result.code === 0) return result;
    throw new Error(`${command} ${args.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  };
  const shell = (command: string): Promise<RunResult> => succeed("bash", ["-euo", "pipefail", "-c", command]);
  await shell(install);
  return {
    folder,
    shell,
    script: (name, args, input) =>
      succeed(join(folder, ".venv/bin/python"), [join(import.meta.dirname, name), ...args], input),
  };
}
