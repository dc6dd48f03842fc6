/** Hostile and broken input: an answer for every string, within the budget, and never an exception. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, measured } from "../../../../src/verify/math/exact/decide.ts";
import { MATH_DEFAULTS } from "../../../../src/verify/math/options.ts";

/** A step may overshoot the budget by what it pays at once. */
const MOST_WORK = MATH_DEFAULTS.maxWork * 1.1;

const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ["a tower", "9^{9^{9^9}}"],
  ["a tower in a denominator", "\\frac{1}{10^{10^{10}}}"],
  ["a large factorial", "100000!"],
  ["factorials of factorials", "((10!)!)!"],
  ["a large binomial", "\\binom{10^6}{5\\cdot 10^5}"],
  ["a long expansion", "(a+b+c+d)^{40}"],
  ["a longer expansion", "(x+y+z)^{600}"],
  ["a sum to a billion", "\\sum_{k=1}^{10^9} k"],
  ["a long remainder", "7^{10^9} \\bmod 13"],
  ["many roots", "\\sqrt2+\\sqrt3+\\sqrt5+\\sqrt7+\\sqrt{11}+\\sqrt{13}+\\sqrt{17}+\\sqrt{19}+\\sqrt{23}"],
  ["nested roots", `${"\\sqrt{2+".repeat(50)}3${"}".repeat(50)}`],
  ["nested fractions", `${"\\frac{1}{1+".repeat(50)}3${"}".repeat(50)}`],
  ["a tower of exponentials", "e^{e^{e^{e^e}}}"],
  ["a large angle", "\\sin(10^{1000})"],
  ["many digits", "7".repeat(4000)],
  ["many terms", `${"1+".repeat(2000)}1`],
  ["many variables", "ab ".repeat(1300)],
  ["many signs", `${"-".repeat(4000)}1`],
  ["many members", `\\{${"1,".repeat(1900)}1\\}`],
  ["many intervals", `${"(0,1)\\cup".repeat(300)}(1,2)`],
  ["many percent signs", `5${"%".repeat(4000)}`],
  ["a large matrix", `\\begin{pmatrix}${"1&".repeat(240)}1\\end{pmatrix}`],
  ["a symbolic determinant", `\\det\\begin{pmatrix}${"a&b&c&d&e&f\\\\".repeat(6)}\\end{pmatrix}`],
  ["a large exponent", "1e999999"],
  ["a long root", "\\sqrt[999]{2}+\\sqrt[997]{3}"],
];

describe("guards", () => {
  it.each(HOSTILE)("%s stays within the work budget on either side", (_, text) => {
    for (const [gold, answer] of [
      ["5", text],
      ["x+1", text],
      [text, text],
      [text, `${text}+0`],
      [text, "\\{1,2\\}"],
    ] as const) {
      const { decision, work } = measured(gold, answer);
      expect(work).toBeLessThanOrEqual(MOST_WORK);
      expect([true, false, null]).toContain(decision.equal);
    }
  });

  it("calls an answer beyond the limits too-large and leaves it undecided", () => {
    expect(decide("5", "9^{9^{9^9}}")).toMatchObject({ equal: null, trouble: "too-large" });
    expect(decide("5", "1".repeat(100_000))).toMatchObject({ equal: null, trouble: "too-large" });
    expect(decide("5", "(".repeat(61) + "5" + ")".repeat(61))).toMatchObject({ equal: null, trouble: "too-large" });
    expect(decide("5", "\\begin{pmatrix}".repeat(100))).toMatchObject({ equal: null, trouble: "too-large" });
  });

  it("calls a gold that is empty, broken or beyond the limits bad-gold, whatever the answer", () => {
    for (const gold of ["", "  ", "$$", "\\text{}", "1".repeat(5000), "\u0000", "\\def\\x{1}", "{".repeat(100)]) {
      expect(decide(gold, "5"), gold.slice(0, 20)).toMatchObject({ equal: null, trouble: "bad-gold", gold: null });
      expect(decide(gold, gold).trouble, gold.slice(0, 20)).toBe("bad-gold");
    }
    for (const gold of ["\\frac{1}{", "1+", "(1,2", "\\sqrt"]) {
      expect(decide(gold, "5"), gold).toMatchObject({ equal: null, trouble: "bad-gold" });
    }
  });

  it("calls a broken answer unparseable", () => {
    for (const answer of ["", "\\frac{1}{", "1 +", "(1, 2", "\u0000", "\\def\\x{5}\\x", "\ud800", "5\u202e"]) {
      expect(decide("5", answer), JSON.stringify(answer)).toMatchObject({ equal: null, trouble: "unparseable" });
    }
  });

  it("does not evaluate sums, integrals and limits that an answer repeats from the question", () => {
    for (const answer of ["\\sum_{k=1}^{3} k", "\\int_0^6 1\\,dx", "\\lim_{x\\to 6} x", "\\prod_{k=1}^{3} k"]) {
      expect(decide("6", answer).equal, answer).not.toBe(true);
    }
  });

  it("reads longer and deeper answers where the options allow them", () => {
    const long = `${"1+".repeat(3000)}1`;
    expect(decide("3001", long).trouble).toBe("too-large");
    expect(decide("3001", long, { maxLength: 10_000, maxWork: 200_000 }).equal).toBe(true);
    const deep = "(".repeat(80) + "5" + ")".repeat(80);
    expect(decide("5", deep, { maxNesting: 100 }).equal).toBe(true);
  });

  it("returns a decision for any two strings and spends no more than the budget", () => {
    const any = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 25 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(any, any, (gold, answer) => {
        const { decision, work } = measured(gold, answer);
        expect(work).toBeLessThanOrEqual(MOST_WORK);
        expect(decision.rule).not.toBe("");
      }),
      { numRuns: 400 },
    );
  });

  it("never calls a string different from itself", () => {
    const any = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(any, (text) => {
        expect(decide(text, text).equal).not.toBe(false);
        expect(decide(text, ` ${text} `).equal).not.toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});

const FRAGMENTS =
  "1 2 0 7 x y i e pi + - * / ^ _ ( ) [ ] { } | , ; : = < > ! ' % & $ . \\{ \\} \\frac \\sqrt \\sin \\ln \\log \\cup \\pm \\le \\infty \\text{ \\begin{pmatrix} \\end{pmatrix} \\\\ \\left( \\right) \\circ \\pi \\binom \\overline or and cm yes B . 1,000 ½ √ ∞ ° ²"
    .split(" ")
    .concat([" ", "\\ ", "\n"]);
