/** Verdicts: one code for each way a comparison can end, the same whoever asks, and never an exception. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";

import { checkVerifyOptions, createMathVerifier, EXTRACT_KINDS, MATH_DEFAULTS, VERDICT_CODES, readRequest, verifyMath, type MathVerifier, type MathVerifierOptions } from "../../../src/verify/index.ts"; // prettier-ignore
import { Draws } from "./pairs/draws.ts";
import { FAMILIES } from "./pairs/index.ts";

function verifier(options: MathVerifierOptions = {}): MathVerifier {
  const made = createMathVerifier(options);
  onTestFinished(() => made.close());
  return made;
}

/** What the exact tier leaves to the engine. */
const HARD = {
  gold: "\\lfloor x + 1\\rfloor + \\gcd(a, b)",
  answer: "\\boxed{\\gcd(b, a) + \\lfloor x\\rfloor + 1}",
};

describe("verifyMath", () => {
  it.each([
    ["1/2", "So it is \\boxed{0.5}.", true, "correct"],
    ["1/2", "The answer is 1/3.", false, "wrong"],
    ["#### 1,300", "That makes $1300.", true, "correct"],
    ["5", "<think>It is 5.", false, "no-answer"],
    ["5", "", false, "no-answer"],
    ["5", "\\boxed{}", false, "no-answer"],
    ["5", "\\boxed{\\frac{1}{}", false, "no-answer"],
    ["5", `\\boxed{${"9^".repeat(3)}9}`, false, undefined],
    ["", "5", null, "bad-gold"],
    [" \n", "5", null, "bad-gold"],
    [HARD.gold, HARD.answer, false, "wrong"],
  ])("of gold %j and %j gives %j, %s", (gold, answer, equal, code) => {
    const verdict = verifyMath(gold, answer);
    expect(verdict.equal).toBe(equal);
    if (code !== undefined) expect(verdict.code).toBe(code);
  });

  it("says what it took, from where, which rule decided, both normal forms and the time", () => {
    const { ms, ...verdict } = verifyMath("\\frac{2}{4}", "Hence\n\\[ x \\]\nand the answer is $0.5$.");
    expect(verdict).toEqual({
      equal: true,
      code: "correct",
      rule: expect.any(String) as string,
      extracted: "0.5",
      gold: "\\frac{2}{4}",
      from: "phrase",
      normal: { gold: "1/2", answer: "1/2" },
    });
    expect(ms).toBeGreaterThanOrEqual(0);
  });

  it("looks where it is told to look, and compares as it is told to compare", () => {
    const answer = "\\boxed{1} but the answer is 2.";
    expect(verifyMath("2", answer).equal).toBe(false);
    expect(verifyMath("2", answer, { extract: { kinds: ["phrase"] } }).equal).toBe(true);
    expect(verifyMath("1", "\\boxed{1}, \\boxed{2}").equal).toBe(false);
    expect(verifyMath("1", "\\boxed{1}, \\boxed{2}", { multiple: "first" }).equal).toBe(true);
    expect(verifyMath("1, 2", "\\boxed{2}, \\boxed{1}").equal).toBe(true);
    expect(verifyMath("1, 2", "\\boxed{2}, \\boxed{1}", { orderedLists: true }).equal).toBe(false);
    expect(verifyMath("1, 2", "\\boxed{2} whereas at last we find that it was \\boxed{1}", { multiple: "all" }).equal).toBe(true); // prettier-ignore
    expect(verifyMath("0.33", "\\boxed{1/3}", { roundToGold: true }).equal).toBe(true);
  });

  it("takes 12:00 and 1:00 for different times, and 3:4 and 6:8 for one ratio", () => {
    const equal = (a: string, b: string): unknown => [verifyMath(a, b).equal, verifyMath(b, a).equal];
    expect([equal("12:00", "1:00"), equal("12:00", "12:00"), equal("3:4", "6:8"), equal("3:4", "6:9")]).toEqual([[false, false], [true, true], [true, true], [false, false]]); // prettier-ignore
  });

  it("does not pay for a list of guesses", () => {
    for (const answer of [
      "\\boxed{4}, \\boxed{5}, \\boxed{6}",
      "4, 5, 6",
      "4 or 5",
      "\\boxed{4, 5}",
      "\\boxed{4 \\text{ or } 5}",
    ]) {
      expect([answer, verifyMath("4", answer).equal]).toEqual([answer, false]);
    }
  });
});

