/** Temporary folders that are gone when the test is. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new empty folder, removed when the current test ends. Call it inside a test. */
export function tempDir(): string {
  const folder = makeFolder();
  onTestFinished(() => {
    removeFolder(folder);
  });
  return folder;
}

/** A new empty folder that the caller removes with {@link removeFolder}: for `beforeAll`. */
export function makeFolder(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), "dojang-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
