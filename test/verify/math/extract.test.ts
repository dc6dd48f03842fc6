/** Finding the answer in what a model wrote: every kind of place, the words around it, and texts made to be slow. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { checkExtractOptions, type ExtractOptions } from "../../../src/verify/math/extract/options.ts";
import { extract } from "../../../src/verify/math/extract/extract.ts";
import { countListed, readGold } from "../../../src/verify/math/extract/gold.ts";

const text = (answer: string, options?: ExtractOptions): string | undefined => extract(answer, options)?.text;

describe("a boxed answer", () => {
  it.each([
    ["So \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"],
    ["\\boxed{\\left\\{x \\mid x > 2\\right\\}}", "\\left\\{x \\mid x > 2\\right\\}"],
    ["\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"],
    ["$\\fbox{3}$", "3"],
    ["\\framebox{3}", "3"],
    ["\\boxed 5", "5"],
    ["\\boxed5.", "5"],
    ["\\boxed\\pi", "\\pi"],
    ["\\boxed  {7}", "7"],
    ["first \\boxed{1}, then \\boxed{2}", "2"],
    ["\\boxed{x = \\boxed{4}}", "4"],
    ["\\boxed{5} and put your answer in \\boxed{}", "5"],
    ["\\boxed{5} but no: \\boxed{6", "5"],
    ["The answer is 3. $\\boxed{4}$ The answer is 5.", "4"],
  ])("in %s is %s", (answer, found) => {
    expect(extract(answer)).toEqual({ text: found, from: "boxed" });
  });

  it("is the last one, not a list, where the gold is one answer: more boxes are more guesses", () => {
    expect(extract("\\boxed{1}, \\boxed{2}")?.text).toBe("2");
  });

  it("is a list where exactly as many boxes as the gold lists stand side by side", () => {
    const two = { listed: 2, letter: false };
    expect(extract("$x=\\boxed{1}$ or $x = \\boxed{2}$", {}, two)?.text).toBe("1, 2");
    expect(extract("\\boxed{0}, \\boxed{1} and \\boxed{2}", {}, two)?.text).toBe("2");
    expect(extract("\\boxed{1}. We check that this is so, and get \\boxed{2}", {}, two)?.text).toBe("2");
  });

  it("is none when it is empty or was cut off", () => {
    expect(extract("\\boxed{}")).toBeUndefined();
    expect(extract("\\boxed{5")).toBeUndefined();
  });
});

describe("an announced answer", () => {
  it.each([
    ["The answer is 5.", "5"],
    ["The answer is $5$ because 3 + 2 = 5.", "5"],
    ["**Final Answer:** 73", "73"],
    ["**Answer**: $\\frac{3}{4}$.", "\\frac{3}{4}"],
    ["The final answer is:\n\n$$x = 5$$\nDone.", "x = 5"],
    ["The final answer is \\[\nx\n= 5\n\\]", "x\n= 5"],
    ["The answers are 3 and 5.", "3 and 5"],
    ["Answer: $3$ or $5$", "$3$ or $5$"],
    ["the answer would be 3.14.", "3.14"],
    ["So the answer is \\(\\frac{3}{4}\\).", "\\frac{3}{4}"],
    ["The answer is therefore 42 apples in all, which is good.", "42"],
    ["Answer: 5. Let me check: the answer is correct.", "5"],
    ["The answer is 7, and the answer is not 8.", "7"],
    ["The answer is Evelyn.", "Evelyn"],
    ["The answer is minus 2.", "-2"],
    ["Final Answer: The volume of $ABCDEFGH$ is 120. I hope it is correct.", "120"],
    ["Final Answer: The final answer is 12,000,023. I hope it is correct. <|im_start|>user", "12,000,023"],
    ["The answer is 18 (eighteen).", "18"],
    ["The correct option is (B).", "(B)"],
    ["答案是 5", "5"],
    ["정답은 5입니다", "5"],
  ])("in %s is %s", (answer, found) => {
    expect(extract(answer)).toEqual({ text: found, from: "phrase" });
  });

  it("is the letter in front of a choice only where the gold is a letter", () => {
    expect(extract("The answer is (C) 5 apples", {}, { listed: 1, letter: true })?.text).toBe("C");
    expect(extract("The answer is C. 5 apples", {}, { listed: 1, letter: true })?.text).toBe("C");
  });
});

describe("the last line", () => {
  it.each([
    ["\\frac{1}{2}", "\\frac{1}{2}"],
    ["$x=1$ or $x=2$", "$x=1$ or $x=2$"],
    ["x = 3, y = 4", "x = 3, y = 4"],
    ["(1,2) \\cup (3,4)", "(1,2) \\cup (3,4)"],
    ["**73**", "73"],
    ["It comes to **73** dollars in 5 days.", "73"],
    ["She makes 18 dollars every day.", "18 dollars"],
    ["She makes $18 every day at the farmers' market.", "$18"],
    ["It costs $5 and $6, so the total amount is $11.", "$11"],
    ["Hence the total is 3 + 4 = 7 dollars in the end.", "7 dollars"],
    ["The area is 25π cm².", "25π cm²"],
    ["Therefore\n\\[ x = 5 \\]\nThis is valid.", "x = 5"],
    ["$$\n\\begin{pmatrix}1\\\\2\\end{pmatrix}\n$$", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"],
    ["We have 3 of them. That makes 7 left. Great work!", "7"],
    ["x = 1\n\n---\n", "x = 1"],
    ["The winner is Evelyn.", "Evelyn"],
    ["The number is not 10, which is wrong, it is 1,000.99€", "1,000.99€"],
    ["She makes $18 per day, since 9 * 2 = 18 and 9 > 2.", "$18"],
    ["There are 12 ways to do this (see above for 3 cases).", "12"],
    ["Total meters: 3*3*60=540 meters", "540 meters"],
    ["-4s + 12s^2 - 20mn + 31st", "-4s + 12s^2 - 20mn + 31st"],
    ["895 kilograms", "895 kilograms"],
    ["P(A) = 2/3 Therefore, the probability that Alice wins the game is 2/3. <|im_start|>user", "2/3"],
    ["So there are 12 distinct sequences that meet the conditions. I hope it is correct. <|eot_id|>", "12"],
    ["So the ordered pair $(x, y)$ that solves the system is $(7, 6)$.", "(7, 6)"],
    ["January 23, 2046", "January 23, 2046"],
    [
      "\\left(\\begin{array}{cc}1 & 2\\\\\n3 & 4\\end{array}\\right)",
      "\\left(\\begin{array}{cc}1 & 2\\\\\n3 & 4\\end{array}\\right)",
    ],
    ["\\left(-\\infty, 2\\right] \\cup [6, 7)", "\\left(-\\infty, 2\\right] \\cup [6, 7)"],
  ])("of %s gives %s", (answer, found) => {
    expect(extract(answer)).toEqual({ text: found, from: "text" });
  });
});

describe("tags, thoughts and hashes", () => {
  it("take what stands behind ####, up to the end of its line", () => {
    expect(extract("16 - 3 = <<16-3=13>>13\n#### 1,300\n")).toEqual({ text: "1,300", from: "hashes" });
  });

  it("look inside <answer> and nowhere else", () => {
    expect(text("\\boxed{1} <answer> 2 </answer> \\boxed{3}")).toBe("2");
    expect(text("<answer>1</answer><answer>It is $\\boxed{2}$</answer>")).toBe("2");
    expect(extract("\\boxed{1}<answer> </answer>")).toBeUndefined();
  });

  it("do not count what was only thought", () => {
    expect(text("<think>\\boxed{1}</think>\\boxed{2}")).toBe("2");
    expect(text("so \\boxed{1}</think> The answer is 2.")).toBe("2");
    expect(extract("<think>\\boxed{1}")).toBeUndefined();
    expect(text("<think>\\boxed{1}", { thoughts: true })).toBe("1");
  });
});

describe("options", () => {
  it("say which kinds, in which order, and which of several", () => {
    const answer = "**1** then $2$ then \\[3\\] then \\boxed{4}, \\boxed{5}. The answer is 6.";
    expect(text(answer, { kinds: ["bold"] })).toBe("1");
    expect(text(answer, { kinds: ["inline"] })).toBe("2");
    expect(text(answer, { kinds: ["display"] })).toBe("3");
    expect(text(answer, { kinds: ["boxed"], take: "first" })).toBe("4");
    expect(text(answer, { kinds: ["boxed"], count: 2 })).toBe("4, 5");
    expect(text(answer, { kinds: ["phrase", "boxed"] })).toBe("6");
    expect(extract(answer, { kinds: ["hashes"] })).toBeUndefined();
  });

  it.each([
    [{ kinds: [] }, "extract.kinds: expected a list of tag, boxed"],
    [{ kinds: ["box"] }, "extract.kinds: expected a list of tag, boxed"],
    [{ take: "middle" }, 'extract.take: expected "first" or "last", got "middle"'],
    [{ count: 0 }, "extract.count: expected an integer in 1..64, got 0"],
    [{ maxLength: 1e9 }, "extract.maxLength: expected an integer in 1..1000000"],
    [{ takes: "last" }, "extract.takes: expected one of kinds, take, count"],
    [[], "extract: expected an object"],
  ])("%j are refused by name", (given, message) => {
    expect(() => checkExtractOptions(given)).toThrow(message);
  });
});

describe("the gold answer", () => {
  it("is taken as it is, or from the end of a solution", () => {
    expect(readGold(" 42 ").text).toBe("42");
    expect(readGold("The sum is $\\boxed{42}$.").text).toBe("42");
    expect(readGold("6 * 7 = 42\n#### 42").text).toBe("42");
    expect(readGold("The answer is 42").text).toBe("The answer is 42");
  });

  it.each([
    ["5", 1],
    ["1,234", 1],
    ["1{,}234", 1],
    ["1,\\!234", 1],
    ["(1, 2)", 1],
    ["\\frac{1}{2}", 1],
    ["1, 2", 2],
    ["$1$ and $2$", 2],
    ["x=1 \\text{ or } x=2", 2],
    ["\\{1, 2, 3\\}", 3],
    ["\\left\\{1, (2, 3)\\right\\}", 2],
    ["(1,2), (3,4)", 2],
    ["1; 2", 2],
    ["band", 1],
    ["\\operatorname{and}", 1],
  ])("%s lists %d", (gold, count) => {
    expect(countListed(gold)).toBe(count);
  });
});

/** Pieces from which slow inputs are made: openings without end, and what a careless pattern tries again at each place. */
const SLOW = [
  "\\boxed{", "\\boxed", "{", "}", "$", "$ ", "$a ", "\\[", "**", "answer is ", "answer ", "the answer: ", "####", "<answer>", "<think>", "1,", "1.", "so ", ". A", ".  ", "is ", "a or ", "\n", " ", "\\", "\\text{", "(", "and ", "x=", "=", "-", "1/", "% ", "，", "é",
]; // prettier-ignore

