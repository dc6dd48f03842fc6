/** The QuickJS driver: its limits by the number, and what happens when its workers die. */
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createCodeRunner, DEFAULT_LIMITS, type CodeRunner, type Submission } from "../../../src/verify/code/index.ts";
import type { Box, Driver, DriverKind, OpenOptions, Program } from "../../../src/verify/code/driver.ts";
import { quickjs } from "../../../src/verify/code/quickjs/index.ts";
import type { Limits } from "../../../src/verify/code/types.ts";

let driver: Driver;
beforeAll(async () => void (driver = await quickjs.create({ boxes: 3 })));
afterAll(() => driver.close());

async function open(
  source: string,
  limits: Partial<Limits> = {},
  more: Partial<Program> = {},
  forward?: OpenOptions["forward"],
): Promise<Box> {
  const options = { limits: { ...DEFAULT_LIMITS, ...limits }, ...(forward === undefined ? {} : { forward }) };
  const box = await driver.open({ language: "javascript", source, ...more }, options);
  onTestFinished(() => box.close());
  return box;
}

describe("a box", () => {
  it("keeps the submission's state between calls, and nothing of it for the next box", async () => {
    const source = "globalThis.n = (globalThis.n ?? 0); function f() { return ++n; }";
    const first = await open(source);
    expect(
      await first.call([
        { name: "f", args: [] },
        { name: "f", args: [] },
      ]),
    ).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(await first.call([{ name: "f", args: [] }])).toMatchObject([{ value: 3 }]);
    await first.close();
    expect(await (await open(source)).call([{ name: "f", args: [] }])).toMatchObject([{ value: 1 }]);
  });

  it("reports arguments as they are after the call where that is asked for, also after an exception", async () => {
    const box = await open("function f(a) { a.push(9); if (a.length > 2) throw new RangeError('full'); }");
    const [good, bad] = await box.call([1, 2].map((n) => ({ name: "f", args: [Array(n).fill(0)], mutated: true })));
    expect(good).toMatchObject({ kind: "value", args: [[0, 9]] });
    expect(bad).toMatchObject({ kind: "exception", type: "RangeError", args: [[0, 0, 9]] });
  });

  it("answers every call with the exception of a top level that failed", async () => {
    const box = await open("throw new TypeError('top')");
    expect(await box.load()).toMatchObject({ kind: "exception", type: "TypeError", message: "top" });
    expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ kind: "exception", type: "TypeError" }]);
  });

  it("looks up names only: an expression is no function of the submission", async () => {
    const box = await open("function f() { return 1; }");
    const names = ["f()", "(() => 2)", "f;f", "", "f\n", "constructor", "this"];
    const replies = await box.call(names.map((name) => ({ name, args: [] })));
    expect(replies.slice(0, 5).map(({ kind }) => kind)).toEqual(Array(5).fill("exception"));
    expect(replies[6]).toMatchObject({ kind: "exception", type: "ReferenceError" });
  });

  it("strips types for TypeScript, and calls source with a wrong type syntax an error", async () => {
    const good = await open(
      "interface P { x: number }\nconst f = (p: P): number => p.x;",
      {},
      { language: "typescript" },
    );
    expect(await good.call([{ name: "f", args: [{ d: [["x", 5]] }] }])).toMatchObject([{ value: 5 }]);
    const bad = await open("enum E { A }\nfunction f(x: ) {}", {}, { language: "typescript" });
    expect(await bad.load()).toMatchObject({ kind: "exception", type: "SyntaxError" });
  });
});

