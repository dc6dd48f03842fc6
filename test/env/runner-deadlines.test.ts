/** Async steps that take too long, and those that are cancelled. */
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gate } from "./runner-gate.ts";
import { codes, ints, lateRunnerOf, starts } from "./runner-support.ts";

describe("a deadline", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("of 200 ms ends a step that never settles, tells the plugin, and frees row and slot", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2, stepDeadlineMs: 200, maxConcurrent: 1 });
    await runner.reset();
    const step = runner.step(ints(4, 9));
    await vi.advanceTimersByTimeAsync(199);
    expect(gate.waiting[0]?.ctx.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(gate.waiting[0]?.ctx.signal.aborted).toBe(true);
    const frame = await step;
    expect([codes(frame), frame.status]).toEqual([{ 0: "STEP_DEADLINE" }, Uint8Array.of(3, 0)]);
    expect(frame.errors?.[0]?.message).toBe(
      "Test-v0: instance 0, episode 0, step 0: step: expected an answer within 200 ms",
    );
    // What comes late changes nothing.
    gate.waiting[0]?.settle();
    await vi.advanceTimersByTimeAsync(0);
    expect((await runner.step(ints(9), { index: Uint32Array.of(0) })).observations).toEqual(ints(9));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["the server allows 1", {}, { maxConcurrent: 1 }],
    ["the rules allow 1 and the server 64", { maxConcurrent: 1 }, {}],
    ["the rules allow 64 and the server 1", { maxConcurrent: 64 }, { maxConcurrent: 1 }],
  ])("does not run while a step waits for its slot, where %s", async (_, own, options) => {
    const gate = new Gate();
    const runner = lateRunnerOf({ ...gate.rules, ...own }, { num: 3, stepDeadlineMs: 200, ...options });
    await runner.reset();
    const step = runner.step(ints(2, 2, 2));
    for (let k = 0; k < 3; k++) {
      await vi.advanceTimersByTimeAsync(150);
      gate.waiting.shift()?.settle();
    }
    await vi.advanceTimersByTimeAsync(0);
    expect((await step).status).toEqual(Uint8Array.of(0, 0, 0));
  });

  it("ends a reset that never settles: status 3, and the next reset begins the same episode", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { stepDeadlineMs: 200 });
    const reset = runner.reset({ options: ["wait"] });
    await vi.advanceTimersByTimeAsync(200);
    const frame = await reset;
    expect([codes(frame), frame.status]).toEqual([{ 0: "STEP_DEADLINE" }, Uint8Array.of(3)]);
    expect(starts(await runner.reset({ seeds: [8] }))).toEqual([[0, 0, 8]]);
  });
});

describe("a cancelled step", () => {
  it("comes back CANCELLED with its rows as before, those that waited for a slot unstarted, finished ones kept", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 3, maxConcurrent: 1 });
    await runner.reset();
    const stop = new AbortController();
    const step = runner.step(ints(9, 4, 9), { signal: stop.signal });
    await gate.until(1);
    stop.abort();
    const frame = await step;
    expect([codes(frame), frame.status]).toEqual([{ 1: "CANCELLED", 2: "CANCELLED" }, Uint8Array.of(0, 3, 3)]);
    expect([gate.calls, gate.waiting[0]?.ctx.signal.aborted]).toEqual([2, true]);
    expect((await runner.step(ints(9, 9), { index: Uint32Array.of(1, 2) })).observations).toEqual(ints(9, 9));
  });

  it("does not wait for the slot that another request holds", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2, maxConcurrent: 1 });
    await runner.reset();
    const other = runner.step(ints(4), { index: Uint32Array.of(0) });
    const stop = new AbortController();
    const step = runner.step(ints(9), { index: Uint32Array.of(1), signal: stop.signal });
    stop.abort();
    expect(codes(await step)).toEqual({ 0: "CANCELLED" });
    await gate.next();
    expect((await other).observations).toEqual(ints(4));
    expect((await runner.step(ints(9, 9))).status).toEqual(Uint8Array.of(0, 0));
  });

  it("does not start when its signal is aborted already, and leaves no listener behind", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2 });
    await runner.reset();
    const stop = new AbortController();
    await runner.step(ints(9, 9), { signal: stop.signal });
    expect(getEventListeners(stop.signal, "abort").length).toBe(0);
    stop.abort();
    expect(codes(await runner.step(ints(9, 9), { signal: stop.signal }))).toEqual({ 0: "CANCELLED", 1: "CANCELLED" });
    expect(gate.calls).toBe(2);
  });
});
