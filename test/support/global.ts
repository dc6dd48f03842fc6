/** Runs once around the whole suite: makes the folder under which all temporary files lie, and looks for what outlived its test. */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { strayProcesses } from "./leaks.ts";

export default function setup(): () => void {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "dojang-test-"));
  process.env["DOJANG_TEST_TMP"] = root;
  return () => {
    const files = filesUnder(root);
    const processes = strayProcesses(`DOJANG_TEST_TMP=${root}`).filter((line) => !line.includes("vitest"));
    for (const line of processes) kill(Number.parseInt(line, 10));
    rmSync(root, { recursive: true, force: true });
    if (files.length + processes.length > 0) {
      process.exitCode = 1;
      throw new Error(`the suite left behind files [${files.join(", ")}] and processes [${processes.join(", ")}]`);
    }
  };
}

/** Files of no use to anyone else; the packed package and the user's keys are shared, and a module that fails to load leaves an empty folder. */
function filesUnder(root: string): string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(root, join(parentPath, name)));
  return paths.filter((path) => !path.startsWith("shared") && !path.includes("node-compile-cache"));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself since.
  }
}
