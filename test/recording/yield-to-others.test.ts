/** The recording thread gives way to the threads that step and act. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";

describe("yieldToOthers", () => {
  it("weighs the calling thread less by 10, and no other", async () => {
    const worker = new Worker(new URL("./priority-worker.ts", import.meta.url), { execArgv: [] });
    const [{ before, after }] = (await once(worker, "message")) as [{ before: number[]; after: number[] }];
    await worker.terminate();
    expect(after[1]).toBe(before[1]);
    expect(after[0]).toBe(Math.max(10, before[0] ?? 0));
  });
});
