/** pass@k, maj@k and intervals, against exact values. */
import { describe, expect, it } from "vitest";
import { bootstrap, wilson } from "../../../agents/text/intervals.ts";
import { majAtK, passAtK } from "../../../agents/text/pass-at-k.ts";

/** The definition: the share of the subsets of k samples that hold a right one. */
function enumerated(n: number, c: number, k: number): number {
  let [all, passing] = [0, 0];
  for (let bits = 0; bits < 2 ** n; bits++) {
    if (bits.toString(2).replaceAll("0", "").length !== k) continue;
    all++;
    // The first c samples are the right ones.
    if ((bits & (2 ** c - 1)) !== 0) passing++;
  }
  return passing / all;
}

describe("pass@k", () => {
  it("is 1 - C(3,2) / C(5,2) = 0.7 for 2 of 5 right and k 2", () => {
    expect(passAtK(5, 2, 2)).toBeCloseTo(0.7, 12);
  });

  it("is the share of subsets with a right sample, for every n up to 7", () => {
    for (let n = 1; n <= 7; n++)
      for (let c = 0; c <= n; c++)
        for (let k = 1; k <= n; k++) expect(passAtK(n, c, k)).toBeCloseTo(enumerated(n, c, k), 12);
  });

  it("stays finite for 10,000 samples", () => {
    expect(passAtK(10_000, 1, 5_000)).toBeCloseTo(0.5, 9);
  });

  it.each([
    [4, 5, 1],
    [4, 2, 5],
    [4, 2, 0],
    [4, NaN, 1],
  ])("refuses n %d, right %d, k %d", (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow(RangeError);
  });
});

describe("maj@k", () => {
  const problem = { right: [0, 1, 1, 0, 0, 0], answers: ["12", "7", "7", "12", "12", undefined] };

  it("is 1 when the commonest of the first k answers is right, 0 when it is wrong", () => {
    expect(majAtK(problem, 3)).toBe(1);
    expect(majAtK(problem, 6)).toBe(0);
  });

  it("counts a tie by the share of tied answers that are right", () => {
    expect(majAtK(problem, 4)).toBe(0.5);
    expect(majAtK(problem, 2)).toBe(0.5);
  });

  it("gives samples without an answer no vote, and 0 where nobody votes", () => {
    expect(majAtK({ right: [0, 0, 1], answers: [undefined, undefined, "3"] }, 3)).toBe(1);
    expect(majAtK({ right: [0], answers: [undefined] }, 1)).toBe(0);
  });

  it("refuses more samples than there are", () => {
    expect(() => majAtK(problem, 7)).toThrow("expected 1 <= k <= 6 samples, got 7");
  });
});

describe("intervals", () => {
  // Worked out by hand from Wilson's formula; 8 of 10 is the textbook example.
  it("gives Wilson's interval 0.490 to 0.943 for 8 of 10", () => {
    const { mean, low, high } = wilson(8, 10);
    expect([mean, low, high].map((x) => x.toFixed(3))).toEqual(["0.800", "0.490", "0.943"]);
  });

  it("keeps Wilson's interval inside 0 to 1, and not empty, for 0 and for all of 20", () => {
    expect(wilson(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.161, 3) as number });
    expect(wilson(20, 20)).toMatchObject({ high: 1, low: expect.closeTo(0.839, 3) as number });
  });

  it("bootstraps over problems: the interval of 400 coins is 0.05 to each side, the same for the same seed", () => {
    const scores = Array.from({ length: 400 }, (_, i) => i % 2);
    const found = bootstrap(scores, { seed: 3 });
    expect(found).toEqual(bootstrap(scores, { seed: 3 }));
    expect(found.mean).toBe(0.5);
    expect(found.low).toBeGreaterThan(0.44);
    expect(found.low).toBeLessThan(0.46);
    expect(found.high).toBeGreaterThan(0.54);
    expect(found.high).toBeLessThan(0.56);
  });

  it("refuses an interval of nothing", () => {
    expect(() => wilson(0, 0)).toThrow(RangeError);
    expect(() => bootstrap([])).toThrow(RangeError);
  });
});
