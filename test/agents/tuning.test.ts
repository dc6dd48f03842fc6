/** A search for hyperparameters draws within its ranges, by its seed alone, and keeps a third. */
import {
  agents,
  budgets,
  defaultSpace,
  drawFrom,
  findAgent,
  readSpace,
  resolved,
  rngFor,
  survivors,
} from "dojang/agents";
import { describe, expect, it } from "vitest";

const q = findAgent("q-learning");
const at = (config: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], config);

describe("the default space", () => {
  it("of every agent gives 50 candidates that the agent takes", () => {
    for (const agent of Object.values(agents)) {
      const base = resolved(agent, {});
      const space = defaultSpace(agent, base);
      for (let k = 0; k < 50; k++) expect(() => resolved(agent, drawFrom(space, rngFor(k, agent.id)))).not.toThrow();
    }
  });

  it("reaches a factor of ten around a learning rate, on a log scale: half of 2,000 draws lie below its value", () => {
    const space = defaultSpace(q, resolved(q, { alpha: 0.05 }));
    expect(space["alpha"]).toMatchObject({ from: 0.005, to: 0.5, scale: "log" });
    const draws = Array.from({ length: 2_000 }, (_, k) => at(drawFrom(space, rngFor(k, "test")), "alpha") as number);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0.005);
    expect(Math.max(...draws)).toBeLessThanOrEqual(0.5);
    const below = draws.filter((value) => value < 0.05).length;
    expect(Math.abs(below - 1_000)).toBeLessThan(4 * Math.sqrt(500));
  });

  it("takes a discount of 0.99 by its distance to 1: 0.9 to 0.999; and leaves alone what is 0 or not reached", () => {
    const space = defaultSpace(q, resolved(q, { gamma: 0.99, epsilon: { from: 0.1, to: 0.1, over: 0 } }));
    expect(space["gamma"]).toMatchObject({ scale: "nearOne" });
    const { from, to } = space["gamma"] as { from: number; to: number };
    expect([from, to].map((x) => Number(x.toFixed(6)))).toEqual([0.9, 0.999]);
    expect(Object.keys(space).toSorted()).toEqual(["alpha", "epsilon.to", "gamma"]);
  });
});

describe("a space of one's own", () => {
  it("has ranges, with log where they are above 0, and lists; integers stay integers", () => {
    const ppo = findAgent("ppo");
    const space = readSpace(ppo, { minibatch: { from: 16, to: 64 }, hidden: [[8], [16, 16]], gamma: { from: 0, to: 1 } }, "f"); // prettier-ignore
    expect(space["minibatch"]).toEqual({ from: 16, to: 64, scale: "log", integer: true });
    expect(space["gamma"]).toMatchObject({ scale: "linear" });
    for (let k = 0; k < 50; k++) {
      const { minibatch, hidden } = drawFrom(space, rngFor(k, "test"));
      expect(Number.isInteger(minibatch)).toBe(true);
      expect([[8], [16, 16]]).toContainEqual(hidden);
    }
  });

  it("gives the same candidate for the same seed, whatever the order of its keys", () => {
    const ranges = { alpha: { from: 0.1, to: 1 }, gamma: { from: 0.1, to: 1 } };
    const turned = { gamma: ranges.gamma, alpha: ranges.alpha };
    const draw = (given: typeof ranges) => drawFrom(readSpace(q, given, "f"), rngFor(5, "test"));
    expect(draw(turned)).toEqual(draw(ranges));
  });

  it.each([
    [{ alpa: [1] }, /f: expected keys among alpha, .*got "alpa"\. Did you mean "alpha"\?/],
    [{ alpha: [2] }, /param alpha: expected a finite number in .*, got 2/],
    [{ alpha: { from: 0.1, to: 3 } }, /param alpha: .*got 3/],
    [{ alpha: { from: 1, to: 0.1 } }, /f: alpha: expected a list of values, or/],
    [{ alpha: { from: 0.1, to: 1, scale: "exp" } }, /scale: "exp"/],
    [{ initial: { from: 0, to: 1, scale: "log" } }, /low > 0 for log/],
    [{ gamma: { from: 0.5, to: 1, scale: "nearOne" } }, /high < 1 for nearOne/],
    [{ alpha: [] }, /f: alpha: expected a list of values/],
    [{ alpha: 0.1 }, /f: alpha: expected a list of values/],
    [{}, /f: expected at least one hyperparameter/],
  ])("that is wrong is refused: %j", (given, message) => {
    expect(() => readSpace(q, given, "f")).toThrow(message);
  });
});

describe("successive halving", () => {
  it("gives each round a third of the steps of the next: 1,000, 3,000 and 9,000", () => {
    expect(budgets(9_000, 3)).toEqual([1_000, 3_000, 9_000]);
    expect(budgets(9_000, 1)).toEqual([9_000]);
  });

  it("lets the best third go on, best first, and nobody who failed", () => {
    const all = [{ trial: 0, score: 1 }, { trial: 1 }, { trial: 2, score: 5 }, { trial: 3, score: 5 }];
    expect(survivors(all)).toEqual([2, 3]);
    expect(survivors([{ trial: 0 }, { trial: 1 }])).toEqual([]);
    expect(survivors([{ trial: 0, score: -3 }])).toEqual([0]);
  });
});
