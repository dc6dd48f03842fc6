/** The totals under a test run are right, skipped tests are named, and in CI a skip fails the run. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { run, type RunResult } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";
import { ROOT } from "./sources.ts";

const PASSES = `it("passes", () => {});`;
const FAILS = `it("fails", () => { throw new Error("as meant"); });`;
const SKIPS = `it.skip("waits for better times", () => {});`;

/** A vitest run of its own over one file, with the reporter of this repository alone. */
async function runOf(tests: readonly string[], ci?: string): Promise<RunResult> {
  const folder = tempDir();
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "a.test.mjs"), [`import { it } from "vitest";`, ...tests].join("\n"));
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--root", folder, "--reporter", join(ROOT, "test/support/totals.ts"), "--no-cache"];
  const env = { CI: ci, DOJANG_TEST_TOTALS: undefined };
  return await run(process.execPath, args, { cwd: folder, env });
}

const lastLine = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);

it("counts 1 passed, 1 failed, 1 skipped, and names the one that was skipped", async () => {
  const { code, stdout } = await runOf([PASSES, FAILS, SKIPS]);
  expect(lastLine(stdout)).toBe("1 passed, 1 failed, 1 skipped");
  expect(stdout).toContain("skipped: a.test.mjs > waits for better times\n");
  expect(code).toBe(1);
});

it("counts an error outside any test as a failure", async () => {
  const { code, stdout } = await runOf([PASSES, `void Promise.reject(new Error("as meant"));`]);
  expect(lastLine(stdout)).toBe("1 passed, 1 failed, 0 skipped");
  expect(code).toBe(1);
});

it.each([
  [undefined, 0],
  ["true", 1],
])("with CI=%s a skipped test ends the run with status %i", async (ci, status) => {
  const { code, stdout } = await runOf([PASSES, SKIPS], ci);
  expect(lastLine(stdout)).toBe("1 passed, 0 failed, 1 skipped");
  expect(code).toBe(status);
});
