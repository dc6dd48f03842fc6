/** What the engine tier proves, refutes and leaves alone. */
import { ComputeEngine } from "@cortex-js/compute-engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { treeGuard, type Tree } from "../../../../src/verify/math/engine/guards.ts";
import { judge } from "../../../../src/verify/math/engine/judge.ts";
import { agreement, valueOf } from "../../../../src/verify/math/engine/number.ts";
import { PRECISION } from "../../../../src/verify/math/engine/sample.ts";

const ce = new ComputeEngine();
ce.precision = PRECISION;
const equal = (a: string, b: string): boolean | null => judge(ce, a, b, () => undefined).equal;

const EQUAL = [
  ["\\tan^2 y + 1", "\\sec^2 y"],
  ["\\frac{x+2}{7}", "\\frac{x}{7} + \\frac{2}{7}"],
  ["\\sin(2x)", "2\\sin x\\cos x"],
  ["\\sin(x+y)", "\\sin x\\cos y + \\cos x\\sin y"],
  ["\\cos^4 x - \\sin^4 x", "\\cos 2x"],
  ["\\cosh^2x - \\sinh^2x", "1"],
  ["\\sin^2x + \\cos^2x - 1", "0"],
  ["e^{x+y}", "e^x e^y"],
  ["\\frac{e^{2x}-1}{e^{2x}+1}", "\\tanh x"],
  ["\\log_2 8x", "3 + \\log_2 x"],
  ["\\frac{\\log_3 x}{\\log_3 2}", "\\log_2 x"],
  ["2^{x+1}", "2 \\cdot 2^x"],
  ["\\sqrt{5+2\\sqrt6}", "\\sqrt2+\\sqrt3"],
  ["\\arctan(1/2)+\\arctan(1/3)", "\\pi/4"],
  ["\\sin 18\\degree", "\\frac{\\sqrt5-1}{4}"],
  ["\\sin(3\\pi)", "0"],
  ["\\operatorname{arctanh}(1/2)", "\\frac12\\ln 3"],
  ["\\Gamma(1/2)", "\\sqrt\\pi"],
  ["\\arcsin x + \\arccos x", "\\pi/2"], // real between -1 and 1 only
  ["\\lfloor x + 1\\rfloor", "\\lfloor x\\rfloor + 1"],
  ["e^{i\\pi/3}", "\\frac12 + \\frac{\\sqrt3}{2}i"],
  ["n!", "n(n-1)!"],
  ["\\binom{n}{2}", "n(n-1)/2"],
  ["(a+b+c+d)^{40}", "(d+b+a+c)^{40}"],
  ["sqrt(2)*sin(x)", "$\\sqrt2 \\sin x$"],
  ["f(x) = \\sin(2x)", "2\\sin x\\cos x"],
  ["(\\sin^2x+\\cos^2 x, 2)", "(1, 2)"],
  ["\\begin{pmatrix} \\sin^2x+\\cos^2x \\\\ 2 \\end{pmatrix}", "\\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}"],
] as const;

const DIFFERENT = [
  ["\\ln(x^2)", "2\\ln x"], // differ for negative x
  ["\\sqrt{x^2}", "x"],
  ["|x|", "x"],
  ["\\lfloor x\\rfloor", "x"],
  ["\\arcsin(\\sin x)", "x"], // the same between -1 and 1
  ["1-1/e", "1+1/e"],
  ["2^{-99}", "2^{-98}"],
  ["\\frac{1}{200!}", "\\frac{1}{202!}"],
  ["\\frac{1}{200!}", "0"],
  ["\\sin(\\pi/7)", "\\sin(8\\pi/7)"],
  ["x^2 + 10^{-20}", "x^2"],
  ["e^{\\pi\\sqrt{163}}", "262537412640768744"], // agree in 30 digits
  ["(1, 2)", "(2, 1)"],
  ["[1, 2)", "[1, 3)"],
  ["\\binom{1}{n}", "0"], // differ for n = 0 and 1 only
  ["\\binom{n}{99}", "0"], // differ from n = 99 on
  ["\\begin{vmatrix} \\sin x & 2 \\\\ 3 & 4 \\end{vmatrix}", "\\begin{pmatrix} \\sin x & 2 \\\\ 3 & 4 \\end{pmatrix}"],
  ["x", "y"],
  ["\\sin x", "5"],
] as const;

