/** Runs once around the whole suite: makes the folder under which all temporary files lie, and looks for what outlived its test. */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { strayProcesses } from "./leaks.ts";

export default function setup(): () => void {
  const root = mkdtempSync(join(realpathSync(tmpdir()), "dojang-test-"));
  process.env["DOJANG_TEST_TMP"] = root;
  return () => {
    // The packed package and the user's keys belong to all test files.
    const files = readdirSync(root).filter((name) => !name.startsWith("shared"));
    const processes = strayProcesses(`DOJANG_TEST_TMP=${root}`).filter((line) => !line.includes("vitest"));
    for (const line of processes) kill(Number.parseInt(line, 10));
    rmSync(root, { recursive: true, force: true });
    if (files.length + processes.length > 0) {
      process.exitCode = 1;
      throw new Error(`the suite left behind files [${files.join(", ")}] and processes [${processes.join(", ")}]`);
    }
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself since.
  }
}
