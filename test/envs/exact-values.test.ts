/** The tables of the toy text environments give the published optima and random values, by dynamic programming. */
import { describe, expect, it } from "vitest";
import { blackjackModel } from "../../envs/blackjack/index.ts";
import { cliffWalkingModel } from "../../envs/cliff-walking/index.ts";
import { frozenLakeModel, MAPS } from "../../envs/frozen-lake/index.ts";
import { taxiModel } from "../../envs/taxi/index.ts";
import { drawFrom, type Model, type Outcome } from "../../envs/shared/tabular.ts";
import {
  epsilonGreedy,
  greedyPolicy,
  optimalValues,
  policyValues,
  randomPolicy,
  startValue,
  type Policy,
} from "./planning.ts";

const slippery = { isSlippery: true, successRate: 1 / 3, rewardSchedule: { goal: 1, hole: 0, frozen: 0 } };

describe("FrozenLake-v1", () => {
  const lake = frozenLakeModel(MAPS["4x4"], slippery);
  it("is worth 0.8235 to the best player without a limit", () => {
    expect(startValue(lake, optimalValues(lake))).toBeCloseTo(0.8235, 4);
  });
  it("is worth 0.7442 to the best player within 100 steps", () => {
    expect(startValue(lake, optimalValues(lake, { horizon: 100 }))).toBeCloseTo(0.7442, 4);
  });
  it("is worth 0.7402 within 100 steps to the player greedy for a discount of 0.99", () => {
    const greedy = greedyPolicy(lake, optimalValues(lake, { gamma: 0.99 }), 0.99);
    expect(startValue(lake, policyValues(lake, greedy, { horizon: 100 }))).toBeCloseTo(0.7402, 4);
  });
  it("is worth 0.0139 to the random player", () => {
    expect(startValue(lake, policyValues(lake, randomPolicy(lake), { horizon: 100 }))).toBeCloseTo(0.0139, 4);
  });
  it("is worth 1 without ice", () => {
    const dry = frozenLakeModel(MAPS["4x4"], { ...slippery, isSlippery: false });
    expect(startValue(dry, optimalValues(dry))).toBe(1);
  });
  it("is worth 1 on ice where every move succeeds", () => {
    const sure = frozenLakeModel(MAPS["4x4"], { ...slippery, successRate: 1 });
    expect(startValue(sure, optimalValues(sure))).toBe(1);
  });
});

describe("FrozenLake8x8-v1", () => {
  const lake = frozenLakeModel(MAPS["8x8"], slippery);
  it("is worth 1 to the best player without a limit", () => {
    expect(startValue(lake, optimalValues(lake))).toBeCloseTo(1, 4);
  });
  it("is worth 0.9132 to the best player within 200 steps", () => {
    expect(startValue(lake, optimalValues(lake, { horizon: 200 }))).toBeCloseTo(0.9132, 4);
  });
  it("is worth 0.8630 within 200 steps to the player greedy for a discount of 0.99", () => {
    const greedy = greedyPolicy(lake, optimalValues(lake, { gamma: 0.99 }), 0.99);
    expect(startValue(lake, policyValues(lake, greedy, { horizon: 200 }))).toBeCloseTo(0.863, 4);
  });
  it("is worth 0.0019 to the random player", () => {
    expect(startValue(lake, policyValues(lake, randomPolicy(lake), { horizon: 200 }))).toBeCloseTo(0.0019, 4);
  });
});

describe("CliffWalking-v1", () => {
  const cliff = cliffWalkingModel({ isSlippery: false });
  it("is worth -13 to the best player", () => {
    expect(startValue(cliff, optimalValues(cliff))).toBe(-13);
  });
  it.each([
    { path: "along the edge", row: 2, value: -51.81 },
    { path: "one row up", row: 1, value: -21.05 },
    { path: "along the top", row: 0, value: -22.27 },
  ])("is worth $value to a player with 10 % random moves who walks $path", ({ row, value }) => {
    const walk = epsilonGreedy(alongRow(row), 0.1);
    expect(startValue(cliff, policyValues(cliff, walk))).toBeCloseTo(value, 2);
  });
  it("is worth -20.71 to the best player with 10 % random moves: one row up to the end, then down", () => {
    const shaky = withRandomMoves(cliff, 0.1);
    const values = optimalValues(shaky);
    expect(startValue(shaky, values)).toBeCloseTo(-20.71, 2);
    const best = greedyPolicy(shaky, values);
    expect([36, 24, 12, 13, 22, 23, 35].map((cell) => best(cell).indexOf(1))).toEqual([0, 0, 1, 1, 1, 2, 2]);
  });
  it("is worth -64.71 to the best player when slippery", () => {
    const ice = cliffWalkingModel({ isSlippery: true });
    expect(startValue(ice, optimalValues(ice))).toBeCloseTo(-64.71, 2);
  });
});

/** The same world, where every action is with probability `epsilon` a random one. */
function withRandomMoves(model: Model, epsilon: number): Model {
  const scaled = (outcomes: readonly Outcome[], share: number): Outcome[] =>
    outcomes.map((outcome) => ({ ...outcome, probability: share * outcome.probability }));
  const table = model.table.map((row) =>
    row.map((meant) => [...scaled(meant, 1 - epsilon), ...row.flatMap((any) => scaled(any, epsilon / row.length))]),
  );
  return { ...model, table };
}

