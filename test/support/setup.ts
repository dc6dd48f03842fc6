/** Runs around every test file: a temporary folder of its own, fast-check's settings, and a check that nothing is left behind. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect } from "vitest";

import { openHandles, strayProcesses, waitUntilEmpty, type Leaks } from "./leaks.ts";

/** A file may need this long after its last test for sockets to close and children to be reaped, in milliseconds. */
const GRACE_MS = 3_000;

/** Compiled code that Node itself keeps for npm and tsc. */
const NODES_OWN = "node-compile-cache";

const root = process.env["DOJANG_TEST_TMP"];
if (root === undefined)
  throw new Error("DOJANG_TEST_TMP is not set: run the tests with this repository's vitest.config.ts");

const file = expect.getState().testPath?.replace(/.*\/test\//, "test/") ?? "unknown";
const folder = join(root, file.replaceAll("/", "__"));
mkdirSync(folder);
process.env["TMPDIR"] = folder;
// Keys that a server keeps for its user stay out of the home of whoever runs the tests.
process.env["XDG_STATE_HOME"] = join(root, "shared-state");
// Children inherit it, so that a process left behind can be told apart and its file named.
process.env["DOJANG_TEST_FILE"] = `${root}:${file}`;

// A failing property prints its seed and path; these two variables play exactly that case again.
const { DOJANG_FC_SEED: seed, DOJANG_FC_PATH: path } = process.env;
fc.configureGlobal({
  verbose: fc.VerbosityLevel.Verbose,
  ...(seed === undefined ? {} : { seed: Number(seed) }),
  ...(path === undefined ? {} : { path }),
});

openStandardStreams();
const before = openHandles();

// Registered before any hook of the file itself, so it runs after all of them.
afterAll(async () => {
  const leaks: Leaks = {
    "open handles": () => openHandles().minus(before),
    "child processes": () => strayProcesses(`DOJANG_TEST_FILE=${root}:${file}`),
    "temporary files": () => readdirSync(folder).filter((name) => name !== NODES_OWN),
  };
  const left = await waitUntilEmpty(leaks, GRACE_MS);
  rmSync(folder, { recursive: true, force: true });
  if (left.length > 0) throw new Error(`${file} left behind ${left.join("; ")}`);
});

/** The standard streams open their handles when first looked at, which is nobody's leak. */
function openStandardStreams(): unknown[] {
  return [process.stdin, process.stdout, process.stderr];
}