/** The question itself, or something that is not computed here. */
const LEFT_ALONE = [
  ["\\sum_{k=1}^{10} k", "55"],
  ["55", "\\sum_{k=1}^{10} k"],
  ["\\frac13", "\\int_0^1 x^2 dx"],
  ["0", "\\lim_{x\\to 0} x"],
  ["2x", "\\frac{d}{dx} x^2"],
  ["\\infty", "5"],
  ["\\frac{1}{0}", "\\frac{2}{0}"],
  ["f(2)", "g(2)"],
  ["east", "seat"], // words are no products of letters
  ["east + \\lfloor x\\rfloor", "\\lfloor x\\rfloor + seat"],
  ["\\Gamma(10^6)", "\\Gamma(10^6 + 1)"],
  ["\\tan(100)", "\\tan(100) + 10^{-80}"], // agree in 80 digits: neither shown
] as const;

describe("the engine", () => {
  it.each(EQUAL)("shows that %s is %s, both ways", (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([true, true]);
  });

  it.each(DIFFERENT)("shows that %s is not %s, both ways", (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([false, false]);
  });

  it.each(LEFT_ALONE)("says nothing of %s and %s", (a, b) => {
    expect(equal(a, b)).toBeNull();
  });

  it("judges a pair the same whatever came before it: names are forgotten", () => {
    const pair = ["f + 1", "1 + f"] as const;
    const before = equal(...pair);
    for (const text of ["f(x) + 1", "f'(2)", "f \\in \\R", "f \\cup g", "f = 3", "f_1(2)"]) equal(text, text);
    expect([before, equal(...pair)]).toEqual([true, true]);
  });

  it("tells whose turn it is when it fails", () => {
    let reached = false;
    expect(judge(ce, "\\frac{", "1", () => (reached = true))).toMatchObject({ trouble: "bad-gold" });
    expect(reached).toBe(false);
    expect(judge(ce, "1", "\\frac{", () => (reached = true))).toMatchObject({ trouble: "unparseable" });
    expect(reached).toBe(true);
  });
});

describe("the guard on formulas", () => {
  const refused = (latex: string): boolean => treeGuard(ce.parse(latex, { form: "raw" }).json as Tree) !== undefined;

  it.each([
    "9^{9^{9^9}}", "10^{10^{10}}", "100000!", "((10!)!)!", "2^{10^7}", "\\binom{10^6}{5\\cdot 10^5}", "7^{10^9}", "e^{e^{e^{x}}}", "\\exp(\\exp(\\exp(3)))", "2^{99999}", "x^{x^{x^{x^x}}}", "(10^{6})!!",
  ])("refuses %s", (latex) => {
    expect(refused(latex)).toBe(true);
  }); // prettier-ignore

  it.each(["x^2", "e^{-x^2/2}", "2^{64}", "20!", "\\binom{50}{25}", "n(n-1)!", "1.5^{10}", "\\frac{1}{200!}", "10^{100}", "e^{x+y}"])("lets %s pass", (latex) => {
    expect(refused(latex)).toBe(false);
  }); // prettier-ignore

  it("refuses more than 400 operators and operands", () => {
    expect(refused(Array.from({ length: 300 }, (_, i) => `x^{${i % 9}}`).join("+"))).toBe(true);
  });
});

describe("agreement", () => {
  const value = (tree: Tree) => valueOf(tree)!;

  it("counts leading digits, whatever the size of the numbers", () => {
    expect(agreement(value({ num: "1.23456789" }), value({ num: "1.23456780" }))).toBe(8);
    expect(agreement(value({ num: "1.5e-5749" }), value({ num: "1.5e-5755" }))).toBe(0);
    expect(agreement(value(7), value({ num: "7.000" }))).toBe(Infinity);
    expect(agreement(value(["Rational", 1, 3]), value({ num: `0.${"3".repeat(100)}` }))).toBeGreaterThanOrEqual(99);
    expect(agreement(value(["Complex", 1, 2]), value(["Complex", 1, -2]))).toBeLessThan(1);
  });

  it("knows a rounded double from an exact one, and no number from a number", () => {
    expect([value(0.5).rough, value(1.5707963267948966).rough, value({ num: "1.5707963267948964" }).rough, value({ num: "1.5707963267948966192" }).rough]).toEqual([false, true, true, false]); // prettier-ignore
    for (const tree of ["NaN", "x", ["Add", 1, "x"], { num: "NaN" }, { num: "1e99999999" }] as const) expect(valueOf(tree)).toBeUndefined(); // prettier-ignore
  });

  it("is symmetric and at most Infinity for equal numbers only", () => {
    const decimal = fc.tuple(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: -200, max: 200 }));
    fc.assert(
      fc.property(decimal, decimal, ([a, p], [b, q]) => {
        const [left, right] = [value({ num: `${a}e${p}` }), value({ num: `${b}e${q}` })];
        expect(agreement(left, right)).toBe(agreement(right, left));
        const least = Math.min(p, q);
        const same = a * 10n ** BigInt(p - least) === b * 10n ** BigInt(q - least);
        expect(agreement(left, right) === Infinity).toBe(same);
      }),
      { numRuns: 200 },
    );
  });
});
