/** The engine's workers: what hangs is killed in time, what crashes is tried once more, and everything asked is answered. */
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import { EnginePool, type EngineOptions } from "../../../../src/verify/math/engine/pool.ts";
import { tempDir } from "../../../support/temp.ts";

const BRITTLE = new URL("./brittle-worker.ts", import.meta.url);

function pool(options: Partial<EngineOptions> = {}): EnginePool {
  // What hangs here hangs on purpose, however little of the processor it gets.
  const made = new EnginePool({ workers: 1, limitMs: 2_000, queue: 100, worker: BRITTLE, starvedShare: 0, ...options });
  onTestFinished(() => made.close());
  return made;
}

describe("an answer that hangs", () => {
  it("is a timeout within the limit, and the next one is judged by a new worker", async () => {
    const engine = pool({ limitMs: 400 });
    await engine.ready();
    const began = performance.now();
    expect(await engine.judge("1", "hang")).toEqual({
      equal: null,
      rule: "engine-timeout",
      trouble: "timeout",
      detail: "not done after 200 ms",
    });
    expect(performance.now() - began).toBeLessThan(500);
    const later = pool({ limitMs: 10_000 });
    expect(await later.judge("7", "7")).toEqual({ equal: true, rule: "brittle" });
  });

  it("leaves the worker's memory and place to the next: after 2 of them the third is judged", async () => {
    const engine = pool({ limitMs: 2_000 });
    await engine.ready();
    for (let i = 0; i < 2; i++) expect((await engine.judge("1", "hang")).trouble).toBe("timeout");
    expect(await engine.judge("1", "2")).toMatchObject({ equal: false });
  });

  it("makes those behind it unavailable, not wrong, when no worker is free in time", async () => {
    const engine = pool({ limitMs: 400 });
    await engine.ready();
    const hanging = engine.judge("1", "hang");
    const began = performance.now();
    const behind = await Promise.all(Array.from({ length: 8 }, (_, i) => engine.judge(`hang ${i}`, "1")));
    expect(performance.now() - began).toBeLessThan(500);
    expect((await hanging).trouble).toBe("timeout");
    for (const { equal, trouble } of behind) expect([equal, trouble === "unavailable" || trouble === "bad-gold"]).toEqual([null, true]); // prettier-ignore
    expect(behind.filter(({ trouble }) => trouble === "unavailable").length).toBeGreaterThanOrEqual(6);
  });
});

describe("an answer whose time is over without having computed", () => {
  it("is unavailable, not wrong: the machine was too busy", async () => {
    const engine = pool({ limitMs: 800, starvedShare: 0.5 });
    await engine.ready();
    expect(await engine.judge("1", "starve")).toMatchObject({ equal: null, trouble: "unavailable", detail: "the machine was too busy to let the engine compute" }); // prettier-ignore
    expect((await engine.judge("starve", "1")).trouble).toBe("unavailable");
  });
});

describe("a gold answer that hangs or crashes", () => {
  it.each(["hang", "exit"])("(%s) is bad-gold: whoever answered did nothing wrong", async (what) => {
    const engine = pool();
    expect(await engine.judge(what, "1")).toMatchObject({ equal: null, trouble: "bad-gold" });
  });
});

describe("a crash", () => {
  it("is tried once more in a fresh worker", async () => {
    const engine = pool({ limitMs: 10_000 });
    const marker = join(tempDir(), "crashed");
    expect(await engine.judge(`exitOnce ${marker}`, `exitOnce ${marker}`)).toEqual({ equal: true, rule: "brittle" });
  });

  it("for the second time is the answer's: it took what one may take", async () => {
    const engine = pool({ limitMs: 10_000 });
    expect(await engine.judge("1", "exit")).toMatchObject({ rule: "engine-crash", trouble: "timeout" });
    expect(await engine.judge("1", "1")).toMatchObject({ equal: true });
  });

  it("by memory ends the worker and not the process", async () => {
    const engine = pool({ limitMs: 60_000 });
    expect(await engine.judge("1", "memory")).toMatchObject({ equal: null, trouble: "timeout" });
    expect(await engine.judge("1", "1")).toMatchObject({ equal: true });
  });
});

describe("the queue", () => {
  it("takes as many as it is told and says unavailable to the next", async () => {
    const engine = pool({ queue: 3, limitMs: 1_000 });
    await engine.ready();
    const taken = Array.from({ length: 4 }, () => engine.judge("1", "hang")); // one runs, three wait
    expect(engine.pending).toBe(4);
    expect(await engine.judge("1", "1")).toMatchObject({ trouble: "unavailable", detail: "3 jobs wait (queue)" });
    expect((await Promise.all(taken))[0]).toMatchObject({ trouble: "timeout" });
    expect(engine.pending).toBe(0);
  });

  it("is answered as unavailable when the pool is closed, and so is what comes later", async () => {
    const engine = pool({ limitMs: 60_000 });
    await engine.ready();
    const asked = [engine.judge("1", "hang"), engine.judge("1", "1")];
    await engine.close();
    for (const answer of [...asked, engine.judge("1", "1")]) {
      expect(await answer).toMatchObject({ trouble: "unavailable", detail: "the verifier is closed" });
    }
  });

  it("is answered in the order of asking by several workers, each job once", async () => {
    const engine = pool({ workers: 2, queue: 1_000, limitMs: 60_000 });
    const found = await Promise.all(Array.from({ length: 300 }, (_, i) => engine.judge(String(i), String(i % 2 === 0 ? i : -1)))); // prettier-ignore
    expect(found.map(({ equal }) => equal)).toEqual(Array.from({ length: 300 }, (_, i) => i % 2 === 0));
  });
});

describe("workers that cannot start", () => {
  it("make the verdict unavailable, with the reason", async () => {
    const engine = pool({ worker: new URL("./broken-worker.ts", import.meta.url) });
    expect(await engine.judge("1", "1")).toMatchObject({ trouble: "unavailable", detail: "no worker starts: no engine here" }); // prettier-ignore
    await engine.ready();
    expect(await engine.judge("1", "1")).toMatchObject({ trouble: "unavailable" });
  });
});

describe("texts that no worker should see", () => {
  it.each([
    ["x".repeat(1_501), "longer than 1500 characters"],
    [`${"{".repeat(61)}1${"}".repeat(61)}`, "nested deeper than 60"],
    [`${"\\sqrt".repeat(61)} 2`, "nested deeper than 60"],
    ["9".repeat(61), "more than 60 digits"],
    ["\\def\\a{1}\\a", "a definition"],
    ["1\u0000", "control characters"],
    ["1\u202e2", "control characters"],
    ["\ud800", "control characters"],
  ])("%j are refused at once: %s", async (text, detail) => {
    const engine = pool();
    expect(await engine.judge("1", text)).toEqual({ equal: null, rule: "engine-guard", trouble: "too-large", detail });
    expect(await engine.judge(text, "1")).toMatchObject({ trouble: "bad-gold", detail });
  });
});
