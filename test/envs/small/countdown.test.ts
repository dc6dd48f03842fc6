/** Countdown: the parser, the judge, tags, format rewards, and that every drawn puzzle can be solved. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import countdown, { drawPuzzle, evaluate, judge } from "../../../envs/countdown/index.ts";
import { rulesOf, stepOf } from "../support.ts";

/** The value as a number, or undefined. */
const valueOf = (source: string): number | undefined => {
  const value = evaluate(source)?.value;
  return value && Number(value.numerator) / Number(value.denominator);
};
const puzzle = { numbers: [3, 8, 25, 50], target: 86 };

/** Can the target be made of the numbers? Joins all pairs in all ways. */
function isSolvable(values: readonly number[], target: number): boolean {
  if (values.length === 1) return Math.abs(values[0]! - target) < 1e-9;
  return values.some((a, i) =>
    values.some((b, j) => {
      if (i === j) return false;
      const rest = values.filter((_, k) => k !== i && k !== j);
      const made = [a + b, a - b, a * b, ...(b === 0 ? [] : [a / b])];
      return made.some((value) => isSolvable([...rest, value], target));
    }),
  );
}

describe("evaluate", () => {
  it.each([
    ["7", 7],
    ["2+3*4", 14],
    ["(2+3)*4", 20],
    ["10-3-2", 5],
    ["24/4/2", 3],
    ["8/(3-8/3)", 24],
    [" ( 1 + 2 )\n* 3 ", 9],
    ["0-5", -5],
    ["((((9))))", 9],
  ])("gives of %j %f", (source, value) => {
    expect(valueOf(source)).toBeCloseTo(value, 12);
  });
  it.each(
    [
      "",
      "()",
      "1+",
      "+1",
      "-1",
      "2 3",
      "(1",
      "1)",
      "1/0",
      "1/(2-2)",
      "2**3",
      "1e3",
      "1.5",
      "2^3",
      "3 x 4",
      "a",
      "1;2",
    ].map((source) => [source]),
  )("reads no expression in %j", (source) => {
    expect(evaluate(source)).toBeUndefined();
  });
  it("reads at most 500 characters, however deep", () => {
    expect(valueOf(`${"(".repeat(249)}12${")".repeat(249)}`)).toBe(12);
    expect(evaluate(`${"(".repeat(250)}1${")".repeat(250)}`)).toBeUndefined();
    expect(evaluate("(".repeat(500))).toBeUndefined();
  });
  it("agrees with the arithmetic of doubles on 200 random expressions", () => {
    interface Made {
      readonly source: string;
      readonly value: number;
    }
    const join = (a: Made, drawn: string, b: Made): Made => {
      // Only literals divide: whether a difference of fractions is 0, doubles cannot tell.
      const operator = drawn === "/" && (b.source.startsWith("(") || b.value === 0) ? "*" : drawn;
      const values: Readonly<Record<string, number>> = {
        "+": a.value + b.value,
        "-": a.value - b.value,
        "*": a.value * b.value,
        "/": a.value / b.value,
      };
      return { source: `(${a.source}${operator}${b.source})`, value: values[operator]! };
    };
    const leaf = fc.integer({ min: 0, max: 50 }).map((value): Made => ({ source: String(value), value }));
    const { made } = fc.letrec<{ made: Made; pair: Made }>((tie) => ({
      made: fc.oneof({ depthSize: "small" }, leaf, tie("pair")),
      pair: fc.tuple(tie("made"), fc.constantFrom("+", "-", "*", "/"), tie("made")).map((parts) => join(...parts)),
    }));
    fc.assert(
      fc.property(made, ({ source, value }) => {
        fc.pre(source.length <= 500 && Math.abs(value) < 1e9);
        expect(valueOf(source)).toBeCloseTo(value, 4);
      }),
      { numRuns: 200 },
    );
  });
});

