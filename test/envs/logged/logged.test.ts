/** Logged-v0: the fit by hand, what is supported, what is refused, what a table must hold, and the shipped log against the machine it came from. */
import fc from "fast-check";
import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Rng, type AnyRules } from "dojang/env";
import { local } from "dojang/client/local";
import logged, { fitModel, readLog, shippedLog, type FittedModel } from "../../../envs/logged/index.ts";
import { loggedCsv, machine } from "../../../scripts/make-logged-data.ts";
import { optimalValues, policyValues, startValue } from "../planning.ts";
import { rulesOf, ScriptedRng, stepOf } from "../support.ts";
import { buildWith, folderWith, refusalOf } from "../market/support.ts";

const HEADER = "state,action,next,count,reward,terminated\n";

/** From 0, action 0 goes on to 1 or back, action 1 ends; from 1, action 0 leads to 2, action 1 ends; 2 was never left. */
const LOG = `${HEADER}0,0,1,30,1,0\n0,0,0,10,2.5,0\n0,1,1,5,7,1\n1,0,2,40,9,0\n1,1,0,8,-1,1\nstart,,0,3,,\nstart,,1,1,,\n`;

const fit = (csv: string, minCount = 1): FittedModel =>
  fitModel(
    readLog(csv, (row, column, expected) => {
      throw new Error(`row ${row}, column ${column}: ${expected}`);
    }),
    minCount,
    "Logged-v0",
  );

const rulesFor = (csv: string, params: object = {}): AnyRules =>
  buildWith(logged, { minCount: 1, file: "log.csv", folder: folderWith({ "log.csv": csv }), ...params }).rules;

/** The model with the supported actions alone: what a planner may choose from. */
const supportedPart = ({ table, support, starts }: FittedModel): FittedModel => ({
  table: table.map((row, state) => {
    const allowed = row.filter((_, action) => support[state]![action]);
    return allowed.length > 0 ? allowed : [[{ probability: 1, next: state, reward: 0, terminated: true }]];
  }),
  support,
  starts,
});

