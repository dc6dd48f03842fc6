/** The check that follows every test file sees what a file can leave behind, and lets go of what has ended. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";

import { openHandles, strayProcesses, waitUntilEmpty } from "../support/leaks.ts";

it("sees a listening server, and no longer after it is closed", async () => {
  const before = openHandles();
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  expect(openHandles().minus(before)).toEqual(["TCPServerWrap"]);
  server.close();
  expect(await waitUntilEmpty({ handles: () => openHandles().minus(before) }, 2_000)).toEqual([]);
});

it("sees a worker, and no longer after it has ended", async () => {
  const before = openHandles();
  const worker = new Worker("setInterval(() => {}, 1000)", { eval: true });
  await once(worker, "online");
  expect(openHandles().minus(before)).toEqual(["Worker"]);
  await worker.terminate();
  expect(await waitUntilEmpty({ handles: () => openHandles().minus(before) }, 2_000)).toEqual([]);
});

it("sees an interval that nobody cleared", () => {
  const before = openHandles();
  const interval = setInterval(() => undefined, 1_000);
  expect(openHandles().minus(before)).toEqual(["Timeout"]);
  clearInterval(interval);
});

it("finds the process of a grandchild by the mark in its environment", async () => {
  const mark = `DOJANG_LEAK_TEST=${process.pid}`;
  const child = spawn("sh", ["-c", "echo up; sleep 60"], {
    env: { ...process.env, DOJANG_LEAK_TEST: String(process.pid) },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  await once(child.stdout, "data");
  expect(strayProcesses(mark).join()).toContain("sleep 60");
  process.kill(-child.pid!, "SIGKILL");
  await once(child, "close");
  expect(await waitUntilEmpty({ processes: () => strayProcesses(mark) }, 2_000)).toEqual([]);
});

it("counts and names what stays when the grace is over", async () => {
  expect(await waitUntilEmpty({ "temporary files": () => ["a", "b"] }, 0)).toEqual(["2 temporary files (a, b)"]);
});