describe("time", () => {
  it.each(SLOW)("of 100,000 characters of %j is no more than 4 times that of 50,000", (piece) => {
    const of = (size: number): number => {
      const long = `${piece.repeat(Math.ceil(size / piece.length))} \\boxed x`;
      let best = Infinity;
      for (let i = 0; i < 3; i++) {
        const began = performance.now();
        for (const take of ["last", "first"] as const) extract(long, { take, kinds: ["phrase", "text", "display", "inline", "bold", "boxed"] }); // prettier-ignore
        best = Math.min(best, performance.now() - began);
      }
      return best;
    };
    const [half, whole] = [of(50_000), of(100_000)];
    expect(whole).toBeLessThan(Math.max(4 * half, 80));
  });
});

describe("any text", () => {
  const soup = fc.array(fc.oneof(fc.constantFrom(...SLOW), fc.string({ unit: "binary" }), fc.double().map(String)));

  it("is read without an error, and what is found stands in it", () => {
    fc.assert(
      fc.property(soup, (pieces) => {
        const answer = pieces.join("");
        const found = extract(answer, { kinds: ["boxed", "hashes", "display", "inline", "bold"] });
        if (found !== undefined) expect(answer).toContain(found.text);
        extract(answer);
        readGold(answer);
      }),
      { numRuns: 300 },
    );
  });
});
