/** A uniform random policy scores what it scores in the reference implementation. bench/minatar-random.ts prints the figures, for any seed and number of episodes. */
import { describe, expect, it } from "vitest";
import plugins from "../../../envs/minatar/index.ts";
import { distance, playRandomly, REFERENCE } from "./random-policy.ts";

describe("a uniform random policy over 2,000 episodes", () => {
  it.each(REFERENCE.map((reference) => [reference.id, reference] as const))(
    "plays %s within 3 standard errors of the reference's return and length",
    (id, reference) => {
      const plugin = plugins.find((one) => one.id === id);
      expect(plugin).toBeDefined();
      const { ofReturn, ofLength } = distance(reference, playRandomly(plugin!, 2_000, 0));
      expect(Math.abs(ofReturn)).toBeLessThan(3);
      expect(Math.abs(ofLength)).toBeLessThan(3);
    },
  );
  it("has a row for each env of one game", () => {
    const single = plugins.map(({ id }) => id).filter((id) => id !== "MinAtar/Games-v0");
    expect(REFERENCE.map(({ id }) => id).sort()).toEqual(single.sort());
  });
});

describe("the distance from the reference", () => {
  const reference = { id: "x", meanReturn: 1, returnError: 0.03, meanLength: 10 };
  it("counts standard errors of both samples", () => {
    const scores = { episodes: 100, returns: { mean: 1.1, deviation: 0.4 }, lengths: { mean: 10, deviation: 0 } };
    expect(distance(reference, scores)).toEqual({ ofReturn: expect.closeTo(2, 10) as number, ofLength: 0 });
  });
  it("is infinite where nothing varies and the means differ", () => {
    const scores = { episodes: 100, returns: { mean: 1, deviation: 0.4 }, lengths: { mean: 11, deviation: 0 } };
    expect(distance(reference, scores).ofLength).toBe(Infinity);
  });
});