describe("judge", () => {
  it.each([
    ["25 + 50 + 8 + 3", true, true],
    ["50+25+(3+8)", true, true],
    ["25 + 50 + 8 - 3", true, false],
    ["86", false, false],
    ["50 + 25 + 8 + 1 + 2", false, false],
    ["50 + 25 + 8", false, false],
    ["50 + 25 + 8 + 3 + 3 - 3", false, false],
    ["5 0 + 25 + 8 + 3", false, false],
    ["25 + 50 + 8 + 3 = 86", false, false],
    ["process.exit()", false, false],
    [undefined, false, false],
  ])("says of %j: format %s, accuracy %s", (answer, format, accuracy) => {
    expect(judge(puzzle, answer)).toEqual({ format, accuracy });
  });
  it("wants every number used: 1 + 2 does not make 3 of 1, 2 and 3", () => {
    expect(judge({ numbers: [1, 2, 3], target: 3 }, "1+2")).toEqual({ format: false, accuracy: false });
    expect(judge({ numbers: [1, 2], target: 3 }, "1+2")).toEqual({ format: true, accuracy: true });
  });
  it("wants the exact fraction: 1/3 * 3 is 1, and 0.99999999999999999 times it is not", () => {
    expect(judge({ numbers: [1, 3, 3], target: 1 }, "1/3*3").accuracy).toBe(true);
    const near = { numbers: [1, 100_000_000, 100_000_001], target: 1 };
    expect(judge(near, "100000000/100000001*1")).toEqual({ format: true, accuracy: false });
  });
});

describe("Countdown-v0", () => {
  const answer = (reply: string, params = {}) =>
    stepOf(rulesOf(countdown, params), { ...puzzle, answer: "" }, reply, new Rng(0));

  it("pays 1 for a right answer and 0 for another, at once and for good", () => {
    expect(answer(" 25+50+8+3\n")).toMatchObject({ reward: 1, terminated: true, rewards: { accuracy: 1, format: 1 } });
    expect(answer("25+50+8-3")).toMatchObject({ reward: 0, terminated: true, rewards: { accuracy: 0, format: 1 } });
    expect(answer("I give up")).toMatchObject({ reward: 0, terminated: true, rewards: { accuracy: 0, format: 0 } });
  });
  it("pays formatReward for the right numbers with a wrong value, and no more than 1", () => {
    expect([answer("25+50+8-3", { formatReward: 0.1 }).reward, answer("25+50", { formatReward: 0.1 }).reward]).toEqual([
      0.1, 0,
    ]);
    expect(answer("25+50+8+3", { formatReward: 0.1 }).reward).toBe(1);
  });
  it("takes with answerTags only what stands in the last pair of tags", () => {
    const tags = { answerTags: true };
    expect(answer("<think>25 + 50 is 75</think> <answer> 25+50+8+3 </answer>", tags).reward).toBe(1);
    expect(answer("<answer>1</answer> no: <answer>25+50+8+3</answer>", tags).reward).toBe(1);
    expect(answer("<answer>25+50+8+3</answer> no: <answer>1</answer>", tags).reward).toBe(0);
    expect(answer("25+50+8+3", tags).reward).toBe(0);
    expect(answer("</answer>25+50+8+3<answer>", tags).reward).toBe(0);
  });
  it("asks for all numbers and the target, in one step", () => {
    const rules = rulesOf(countdown);
    expect(rules.observe({ ...puzzle, answer: "" })).toMatch(
      /^Use each of the numbers 3, 8, 25, 50 exactly once.* to make 86\./,
    );
    expect(rules.maxSteps).toBe(1);
  });
  it("draws 200 puzzles within their bounds, and every one has a solution", () => {
    const options = { numbers: 4, maxNumber: 30, maxTarget: 60 };
    const rng = new Rng(9);
    const drawn = Array.from({ length: 200 }, () => drawPuzzle(rng, options));
    for (const { numbers, target } of drawn) {
      expect(numbers.length).toBe(4);
      expect(numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 30)).toBe(true);
      expect(Number.isInteger(target) && target >= 1 && target <= 60).toBe(true);
      expect(isSolvable(numbers, target)).toBe(true);
    }
    expect(new Set(drawn.map(({ target }) => target)).size).toBeGreaterThan(30);
  });
  it("gives a puzzle of ones where the options leave no other", () => {
    expect(drawPuzzle(new Rng(1), { numbers: 8, maxNumber: 1, maxTarget: 1 }).target).toBe(1);
  });
});
