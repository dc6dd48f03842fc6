/** Arithmetic: precedence, big integers, what counts as an integer, digits and operators of questions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import arithmetic, { solve } from "../../../envs/arithmetic/index.ts";
import { rulesOf, stepOf } from "../support.ts";

const ask = { numbers: ["12", "7", "30"], operators: ["+", "*"], answer: "" };
const answer = (reply: string, params = {}) => stepOf(rulesOf(arithmetic, params), ask, reply, new Rng(0));

describe("solve", () => {
  it.each([
    [["2", "3", "4"], ["+", "*"], 14n],
    [["2", "3", "4"], ["*", "+"], 10n],
    [["2", "3", "4"], ["-", "*"], -10n],
    [["2", "3", "4", "5"], ["*", "-", "*"], -14n],
    [["10", "3", "2"], ["-", "-"], 5n],
    [["7"], [], 7n],
  ] as const)("gives of %j with %j %s", (numbers, operators, value) => {
    expect(solve({ numbers, operators: [...operators] })).toBe(value);
  });
  it("is exact for products of 50 digits, where doubles are not", () => {
    const nines = "9".repeat(50);
    expect(solve({ numbers: [nines, nines], operators: ["*"] })).toBe((10n ** 50n - 1n) ** 2n);
  });
});

describe("Arithmetic-v0", () => {
  it.each([
    ["222", 1, 1],
    [" 222\n", 1, 1],
    ["+222", 1, 1],
    ["0222", 1, 1],
    ["570", 0, 1],
    ["-222", 0, 1],
    ["222.0", 0, 0],
    ["2 22", 0, 0],
    ["0xde", 0, 0],
    ["the answer is 222", 0, 0],
    ["", 0, 0],
  ])("pays for %j: accuracy %i, format %i", (reply, accuracy, format) => {
    expect(answer(reply)).toMatchObject({ reward: accuracy, terminated: true, rewards: { accuracy, format } });
  });
  it("takes with answerTags only what stands between them", () => {
    expect(answer("7 * 30 is 210 <answer>222</answer>", { answerTags: true }).reward).toBe(1);
    expect(answer("222", { answerTags: true })).toMatchObject({ reward: 0, rewards: { format: 0 } });
  });
  it("asks in words and figures, without the answer", () => {
    expect(rulesOf(arithmetic).observe(ask)).toBe("What is 12 + 7 * 30?\nReply with the number alone.");
    expect(rulesOf(arithmetic, { answerTags: true }).observe(ask)).toContain("between <answer> and </answer>");
  });
  it("draws numbers of minDigits to maxDigits digits without leading zeros, and only the operators given", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 }), fc.nat(), (minDigits, more, seed) => {
        const rules = rulesOf(arithmetic, { minDigits, maxDigits: minDigits + more, terms: 3, operators: ["-"] });
        const { numbers, operators } = rules.reset(new Rng(seed)) as typeof ask;
        expect(operators).toEqual(["-", "-"]);
        for (const number of numbers) {
          expect(number).toMatch(/^(?:[0-9]|[1-9][0-9]+)$/);
          expect(number.length).toBeGreaterThanOrEqual(minDigits);
          expect(number.length).toBeLessThanOrEqual(minDigits + more);
        }
      }),
      { numRuns: 100 },
    );
  });
  it.each([{ minDigits: 3, maxDigits: 2 }, { operators: [] }])("refuses %j", (params) => {
    expect(() => rulesOf(arithmetic, params)).toThrow("expected minDigits <= maxDigits and at least one operator");
  });
});