describe("limits", () => {
  it("end a loop at 100 ms of processor time, and not before", async () => {
    const box = await open("function f() { for (;;); }", { cpuMs: 100 });
    const [reply] = await box.call([{ name: "f", args: [] }]);
    expect(reply).toMatchObject({
      kind: "ended",
      reason: "timeout",
      detail: "used more than 100 ms of processor time",
    });
    expect(reply!.ms).toBeGreaterThanOrEqual(100);
  });

  it("count the time of all calls of a box together", async () => {
    const box = await open("function f() { const end = Date.now() + 300; while (Date.now() < end); return 1; }", {
      wallMs: 800,
      cpuMs: 10_000,
    });
    const replies = await box.call(Array.from({ length: 5 }, () => ({ name: "f", args: [] })));
    const kinds = replies.map(({ kind }) => kind);
    expect(kinds[0]).toBe("value");
    expect(kinds.slice(-2)).toEqual(["ended", "ended"]);
  });

  it("do not count the wait for the answer to a forwarded call", async () => {
    const forward = (): Promise<{ kind: "value"; value: number; ms: number }> =>
      new Promise((resolve) => setTimeout(resolve, 900, { kind: "value", value: 7, ms: 0 }));
    const box = await open("if (ask(1) !== 7) throw 1;", { wallMs: 600, cpuMs: 600 }, { imports: ["ask"] }, forward);
    expect(await box.load()).toMatchObject({ kind: "value" });
  });

  it("end a box that waits for an answer that never comes when it is closed", async () => {
    const asked = Promise.withResolvers<undefined>();
    const box = await open("ask(1);", {}, { imports: ["ask"] }, () => {
      asked.resolve(undefined);
      return new Promise(() => {});
    });
    const loading = box.load();
    await asked.promise;
    await box.close();
    expect(await loading).toMatchObject({ kind: "ended", reason: "closed" });
  });

  it("refuse memory beyond 32 MB, on the heap and off it, and let the box live on", async () => {
    const source = "function f(n) { return new Uint8Array(n).fill(1).length; } function g(n) { return Array.from({ length: n }, (_, i) => ({ i })).length; }"; // prettier-ignore
    const box = await open(source, { memoryBytes: 32 * 2 ** 20 });
    const [small, large, heap] = await box.call([
      { name: "f", args: [8 * 2 ** 20] },
      { name: "f", args: [40 * 2 ** 20] },
      { name: "g", args: [2_000_000] },
    ]);
    expect(small).toMatchObject({ value: 8 * 2 ** 20 });
    expect([large, heap]).toMatchObject([{ because: "memory" }, { because: "memory" }]);
  });

  it("keep 1,000 bytes of each stream, say so, and go on", async () => {
    const box = await open(
      "function f() { console.log('é'.repeat(400)); console.log('x'.repeat(900)); console.error('e'); return 1; }",
      { outputBytes: 1_000 },
    );
    expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ value: 1 }]);
    expect(Buffer.byteLength(box.output().stdout)).toBe(1_000);
    expect(box.output()).toMatchObject({ stderr: "e\n", truncated: true });
  });

  it("end a script that prints more than outputBytes", async () => {
    const box = await open(
      "for (let i = 0; i < 1000; i++) console.log(i);",
      { outputBytes: 100 },
      { kind: "script", stdin: "" },
    );
    expect(await box.load()).toMatchObject({ kind: "ended", reason: "output" });
  });

  it("refuse a result of more than resultBytes", async () => {
    const box = await open("const f = (n) => 'x'.repeat(n);", { resultBytes: 1_000 });
    const replies = await box.call([
      { name: "f", args: [998] },
      { name: "f", args: [999] },
    ]);
    expect(replies).toMatchObject([{ kind: "value" }, { kind: "exception", type: "ResultError" }]);
  });

  it("end a worker that is deep in code which cannot be interrupted", async () => {
    // A copy inside the interpreter takes seconds in one instruction for the guest.
    const source = "const a = new Float64Array(3e7); function f() { for (;;) a.copyWithin(0, 1); }";
    const box = await open(source, { wallMs: 300, cpuMs: 300, memoryBytes: 512 * 2 ** 20 });
    expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ reason: "timeout" }]);
  });
});

