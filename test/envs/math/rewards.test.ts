/** The parts of a math reward: form, language, length. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMATS, formatReward, languageReward, lengthReward, SCRIPTS } from "../../../envs/math/rewards.ts";

describe("format", () => {
  it.each([
    ["<think>a</think><answer>1</answer>", 1],
    ["  <think>a</think>\n\n<answer>1</answer>\n", 1],
    ["<think>a</think> so <answer>1</answer>", 0],
    ["<think></think><answer>1</answer>", 0],
    ["<think>a</think><answer> </answer>", 0],
    ["<think>a</think><answer>1</answer> yes", 0],
    ["well <think>a</think><answer>1</answer>", 0],
    ["<answer>1</answer><think>a</think>", 0],
    ["<think>a<think>b</think><answer>1</answer>", 0],
    ["<think>a</think><answer>1</answer><answer>2</answer>", 0],
    ["<think>a</think>", 0],
    ["", 0],
  ])("think-answer of %j is %i", (reply, reward) => {
    expect(formatReward(reply, "think-answer")).toBe(reward);
  });

  it.each([
    ["so <answer>1</answer>", "answer", 1],
    ["<answer>1</answer>.", "answer", 0],
    ["<answer>1</answer><answer>2</answer>", "answer", 0],
    ["</answer>1<answer>", "answer", 0],
    ["it is \\boxed{1}", "boxed", 1],
    ["\\boxed{1} or \\boxed{2}", "boxed", 0],
    ["1", "boxed", 0],
    ["anything", "none", 1],
  ] as const)("%j as %s is %i", (reply, format, reward) => {
    expect(formatReward(reply, format)).toBe(reward);
  });

  it("is 0 or 1 for any text and any format", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...FORMATS), (reply, format) =>
        [0, 1].includes(formatReward(reply, format)),
      ),
      { numRuns: 500 },
    );
  });
});

describe("language", () => {
  it.each([
    ["two words", "latin", 1],
    ["две words", "latin", 0.5],
    ["세 단어 here", "hangul", 2 / 3],
    ["答案 is", "han", 2 / 3],
    ["x = 5 \\frac{1}{2}", "latin", 1],
    ["x и y", "latin", 1],
    ["<think>так</think>", "latin", 0],
    ["", "greek", 1],
  ] as const)("of %j for %s is %d", (reply, script, share) => {
    expect(languageReward(reply, script)).toBeCloseTo(share, 12);
  });

  it("is a share for any text and any script", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom(...SCRIPTS), (reply, script) => {
        const share = languageReward(reply, script);
        return share >= 0 && share <= 1;
      }),
      { numRuns: 500 },
    );
  });
});

describe("length", () => {
  it.each([
    [0, 0],
    [100, 0],
    [150, -0.5],
    [200, -1],
    [5_000, -1],
  ])("of %i characters, free up to 100 and 200 at most, is %d", (length, reward) => {
    expect(lengthReward("x".repeat(length), 100, 200)).toBeCloseTo(reward, 12);
  });
});
