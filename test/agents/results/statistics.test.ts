/** Comparing runs: intervals as in the tables, groups by settings, curves of several seeds. */
import { curveOf, groupRuns, pointsOf, smoothed, type RunSummary } from "dojang/agents";
import { describe, expect, it } from "vitest";
import { estimate, tQuantile } from "../../../agents/results/statistics.ts";

describe("the t interval", () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [9, 2.26216],
    [10, 2.22814],
    [29, 2.04523],
    [120, 1.97993],
  ])("reaches as far as the table says for 95%% and %d degrees of freedom: %d", (df, expected) => {
    expect(tQuantile(0.95, df)).toBeCloseTo(expected, 4);
  });

  it("of 1, 2, 3, 4, 5 is 3 +- 1.963", () => {
    const { n, mean, margin } = estimate([1, 2, 3, 4, 5]);
    expect([n, mean]).toEqual([5, 3]);
    expect(margin).toBeCloseTo(2.77645 * Math.sqrt(2.5 / 5), 4);
  });

  it("is absent for a single number", () => {
    expect(estimate([7])).toEqual({ n: 1, mean: 7 });
  });
});

interface Made {
  readonly seed: number;
  readonly alpha?: number;
  readonly steps?: number;
  readonly evaluated?: number;
  readonly trained?: number;
}

/** A run as it is read from its folder. */
function runOf({ seed, alpha = 0.1, steps = 100, evaluated, trained }: Made): RunSummary {
  const settings = { agent: "q-learning", env: "E-v0", seed, steps, num: 1, config: { alpha, epsilon: { to: 0 } } };
  const score = evaluated === undefined ? trained : evaluated;
  return {
    folder: `run${seed}`,
    settings,
    status: "done",
    result: { recentReturn: trained },
    ...(score !== undefined && { score: { of: evaluated === undefined ? "training" : "evaluation", mean: score } }),
  } as unknown as RunSummary;
}

describe("groups of runs", () => {
  it("hold the seeds of the same settings, whatever their length, and name what differs", () => {
    const groups = groupRuns([
      runOf({ seed: 1, evaluated: 1 }),
      runOf({ seed: 2, evaluated: 3, steps: 500 }),
      runOf({ seed: 1, alpha: 0.5, evaluated: 5 }),
    ]);
    expect(groups.map(({ runs, differs, score }) => [runs.length, differs, score?.mean])).toEqual([
      [2, { "config.alpha": 0.1 }, 2],
      [1, { "config.alpha": 0.5 }, 5],
    ]);
    expect(groups[0]?.score?.margin).toBeCloseTo(12.7062 * 1, 3);
    expect(groups[1]?.score).toEqual({ of: "evaluation", n: 1, mean: 5 });
  });

  it("never mix evaluations with returns of training: where one run has no evaluation, training counts", () => {
    const [group] = groupRuns([runOf({ seed: 1, evaluated: 9, trained: 2 }), runOf({ seed: 2, trained: 4 })]);
    expect(group?.score).toMatchObject({ of: "training", n: 2, mean: 3 });
  });

  it("have no score where no episode ended", () => {
    expect(groupRuns([runOf({ seed: 1 })])[0]).not.toHaveProperty("score");
  });
});

describe("a learning curve", () => {
  it("of one seed is its points; lines without the metric are left out", () => {
    const lines = [{ step: 1, return: 2 }, { step: 2 }, { step: 3, return: null }, { step: 4, return: 5 }];
    expect(pointsOf(lines, "return")).toEqual([
      { x: 1, y: 2 },
      { x: 4, y: 5 },
    ]);
    expect(curveOf("a", [pointsOf(lines, "return")])).not.toHaveProperty("band");
  });

  it("of 2 seeds is their mean where both have steps, with the t interval at each point", () => {
    const line = (from: number, to: number, y: number) => [
      { x: from, y },
      { x: to, y },
    ];
    const { points, band, n } = curveOf("a", [line(0, 10, 1), line(5, 20, 3)]);
    expect(n).toBe(2);
    expect([points[0]?.x, points.at(-1)?.x]).toEqual([5, 10]);
    expect(new Set(points.map(({ y }) => y))).toEqual(new Set([2]));
    expect(band?.[0]?.high).toBeCloseTo(2 + 12.7062, 3);
  });

  it("goes on straight lines between points", () => {
    const seeds = [
      [{ x: 0, y: 0 }, { x: 10, y: 10 }],
      [{ x: 0, y: 0 }, { x: 4, y: 4 }, { x: 10, y: 10 }],
    ]; // prettier-ignore
    for (const { x, y } of curveOf("a", seeds).points) expect(y).toBeCloseTo(x, 9);
  });

  it("is empty where two seeds have no steps in common", () => {
    expect(curveOf("a", [[{ x: 1, y: 1 }], [{ x: 2, y: 1 }]]).points).toEqual([]);
  });

  it("is smoothed by the mean of the last 2 values", () => {
    const points = [1, 3, 5].map((y, x) => ({ x, y }));
    expect(smoothed(points, 2).map(({ y }) => y)).toEqual([1, 2, 4]);
  });
});
