/** Portfolio-v0 by hand: growth, costs, drifting shares, what is observed, where episodes start. That nothing looks ahead is future.test.ts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng, type AnyRules } from "dojang/env";
import { sample } from "dojang/protocol";
import market, {
  readPrices,
  sharesOf,
  shippedPrices,
  tradeDay,
  type PortfolioState,
} from "../../../envs/market/index.ts";
import { rulesOf, stepOf } from "../support.ts";
import { buildWith, folderWith } from "./support.ts";

/** Two assets over six days. */
const PRICES = "day,a,b\n1,100,50\n2,110,50\n3,110,40\n4,121,60\n5,121,30\n6,60.5,30\n";

const rulesFor = (csv: string, params: Readonly<Record<string, unknown>> = {}): AnyRules =>
  buildWith(market, { window: 2, steps: 2, file: "prices.csv", folder: folderWith({ "prices.csv": csv }), ...params })
    .rules;

const observed = (rules: AnyRules, state: unknown): number[] => {
  if (rules.observation.kind !== "box") throw new Error("expected a box");
  const out = new Float32Array(rules.observation.shape[0]! * rules.observation.shape[1]!);
  rules.observe(state, out);
  return Array.from(out);
};

/** The type of a matcher is any; a test has no use for that. */
const near = (value: number, digits = 6): unknown => expect.closeTo(value, digits);
const close = (numbers: readonly number[], digits = 6): unknown[] => numbers.map((n) => near(n, digits));

describe("Portfolio-v0", () => {
  it("has one share for each asset, a window of returns with the shares below it, and a limit of 60 days", () => {
    const rules = rulesOf(market);
    expect([rules.action, rules.observation, rules.maxSteps]).toMatchObject([
      { shape: [4], low: 0, high: 1 },
      { shape: [11, 4], dtype: "float32" },
      60,
    ]);
  });
  it("pays the log of growth less costs: half in each asset, a rises by a tenth at a fee of 1 %", () => {
    const state = { row: 2, wealth: 1, weights: new Float64Array(2) };
    const rules = rulesFor(PRICES, { fee: 0.01 });
    const { reward, rewards, terminated, state: next } = stepOf(rules, state, Float32Array.of(0.5, 0.5), new Rng(0));
    // a: 110 to 121, b: 40 to 60; all wealth was traded.
    expect(rewards).toEqual({ growth: near(Math.log(1.3), 12), cost: near(Math.log(0.99), 12) });
    expect(reward).toBeCloseTo(Math.log(1.3 * 0.99), 12);
    expect(terminated).toBe(false);
    expect(next).toMatchObject({ row: 3, wealth: near(1.3 * 0.99, 12) });
    expect(Array.from((next as PortfolioState).weights)).toEqual(close([0.55 / 1.3, 0.75 / 1.3], 12));
  });
  it("charges nothing for holding what there is, and both ways for a change from one asset to the other", () => {
    const prices = Float64Array.of(1, 1, 2, 1, 2, 1);
    const state = { row: 0, wealth: 1, weights: Float64Array.of(0.5, 0.5) };
    expect(tradeDay(state, Float64Array.of(0.5, 0.5), prices, 0.1)).toEqual({ cost: 0, growth: Math.log(1.5) });
    expect(tradeDay(state, state.weights, prices, 0.1)).toEqual({ cost: 0, growth: 0 });
    const all = { row: 1, wealth: 1, weights: Float64Array.of(1, 0) };
    expect(tradeDay(all, Float64Array.of(0, 1), prices, 0.1).cost).toBeCloseTo(Math.log(0.8), 12);
  });
  it("keeps in cash what is in no asset, and scales shares down to a sum of 1", () => {
    expect(sharesOf([0.25, 0.5])).toEqual(Float64Array.of(0.25, 0.5));
    expect(sharesOf([1, 1])).toEqual(Float64Array.of(0.5, 0.5));
    expect(sharesOf([0, 0])).toEqual(Float64Array.of(0, 0));
    const { reward } = stepOf(
      rulesFor(PRICES),
      { row: 4, wealth: 1, weights: new Float64Array(2) },
      Float32Array.of(0, 0),
      new Rng(0),
    );
    expect(reward).toBe(0);
  });
  it("observes log returns up to today, the oldest first, then the shares", () => {
    const rules = rulesFor(PRICES);
    const seen = observed(rules, { row: 3, wealth: 1, weights: Float64Array.of(0.25, 0.5) });
    expect(seen).toEqual(close([0, Math.log(40 / 50), Math.log(121 / 110), Math.log(60 / 40), 0.25, 0.5]));
  });
  it("adds its rewards up to the log of wealth, with shares that never exceed 1", () => {
    const rules = rulesOf(market);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rng = new Rng(seed);
        let state = rules.reset(rng) as PortfolioState;
        let sum = 0;
        for (let day = 0; day < 60; day++) {
          const transition = stepOf(rules, state, sample(rules.action, rng), rng);
          state = transition.state as PortfolioState;
          sum += transition.reward;
          expect(state.weights.reduce((total, share) => total + share, 0)).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(sum).toBeCloseTo(Math.log(state.wealth), 9);
        expect((rules.info!(state) as { wealth: Float64Array }).wealth[0]).toBe(state.wealth);
      }),
      { numRuns: 20 },
    );
  });
  it("survives prices that fall from 1e12 to 1e-9 with finite rewards and shares in 0..1", () => {
    const rules = rulesFor("d,a,b\n1,1,1\n2,1e12,1\n3,1e-9,1\n4,1e12,1\n", { window: 1, steps: 2, fee: 0.1 });
    let state = rules.reset(new Rng(0), { start: 1 });
    for (const action of [Float32Array.of(1, 0), Float32Array.of(0.7, 0.9)]) {
      const transition = stepOf(rules, state, action, new Rng(0));
      state = transition.state;
      expect(Number.isFinite(transition.reward)).toBe(true);
      expect(observed(rules, state).every((value) => Number.isFinite(value))).toBe(true);
    }
  });
});