describe("the verifier with its engine", () => {
  it("decides what the exact tier cannot, alone and in a list, in the order of asking", async () => {
    const judge = verifier();
    expect(await judge.verify(HARD)).toMatchObject({ equal: true, code: "correct", rule: "engine-sampling" });
    const near = { ...HARD, answer: "\\boxed{\\gcd(b, a) + \\lfloor x\\rfloor + 2}" };
    const requests = [HARD, { gold: "1", answer: "1" }, near, { gold: "", answer: "1" }, HARD, { gold: "1", answer: "2" }]; // prettier-ignore
    const verdicts = await judge.verifyAll(requests);
    expect(verdicts.map(({ code }) => code)).toEqual(["correct", "correct", "wrong", "bad-gold", "correct", "wrong"]);
    expect(judge.pending).toBe(0);
  });

  it("gives the same verdicts in any order, each time", async () => {
    const judge = verifier({ workers: 2 });
    const requests = Array.from({ length: 40 }, (_, i) => ({ gold: `\\lfloor x + ${i % 7}\\rfloor`, answer: `${i % 5} + \\lfloor x\\rfloor` })); // prettier-ignore
    const strip = (list: readonly { code: string; rule: string }[]) => list.map(({ code, rule }) => [code, rule]);
    const once = strip(await judge.verifyAll(requests));
    expect(strip(await judge.verifyAll(requests))).toEqual(once);
    expect(strip((await judge.verifyAll(requests.toReversed())).toReversed())).toEqual(once);
    expect(once.map(([code]) => code)).toEqual(requests.map((_, i) => (i % 7 === i % 5 ? "correct" : "wrong")));
  });

  it("does not fill its own queue with a list longer than it", async () => {
    const judge = verifier({ queue: 2 });
    const verdicts = await judge.verifyAll(Array.from({ length: 30 }, () => HARD));
    expect(verdicts.every(({ code }) => code === "correct")).toBe(true);
  });

  it("leaves over as unavailable, not wrong, what a deadline or an abort cuts off", async () => {
    const judge = verifier();
    const requests = Array.from({ length: 30 }, () => HARD);
    for (const options of [{ deadlineMs: 0 }, { signal: AbortSignal.abort() }]) {
      const verdicts = await judge.verifyAll(requests, options);
      expect(verdicts.every(({ equal, code }) => equal === null && code === "unavailable")).toBe(true);
    }
  });

  it("is unavailable when it is closed, but goes on deciding what is exact", async () => {
    const judge = createMathVerifier();
    await judge.close();
    expect(await judge.verify(HARD)).toMatchObject({ equal: null, code: "unavailable" });
    expect(await judge.verify({ gold: "1", answer: "1" })).toMatchObject({ equal: true });
  });

  it("without the engine starts no worker and leaves nothing open", async () => {
    const judge = createMathVerifier({ engine: false });
    expect(await judge.verify(HARD)).toMatchObject({ equal: false, code: "wrong" });
    await judge.ready();
  });

  it.each([
    [{ workers: 0 }, "createMathVerifier workers: expected an integer in 1..64, got 0"],
    [{ limitMs: 5 }, "createMathVerifier limitMs: expected an integer in 20..600000, got 5"],
    [{ queue: 1.5 }, "createMathVerifier queue: expected an integer in 1..1000000, got 1.5"],
  ])("refuses %j by name", (options, message) => {
    expect(() => createMathVerifier(options)).toThrow(message);
  });
});

