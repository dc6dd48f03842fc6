/** The attacks of the start-up probe find what is open: a driver without walls is refused, way out by way out. */
import { expect, it } from "vitest";
import { findPython } from "../../../../src/verify/code/native/tools.ts";
import { attackDriver } from "../../../../src/verify/code/process/attack.ts";
import type { Interpreter } from "../../../../src/verify/code/process/interpreter.ts";
import { ProcessDriver } from "../../../../src/verify/code/process/process-driver.ts";
import { boxSource } from "../../../../src/verify/code/process/python-source.ts";
import { SharedFile } from "../../../../src/verify/code/process/shared-file.ts";

const python = findPython();

/** The box program in a plain process: everything that a sandbox would refuse is open. */
function withoutWalls(path: string): Interpreter {
  const code = new SharedFile(Buffer.from(boxSource()));
  const start = 'import os\nspace = {"__name__": "box"}\nexec(os.read(4, 1 << 20), space)\nspace["start"](3)';
  return {
    start: () => ({ command: path, args: ["-I", "-S", "-c", start], files: [code], namespaced: false }),
    setup: () => ({}),
    cpuSeconds: () => Infinity,
    slackMs: 0,
    filtered: false,
    around: () => undefined,
    close: () => code.close(),
  };
}

it.skipIf(python === undefined)("names every way out of a process without a sandbox", async () => {
  const driver = new ProcessDriver("open", new Map([["python", withoutWalls(python!)]]), 0);
  const found = await attackDriver(driver, { environment: [], more: ["rights"] });
  const all = found.join("; ");
  expect(all).toMatch(/a program reads .*canary/);
  expect(all).toContain("a program reaches the network");
  expect(all).toMatch(/starts \d+ processes where 8 are allowed/);
  expect(all).toContain("a program sees the processes of the host");
});