/** From the first column up to the row, along it to the last column, then down; from elsewhere towards that row. */
function alongRow(target: number): Policy {
  const [up, right, down] = [0, 1, 2];
  return (state) => {
    const row = Math.floor(state / 12);
    const action = state % 12 === 11 ? down : row > target ? up : row < target ? down : right;
    return [0, 1, 2, 3].map((a) => Number(a === action));
  };
}

describe("Taxi-v4", () => {
  const taxi = taxiModel();
  it("starts in 300 states with equal chances", () => {
    expect(taxi.starts).toHaveLength(300);
    expect(new Set(taxi.starts.map(({ probability }) => probability))).toEqual(new Set([1 / 300]));
  });
  it("is worth 7.93 to the best player", () => {
    expect(startValue(taxi, optimalValues(taxi, { horizon: 200 }))).toBeCloseTo(7.93, 4);
  });
  it("is worth -771.1 to the random player within 200 steps", () => {
    expect(startValue(taxi, policyValues(taxi, randomPolicy(taxi), { horizon: 200 }))).toBeCloseTo(-771.1, 1);
  });
});

describe("Blackjack-v1", () => {
  const book = blackjackModel({ sab: true, natural: false });
  const stickOn =
    (sum: number): Policy =>
    (state) =>
      Math.floor(state / 22) >= sum ? [1, 0] : [0, 1];
  it("is worth -0.0431 to the best player", () => {
    expect(startValue(book, optimalValues(book))).toBeCloseTo(-0.0431, 4);
  });
  it("is worth -0.3942 to the random player", () => {
    expect(startValue(book, policyValues(book, randomPolicy(book)))).toBeCloseTo(-0.3942, 4);
  });
  it.each([
    { sum: 20, value: -0.3501 },
    { sum: 17, value: -0.0759 },
  ])("is worth $value to a player who sticks on $sum or more", ({ sum, value }) => {
    expect(startValue(book, policyValues(book, stickOn(sum)))).toBeCloseTo(value, 4);
  });
  it.each([
    { natural: false, value: -0.0466 },
    { natural: true, value: -0.0257 },
  ])("is worth $value to the best player with sab off and natural $natural", ({ natural, value }) => {
    const model = blackjackModel({ sab: false, natural });
    expect(startValue(model, optimalValues(model))).toBeCloseTo(value, 4);
  });
});

describe("every table", () => {
  it.each([
    ["FrozenLake", frozenLakeModel(MAPS["8x8"], slippery)],
    ["CliffWalking", cliffWalkingModel({ isSlippery: true })],
    ["Taxi", taxiModel()],
    ["Blackjack", blackjackModel({ sab: true, natural: false })],
  ])("of %s has probabilities that sum to 1 and successors that exist", (_, { table, starts }) => {
    const total = (items: readonly { probability: number }[]): number =>
      items.reduce((sum, o) => sum + o.probability, 0);
    expect(total(starts)).toBeCloseTo(1, 12);
    for (const outcomes of table.flat()) {
      expect(total(outcomes)).toBeCloseTo(1, 12);
      for (const { next } of outcomes) expect(table[next]).toBeDefined();
    }
  });
});

describe("an outcome", () => {
  const items = [0.25, 0.5, 0.25].map((probability, name) => ({ probability, name }));
  it.each([
    [0, 0],
    [0.2499, 0],
    [0.25, 1],
    [0.7499, 1],
    [0.75, 2],
    [0.9999999999999999, 2],
  ])("is, for a draw of %f, the first whose cumulative probability exceeds it: number %i", (u, name) => {
    expect(drawFrom(items, u).name).toBe(name);
  });
  it("is the last one where rounding leaves none", () => {
    const thirds = [1 / 3, 1 / 3, 1 / 3 - 1e-15].map((probability, name) => ({ probability, name }));
    expect(drawFrom(thirds, 1 - 2 ** -53).name).toBe(2);
  });
});

describe("the table of FrozenLake", () => {
  it("keeps whoever is in a hole or at the goal there, for 0, and says that it is over", () => {
    const { table } = frozenLakeModel(MAPS["4x4"], slippery);
    for (const cell of [5, 7, 11, 12, 15])
      for (const outcomes of table[cell]!)
        expect(outcomes).toEqual([{ probability: 1, next: cell, reward: 0, terminated: true }]);
  });
  it("has the outcomes of a slippery move in the order before, meant, after, with (1 - s) / 2, s, (1 - s) / 2", () => {
    const { table } = frozenLakeModel(MAPS["4x4"], { ...slippery, successRate: 0.5 });
    // Right from cell 6: down to 10, right into the hole 7, up to 2.
    expect(table[6]![2]).toEqual([
      { probability: 0.25, next: 10, reward: 0, terminated: false },
      { probability: 0.5, next: 7, reward: 0, terminated: true },
      { probability: 0.25, next: 2, reward: 0, terminated: false },
    ]);
  });
  it("has the published maps, cell by cell", () => {
    expect(MAPS["4x4"]).toEqual(["SFFF", "FHFH", "FFFH", "HFFG"]);
    expect(MAPS["8x8"]).toEqual("SFFFFFFF FFFFFFFF FFFHFFFF FFFFFHFF FFFHFFFF FHHFFFHF FHFFHFHF FFFHFFFG".split(" "));
  });
});