describe("where Portfolio-v0 starts", () => {
  const startsOf = (rules: AnyRules): number[] => {
    const rng = new Rng(6);
    const rows = Array.from({ length: 200 }, () => (rules.reset(rng) as PortfolioState).row);
    return [...new Set(rows)].sort((a, b) => a - b);
  };
  it("is any row with a full window before and all days after it", () => {
    expect(startsOf(rulesFor(PRICES))).toEqual([2, 3]);
  });
  it("stays with its days and window in the part between from and to", () => {
    const rows = "d,a\n" + Array.from({ length: 20 }, (_, i) => `${i},1\n`).join("");
    expect(startsOf(rulesFor(rows, { to: 0.5 }))).toEqual([2, 3, 4, 5, 6, 7]);
    expect(startsOf(rulesFor(rows, { from: 0.5 }))).toEqual([12, 13, 14, 15, 16, 17]);
  });
  it("may be chosen by the options of a reset", () => {
    const rules = rulesFor(PRICES);
    expect(rules.reset(new Rng(0), { start: 3 })).toMatchObject({ row: 3, wealth: 1 });
    for (const options of [{ start: 1 }, { start: 4 }, { start: 2.5 }, { begin: 2 }, { start: 2, x: 1 }, "3", [3], {}])
      expect(() => rules.reset(new Rng(0), options)).toThrow(expect.objectContaining({ code: "BAD_OPTIONS" }));
  });
  it.each([{ steps: 4 }, { window: 5 }, { from: 0.8, to: 0.2 }, { to: 0.5 }])("is nowhere with %j", (params) => {
    expect(() => rulesFor(PRICES, params)).toThrow(/expected at least \d+ rows between from and to, got \d/);
  });
});

describe("the shipped prices", () => {
  it("give a random player -0.020, equal shares 0.016, and who follows what moved 0.057 over 60 days", () => {
    const rules = rulesOf(market);
    const mean = (policy: (seen: number[], rng: Rng) => ArrayLike<number>): number => {
      const rng = new Rng(1);
      let sum = 0;
      for (let episode = 0; episode < 1_000; episode++) {
        let state = rules.reset(rng);
        for (let day = 0; day < 60; day++) {
          const transition = stepOf(rules, state, Float32Array.from(policy(observed(rules, state), rng)), rng);
          state = transition.state;
          sum += transition.reward;
        }
      }
      return sum / 1_000;
    };
    // The deviation of one episode is about 0.06, so the mean's is 0.002.
    expect(Math.abs(mean((_, rng) => [0, 0, 0, 0].map(() => rng.uniform())) + 0.0196)).toBeLessThan(0.008);
    expect(Math.abs(mean(() => [0.25, 0.25, 0.25, 0.25]) - 0.0161)).toBeLessThan(0.008);
    const follow = (seen: number[]): number[] => {
      const [trend = 0, swing = 0] = seen.slice(36, 38);
      if (0.3 * Math.max(trend, -swing) <= 0.002) return seen.slice(40);
      return trend > -swing ? [1, 0, 0, 0] : [0, 1, 0, 0];
    };
    expect(Math.abs(mean(follow) - 0.0571)).toBeLessThan(0.008);
  });
  it("give 0.921 in hindsight with one asset at a time, bought and sold at the fee", () => {
    const { prices } = readPrices(shippedPrices(), () => {
      throw new Error("the shipped prices are a table");
    });
    // Best log growth to come for each holding: 0 cash, 1 to 4 an asset. Selling and buying are a trade each.
    const dayBefore = (values: readonly number[], row: number): number[] =>
      values.map((_, from) =>
        Math.max(
          ...values.map((value, to) => {
            const trades = from === to ? 0 : Number(from > 0) + Number(to > 0);
            const ratio = to === 0 ? 1 : prices[(row + 1) * 4 + to - 1]! / prices[row * 4 + to - 1]!;
            return Math.log(1 - 0.001 * trades) + Math.log(ratio) + value;
          }),
        ),
      );
    let sum = 0;
    for (let start = 10; start <= 939; start += 3) {
      let values = [0, 0, 0, 0, 0];
      for (let row = start + 59; row >= start; row--) values = dayBefore(values, row);
      sum += values[0]!;
    }
    expect(sum / 310).toBeCloseTo(0.921, 2);
  });
  it("show the day, the wealth and a bar for each asset and for cash", () => {
    const rules = rulesOf(market);
    const state = { row: 12, wealth: 1.01, weights: Float64Array.of(0.5, 0.25, 0, 0) };
    expect(rules.render!(state)).toBe(
      [
        "12: wealth 1.0100",
        `trend   50.0 % ${"#".repeat(20)}`,
        `swing   25.0 % ${"#".repeat(10)}`,
        "steady   0.0 %",
        "wild     0.0 %",
        `cash    25.0 % ${"#".repeat(10)}`,
      ].join("\n"),
    );
  });
});