describe("a request as JSON", () => {
  it("is gold, answer and options; numbers are what they print as", () => {
    expect(readRequest({ gold: 5, answer: "5", id: 1, other: [] }, "it")).toEqual({ gold: "5", answer: "5" });
    expect(readRequest({ gold: "5", answer: "5", options: null }, "it")).toEqual({ gold: "5", answer: "5" });
  });

  it.each([
    [null, "it: expected an object {gold, answer, options?}"],
    [[], "it: expected an object {gold, answer, options?}"],
    [{ answer: "1" }, "it.gold: expected a string, got nothing"],
    [{ gold: "1", answer: ["1"] }, "it.answer: expected a string, got a list"],
    [{ gold: true, answer: "1" }, "it.gold: expected a string, got a boolean"],
    [{ gold: "1".repeat(100_001), answer: "1" }, "it.gold: expected at most 100000 characters, got 100001"],
    [{ gold: "1", answer: "1", options: [] }, "it.options: expected an object"],
    [{ gold: "1", answer: "1", options: { tolerance: 2 } }, "it.options.tolerance: expected a number in 0..0.1, got 2"],
    [{ gold: "1", answer: "1", options: { extract: { kind: 1 } } }, "it.options.extract.kind: expected one of kinds"],
  ])("%j is refused: %s", (value, message) => {
    expect(() => readRequest(value, "it")).toThrow(message);
  });

  it("may set every option that there is", () => {
    const all = { tolerance: 0.01, roundToGold: true, orderedLists: true, units: "ignore", percent: "value", bases: "value", form: "any", decimalComma: true, strict: false, multiple: "last", maxLength: 100, maxNesting: 10, maxWork: 1_000, maxBits: 1_000, extract: { kinds: ["boxed"] } }; // prettier-ignore
    expect(checkVerifyOptions(all)).toEqual(all);
  });
});

describe("docs/math-verifier.md", () => {
  it("names every option, every code and every kind of place", () => {
    const guide = readFileSync(new URL("../../../docs/math-verifier.md", import.meta.url), "utf8");
    const names = [...Object.keys(MATH_DEFAULTS), ...VERDICT_CODES, ...EXTRACT_KINDS];
    expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("whatever is asked", () => {
  const written = FAMILIES.flatMap((family) => family.pairs(new Draws(3), 24));

  it("an answer equals itself, for everything that the generators write", () => {
    const texts = written.flatMap(({ gold, answer }) => [gold, answer]);
    expect(texts.filter((text) => verifyMath(text, `\\boxed{${text}}`).equal !== true)).toEqual([]);
  });

  it("the verdict is the same when gold and answer change places", () => {
    const options = { form: "any" } as const; // what was asked for is the documented exception
    const uneven = written.filter(({ gold, answer }) => verifyMath(gold, `\\boxed{${answer}}`, options).equal !== verifyMath(answer, `\\boxed{${gold}}`, options).equal); // prettier-ignore
    expect(uneven).toEqual([]);
  });

  const PIECES = ["\\frac", "{", "}", "1", "2", "x", "^", "_", "(", ")", "[", ",", "\\sqrt", "\\pm", "=", "<", "\\cup", "%", "!", ".", "-", "+", "\\pi", "e", "i", "\\text{", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\{", "|", " or ", "$", "\\boxed{", "the answer is ", ":", "°", "\\infty", "\\sin", "\\log_", "\u0000", "\ud800"]; // prettier-ignore
  const soup = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join("")),
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
  );

  it("no text makes it throw, and a text that is read equals itself", () => {
    fc.assert(
      fc.property(soup, soup, (gold, answer) => {
        const { equal, code } = verifyMath(gold, answer);
        expect(equal === null).toBe(code === "bad-gold");
        const same = verifyMath(gold, `\\boxed{${gold}}`);
        if (same.extracted === same.gold && same.normal.gold !== null) expect(same.equal).not.toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  it("no text makes the engine's verifier reject", async () => {
    const judge = verifier();
    await fc.assert(
      fc.asyncProperty(soup, soup, async (gold, answer) => {
        const { equal, code } = await judge.verify({ gold, answer });
        expect(equal === null).toBe(code === "bad-gold" || code === "unavailable");
      }),
      { numRuns: 150 },
    );
  });
});
