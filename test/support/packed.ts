/** The package as npm would publish it, packed once a run and shared by the test files that install it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { run, type RunResult } from "./child.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Under the folder of the whole run, not of one file; test/support/global.ts removes it at the end. */
const SHARED = join(process.env["DOJANG_TEST_TMP"] ?? "", "shared");

/** The search path without anything that npm put before it. */
export const SYSTEM_PATH = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .join(delimiter);

const PACK_TIMEOUT_MS = 120_000;

/** The environment of a user's shell: this Node first, then the system, and nothing of the repository or the test runner. */
export function userEnv(): Record<string, string | undefined> {
  const cleared = Object.keys(process.env).filter((name) =>
    /^(?:npm_|NODE_|DOJANG_(?!TEST)|VITEST|CI$|INIT_CWD$)/.test(name),
  );
  return {
    ...Object.fromEntries(cleared.map((name) => [name, undefined])),
    PATH: [dirname(process.execPath), SYSTEM_PATH].join(delimiter),
    npm_config_update_notifier: "false",
  };
}

/** Runs npm (or npx) as a user would. @throws Error with its output when it fails. */
export async function npm(args: readonly string[], cwd: string, command = "npm"): Promise<RunResult> {
  const result = await run(command, args, { cwd, env: userEnv(), timeoutMs: PACK_TIMEOUT_MS });
  if (result.code !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result;
}

/** Builds and packs the repository, or waits until another test file has. Gives the path of the tarball. */
export async function packedTarball(): Promise<string> {
  const ready = join(SHARED, "ready");
  const failed = join(SHARED, "failed");
  if (takeTurn()) {
    try {
      await npm(["pack", "--pack-destination", SHARED], ROOT);
      writeFileSync(ready, "");
    } catch (error) {
      writeFileSync(failed, "");
      throw error;
    }
  }
  const deadline = performance.now() + PACK_TIMEOUT_MS;
  while (!existsSync(ready)) {
    if (existsSync(failed)) throw new Error("the package could not be packed: another test file says why");
    if (performance.now() > deadline) throw new Error(`the package was not packed within ${PACK_TIMEOUT_MS} ms`);
    await delay(50);
  }
  const tarball = readdirSync(SHARED).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack left no tarball");
  return join(SHARED, tarball);
}

/** Makes the shared folder; true for the one caller who did. */
function takeTurn(): boolean {
  try {
    mkdirSync(SHARED);
    return true;
  } catch {
    return false;
  }
}

/** Installs the tarball in an empty folder, where `npm ci` of this repository has left most packages in npm's cache. */
export async function installPacked(folder: string): Promise<void> {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", await packedTarball()], folder);
}