describe("fitModel", () => {
  it("gives each outcome its share of the counts and its mean reward, and starts theirs", () => {
    const { table, starts } = fit(LOG);
    expect(table[0]![0]).toEqual([
      { probability: 0.75, next: 1, reward: 1, terminated: false },
      { probability: 0.25, next: 0, reward: 2.5, terminated: false },
    ]);
    expect(table[0]![1]).toEqual([{ probability: 1, next: 1, reward: 7, terminated: true }]);
    expect(starts).toEqual([
      { probability: 0.75, state: 0 },
      { probability: 0.25, state: 1 },
    ]);
  });
  it("withdraws the action that leads where the log ends, and all that must lead there", () => {
    expect(fit(LOG).support).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    // Without an end at 1 nothing there is safe, so 0 may only end at once.
    expect(() => fit(LOG.replace("1,1,0,8,-1,1\n", ""))).toThrow('got "none in state 1"');
    expect(fit(LOG.replace("1,1,0,8,-1,1\n", "").replace("start,,1,1,,\n", "")).support).toEqual([
      [false, true],
      [false, false],
      [false, false],
    ]);
  });
  it.each([
    [5, [true, true]],
    [6, [true, false]],
    [40, [true, false]],
  ])("wants an action seen %i times: in state 0 that leaves %j", (minCount, support) => {
    const csv = LOG.replace("1,1,0,8,-1,1", "1,1,0,80,-1,1");
    expect(fit(csv, minCount).support[0]).toEqual(support);
  });
  it("refuses a log in which an episode begins without support, and says at which minCount", () => {
    expect(() => fit(LOG, 9)).toThrow("supported actions in every state that episodes begin in, at minCount 9");
    expect(() => fit(LOG, 9)).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("refuses a table of more than a million pairs", () => {
    expect(() => fit(`${HEADER}99999,999,0,1,0,1\nstart,,0,1,,\n`)).toThrow(
      "at most 1000000 pairs of state and action",
    );
  });
  it("leads supported play only to states with supported actions, whatever the log", () => {
    const outcome = fc.tuple(fc.nat(5), fc.nat(2), fc.nat(5), fc.integer({ min: 1, max: 9 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 30 }), (outcomes) => {
        const rows = outcomes.map(
          ([state, action, next, count, over]) => `${state},${action},${next},${count},0,${Number(over)}`,
        );
        // State 7 is always safe, so every log has a start.
        const { table, support } = fit(`${HEADER}${rows.join("\n")}\n7,0,7,9,0,1\nstart,,7,1,,\n`);
        support.forEach((row, state) =>
          row.forEach((supported, action) => {
            const ends = table[state]![action]!.map(
              ({ terminated, next }) => terminated || support[next]!.includes(true),
            );
            expect(supported).toBe(ends.length > 0 && ends.every(Boolean));
          }),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe("Logged-v0", () => {
  it("draws outcomes by their shares, with the support as its mask", () => {
    const rules = rulesFor(LOG);
    const after = (u: number): unknown =>
      rules.observe(stepOf(rules, { at: 0, lastAction: -1 }, 0, new ScriptedRng([u])).state);
    expect([after(0.74), after(0.76)]).toEqual([1, 0]);
    expect(rules.legal!({ at: 1, lastAction: 0 })).toEqual([false, true]);
    expect(rules.enforceLegal).toBe(true);
    expect(rules.render!({ at: 1, lastAction: 0 })).toBe("state 1, after action 0");
  });
  it("allows an action that was seen minCount times and none that was seen once less", () => {
    const ends = `${HEADER}0,0,0,9,0,1\n0,1,0,20,0,1\nstart,,0,1,,\n`;
    const legal = (minCount: number): unknown => rulesFor(ends, { minCount }).legal!({ at: 0, lastAction: -1 });
    expect([legal(9), legal(10)]).toEqual([
      [true, true],
      [false, true],
    ]);
  });
  it("refuses an unsupported action and goes on with a supported one", async () => {
    const params = {
      minCount: 1,
      file: "log.csv",
      folder: folderWith({ "log.csv": LOG.replace("start,,0,3,,\n", "") }),
    };
    const env = await local().make("Logged-v0", { num: 1, seed: 3, params });
    expect(Array.from((await env.reset()).mask!)).toEqual([0, 1]);
    const refused = await env.step(Int32Array.of(0)).then(
      ({ errors }) => errors![0]!.code,
      (error: unknown) => (error as { code: string }).code,
    );
    expect(refused).toBe("BAD_ACTION");
    const { rewards, terminated } = await env.step(Int32Array.of(1));
    expect([rewards[0], terminated[0]]).toEqual([-1, 1]);
    await env.close();
  });
  it.each([
    ["state,action,nex,count,reward,terminated\n", 1, 3, "the name next"],
    ["state,action\n", 1, 3, "the name next"],
    [`${HEADER}0,0,0,0,1,0\n`, 2, 4, "an integer in 1..1000000000000"],
    [`${HEADER}0,0,0,1,x,0\n`, 2, 5, "a number in -1000000000..1000000000"],
    [`${HEADER}0,0,0,1,1,2\n`, 2, 6, "an integer in 0..1"],
    [`${HEADER}0,-1,0,1,1,0\n`, 2, 2, "an integer in 0..999"],
    [`${HEADER}1.5,0,0,1,1,0\n`, 2, 1, "an integer in 0..99999"],
    [`${HEADER}0,0,0,1,1,1\nstart,1,0,1,,\n`, 3, 2, "nothing in a row of starts"],
    [`${HEADER}0,0,0,1,1,1\n`, 3, 1, "a row that begins with start"],
  ])("says of %j what is wrong in row %i, column %i: expected %s", (csv, row, column, expected) => {
    const { error, log } = refusalOf(logged, { file: "log.csv", folder: folderWith({ "log.csv": csv }) });
    expect(error).toMatchObject({ code: "BAD_PARAM" });
    expect(error.message).toContain(`Logged-v0: CSV row ${row}, column ${column}: expected ${expected}`);
    expect(error.message).not.toContain("got");
    if (!expected.startsWith("a row")) expect(log).toContain("got");
  });
});

describe("the shipped log", () => {
  const fitted = supportedPart(fit(shippedLog(), 10));

  it("is what scripts/make-logged-data.ts makes, below 50 KB", () => {
    expect(shippedLog()).toBe(loggedCsv());
    expect(statSync(new URL("../../../envs/logged/log.csv", import.meta.url)).size).toBeLessThan(50_000);
  });
  it("supports running up to wear 7, service, and replacement from wear 4 on", () => {
    expect(fitted.support.map((row) => row.map(Number).join(""))).toEqual([
      ...new Array<string>(4).fill("110"),
      ...new Array<string>(4).fill("111"),
      "011",
      "000",
    ]);
    expect(rulesOf(logged).legal!({ at: 8, lastAction: 0 })).toEqual([false, true, true]);
  });
  it("is worth 304.3 over 100 steps to the best player and 52.8 to a random one among supported actions", () => {
    expect(startValue(fitted, optimalValues(fitted, { horizon: 100 }))).toBeCloseTo(304.319, 3);
    const random = (state: number): number[] => fitted.table[state]!.map((_, __, row) => 1 / row.length);
    expect(startValue(fitted, policyValues(fitted, random, { horizon: 100 }))).toBeCloseTo(52.758, 3);
  });
  it("gives nearly the values of the machine that it was kept of: 302.8", () => {
    const broken = [[{ probability: 1, next: 9, reward: 0, terminated: true }]];
    const table = Array.from({ length: 10 }, (_, wear) =>
      wear === 9 ? broken : [0, 1, 2].map((action) => machine(wear, action)),
    );
    const truth = { table, starts: [0, 1, 2, 3].map((state) => ({ state, probability: 0.25 })) };
    const value = startValue(truth, optimalValues(truth, { horizon: 100 }));
    expect(value).toBeCloseTo(302.776, 3);
    expect(Math.abs(startValue(fitted, optimalValues(fitted, { horizon: 100 })) - value)).toBeLessThan(3);
  });
  it("returns to random play among supported actions what the model says: 52.8 on average over 4,000 episodes", () => {
    const rules = rulesOf(logged);
    const rng = new Rng(12);
    const returns = Array.from({ length: 4_000 }, () => {
      let state = rules.reset(rng);
      let sum = 0;
      for (let step = 0; step < 100; step++) {
        const legal = Array.from(rules.legal!(state)).flatMap((flag, action) => (flag ? [action] : []));
        const transition = stepOf(rules, state, rng.choice(legal), rng);
        state = transition.state;
        sum += transition.reward;
        if (transition.terminated) break;
      }
      return sum;
    });
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length);
    expect(Math.abs(mean - 52.758)).toBeLessThan((4 * deviation) / Math.sqrt(4_000));
  });
});
