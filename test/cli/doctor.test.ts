/** `dojang doctor` tells what it tried, and `dojang demo` compares with scores that it computes. */
import { describe, expect, it } from "vitest";
import fc from "fast-check";

import { exactValues, type TableModel } from "../../src/cli/demo/exact-values.ts";
import { PROBES } from "../../src/cli/probes.ts";
import { call, lastLine } from "./call.ts";

describe("dojang doctor", () => {
  it("has a line for each probe with what it saw, and is ok where tests can run at all", async () => {
    const done = await call("doctor", "--json");
    const lines = done.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { name: string; found: string });
    expect(lines.slice(0, -1).map(({ name }) => name)).toEqual(Object.keys(PROBES));
    expect(lines.find(({ name }) => name === "node")?.found).toContain(process.versions.node);
    expect(lastLine(done)).toEqual({ ok: true, missing: [] });
    expect(done.code).toBe(0);
  });

  it("says what the absence of a program means, having tried it", async () => {
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const finding = await PROBES["bubblewrap"]?.();
      expect(finding).toMatchObject({
        ok: false,
        needed: false,
        found: "not installed",
        means: expect.any(String) as string,
      });
    } finally {
      process.env["PATH"] = path;
    }
  });
});

describe("the exact values of a table", () => {
  const fixed = (reward: number, next: number, terminated: boolean) => [{ probability: 1, next, reward, terminated }];

  it("are worked out by hand: one of two actions pays 1 and ends, the other pays nothing and stays", () => {
    const model: TableModel = {
      starts: [{ probability: 1, state: 0 }],
      table: [[fixed(1, 0, true), fixed(0, 0, false)]],
    };
    for (const steps of [1, 2, 5]) {
      const { random, optimum } = exactValues(model, steps);
      expect(random).toBeCloseTo(1 - 0.5 ** steps, 12);
      expect(optimum).toBe(1);
    }
  });

  it("never put random play above the best play, and grow with the time limit where rewards are not negative", () => {
    const outcome = fc.record({
      probability: fc.constant(1),
      next: fc.nat(3),
      reward: fc.double({ min: 0, max: 1, noNaN: true }),
      terminated: fc.boolean(),
    });
    const table = fc.array(fc.array(fc.tuple(outcome), { minLength: 2, maxLength: 2 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, steps) => {
        const model: TableModel = {
          starts: [
            { probability: 0.25, state: 1 },
            { probability: 0.75, state: 2 },
          ],
          table: rows,
        };
        const [now, later] = [exactValues(model, steps), exactValues(model, steps + 1)];
        expect(now.random).toBeLessThanOrEqual(now.optimum + 1e-12);
        expect(later.optimum).toBeGreaterThanOrEqual(now.optimum - 1e-12);
        expect(later.random).toBeGreaterThanOrEqual(now.random - 1e-12);
      }),
      { numRuns: 100 },
    );
  });
});