describe("dead workers", () => {
  const SUBMISSION: Submission = {
    language: "javascript",
    entryPoint: "f",
    source: "function f(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }",
    tests: [10, 1_000, 100_000].map((n) => ({ args: [n], expected: (n * (n - 1)) / 2 })),
  };
  const WRONG: Submission = { ...SUBMISSION, source: "function f() { return -1; }" };

  /** The workers of this process that are alive, from now to the end of the test. */
  function workersAlive(): ReadonlySet<Worker> {
    const alive = new Set<Worker>();
    const add = (worker: Worker): void => {
      alive.add(worker);
      worker.once("exit", () => alive.delete(worker));
    };
    process.on("worker", add);
    onTestFinished(() => void process.off("worker", add));
    return alive;
  }

  it("never give a wrong verdict: 150 submissions come to their own or to infrastructure while 15 workers are killed", async () => {
    const alive = workersAlive();
    const runner: CodeRunner = createCodeRunner({ kinds: [quickjs], concurrency: 2 });
    onTestFinished(() => runner.close());
    await runner.driverFor("javascript");
    const verdicts: string[] = [];
    let kills = 0;
    const one = async (i: number): Promise<void> => {
      const { verdict } = await runner.run(i % 2 === 0 ? SUBMISSION : WRONG);
      verdicts.push(verdict === "infrastructure" ? verdict : `${i % 2 === 0 ? "right" : "wrong"} ${verdict}`);
      if (verdicts.length % 10 !== 0) return;
      // At this moment another submission is being judged and the next one takes this one's place.
      void [...alive][Math.floor(Math.random() * alive.size)]?.terminate();
      kills++;
    };
    await Promise.all(Array.from({ length: 150 }, (_, i) => one(i)));
    expect(kills).toBe(15);
    const decided = verdicts.filter((verdict) => verdict !== "infrastructure");
    expect([...new Set(decided)].sort()).toEqual(["right pass", "wrong fail"]);
    expect(decided.length).toBeGreaterThan(140);
  }, 120_000);

  it("are replaced: the next submission passes", async () => {
    const alive = workersAlive();
    const runner = createCodeRunner({ kinds: [quickjs], concurrency: 1 });
    onTestFinished(() => runner.close());
    await runner.run(SUBMISSION);
    await Promise.all([...alive].map((worker) => worker.terminate()));
    expect((await runner.run(SUBMISSION)).verdict).toBe("pass");
  });
});

it("ends what is under way as infrastructure when it is closed, and refuses what waits", async () => {
  const opened = Promise.withResolvers<undefined>();
  const watched: DriverKind = {
    ...quickjs,
    async create(options) {
      const inner = await quickjs.create(options);
      const open: Driver["open"] = (...given) => inner.open(...given).finally(() => opened.resolve(undefined));
      return { name: inner.name, languages: inner.languages, open, close: () => inner.close() };
    },
  };
  const runner = createCodeRunner({ kinds: [watched], concurrency: 1 });
  const loop: Submission = { language: "javascript", entryPoint: "f", source: "function f() { for (;;); }", tests: [{ args: [], expected: 1 }] }; // prettier-ignore
  const loops = [1, 2].map(() => runner.run(loop));
  await opened.promise;
  const [, running, waiting] = await Promise.allSettled([runner.close(), ...loops]);
  expect(running).toMatchObject({ status: "fulfilled", value: { verdict: "infrastructure" } });
  expect(waiting).toMatchObject({ status: "rejected", reason: { code: "SHUTTING_DOWN" } });
});

it("takes a limit of 8 GB of memory for what 32 bits can hold, not for none", async () => {
  const box = await open("function f() { return new Uint8Array(2 ** 31 - 1).length; }", { memoryBytes: 8 * 2 ** 30 });
  expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ kind: "exception", because: "memory" }]);
});

it("gives the memory back: after 16 submissions that fill 64 MB, this process holds no 400 MB more", async () => {
  const runner = createCodeRunner({ kinds: [quickjs], concurrency: 2 });
  onTestFinished(() => runner.close());
  const hog: Submission = {
    language: "javascript",
    entryPoint: "f",
    source: "function f() { const all = []; for (;;) all.push(new Uint8Array(2 ** 20).fill(1)); }",
    tests: [{ args: [], expected: 1 }],
    limits: { memoryBytes: 64 * 2 ** 20 },
  };
  await runner.run(hog);
  const before = process.memoryUsage().rss;
  const results = await Promise.all(Array.from({ length: 16 }, () => runner.run(hog)));
  expect(results.every(({ verdict }) => verdict === "memory")).toBe(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
});
