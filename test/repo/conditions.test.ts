/** The main thread, a worker and a forked child resolve `dojang/env` to one and the same source file. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

import { execArgv } from "../../src/registry/exec-argv.ts";
import { ROOT } from "./sources.ts";
import { run } from "../support/child.ts";

const source = pathToFileURL(join(ROOT, "src/env/index.ts")).href;

const script = join(ROOT, "test/repo/where.ts");

it("resolves to source in the main thread of a test", async () => {
  const viaPackage = (await import("dojang/env")) as object;
  const viaPath = (await import("../../src/env/index.ts")) as object;
  expect(viaPackage).toBe(viaPath);
});

it("resolves to source in a worker", async () => {
  const worker = new Worker(script, { execArgv: execArgv() });
  expect(await once(worker, "message")).toContain(source);
  await worker.terminate();
});

it("resolves to source in a forked child", async () => {
  const child = fork(script, { execArgv: execArgv() });
  const ended = once(child, "exit");
  expect(await once(child, "message")).toContain(source);
  await ended;
});

it("resolves to the built package where the condition is not given", async () => {
  const { stdout } = await run(process.execPath, [script]);
  expect(stdout.trim()).toBe(pathToFileURL(join(ROOT, "dist/src/env/index.js")).href);
});

it("puts further flags behind the condition", () => {
  expect(execArgv("--max-old-space-size=64")).toEqual(["--conditions=dojang-source", "--max-old-space-size=64"]);
});
