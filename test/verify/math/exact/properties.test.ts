/** Properties that hold for whatever is written: equality with itself, symmetry, and two independent engines that agree. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshAtoms } from "../../../../src/verify/math/exact/atoms.ts";
import { canonical } from "../../../../src/verify/math/exact/canonical.ts";
import { decide } from "../../../../src/verify/math/exact/decide.ts";
import { differs } from "../../../../src/verify/math/exact/numeric/compare.ts";
import { parse } from "../../../../src/verify/math/exact/parse.ts";
import { equalF } from "../../../../src/verify/math/exact/ratfun.ts";
import { withBudget } from "../../../../src/verify/math/exact/work.ts";

const OPTIONS = { decimalComma: false, maxNesting: 60 };
const whole = fc.integer({ min: 0, max: 12 }).map(String);
const positive = fc.integer({ min: 1, max: 9 }).map(String);

/** Closed expressions in LaTeX, every part of them defined. */
const { closed } = fc.letrec<{ closed: string }>((tie) => ({
  closed: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    whole,
    fc.tuple(whole, positive).map(([a, b]) => `\\frac{${a}}{${b}}`),
    fc.constantFrom("\\pi", "e", "0.5", "2.25"),
    fc.tuple(tie("closed"), tie("closed")).map(([a, b]) => `(${a})+(${b})`),
    fc.tuple(tie("closed"), tie("closed")).map(([a, b]) => `(${a})-(${b})`),
    fc.tuple(tie("closed"), tie("closed")).map(([a, b]) => `(${a})\\cdot(${b})`),
    fc.tuple(tie("closed"), positive).map(([a, b]) => `\\frac{${a}}{${b}}`),
    fc.tuple(tie("closed"), fc.constantFrom("2", "3")).map(([a, b]) => `(${a})^{${b}}`),
    positive.map((n) => `\\sqrt{${n}}`),
    positive.map((n) => `\\sqrt[3]{${n}}`),
    positive.map((n) => `\\ln ${n}`),
    fc.tuple(positive, positive).map(([a, b]) => `\\sin\\frac{${a}\\pi}{${b}}`),
    fc.tuple(positive, positive).map(([a, b]) => `\\cos\\frac{${a}\\pi}{${b}}`),
    fc.tuple(whole, positive).map(([a, b]) => `e^{\\frac{${a}}{${b}}}`),
  ),
}));

/** Expressions in x and y. */
const { open } = fc.letrec<{ open: string }>((tie) => ({
  open: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom("x", "y", "x^2", "xy", "\\sin x", "e^{x}", "\\sqrt{x^2+1}", "|y|"),
    whole,
    fc.tuple(tie("open"), tie("open")).map(([a, b]) => `(${a})+(${b})`),
    fc.tuple(tie("open"), tie("open")).map(([a, b]) => `(${a})-(${b})`),
    fc.tuple(tie("open"), tie("open")).map(([a, b]) => `(${a})(${b})`),
    fc.tuple(tie("open"), positive).map(([a, b]) => `\\frac{${a}}{${b}+x^2}`),
    tie("open").map((a) => `(${a})^{2}`),
  ),
}));

const answer = fc.oneof(
  closed,
  open,
  fc.tuple(closed, closed).map(([a, b]) => `(${a}, ${b})`),
  fc.array(closed, { minLength: 1, maxLength: 4 }).map((items) => `\\{${items.join(", ")}\\}`),
  fc.tuple(whole, whole).map(([a, b]) => `[${a}, ${a}${b})`),
  fc.tuple(open, open).map(([a, b]) => `${a} = ${b}`),
  fc.tuple(fc.constantFrom("x", "t"), fc.constantFrom("<", "\\ge"), closed).map((parts) => parts.join(" ")),
  fc
    .tuple(whole, fc.constantFrom("\\text{ cm}", "\\%", "^\\circ", " dollars", " apples"))
    .map((parts) => parts.join("")),
  fc.constantFrom(
    "\\text{yes}",
    "no solution",
    "(B)",
    "10:15 pm",
    "July 4, 2020",
    "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
  ),
);

/** Other writings that mean the same for every answer. */
const DISGUISES: readonly ((text: string) => string)[] = [
  (text) => `$${text}$`,
  (text) => `\\(${text}\\)`,
  (text) => ` ${text} .`,
  (text) => `**${text}**`,
  (text) => text.replaceAll("(", "\\left(").replaceAll(")", "\\right)"),
  (text) => text.replaceAll("\\frac", "\\dfrac"),
];

describe("decide", () => {
  it("finds every answer equal to itself in another dress", () => {
    fc.assert(
      fc.property(answer, fc.constantFrom(...DISGUISES), (text, disguise) => {
        const { equal, rule, trouble } = decide(text, disguise(text));
        if (trouble !== "too-large") expect([equal, rule]).toEqual([true, rule]);
      }),
      { numRuns: 400 },
    );
  });

  it("is symmetric but where a form is asked for", () => {
    fc.assert(
      fc.property(answer, answer, (a, b) => {
        const [there, back] = [decide(a, b), decide(b, a)];
        if (there.rule !== "form" && back.rule !== "form") expect(there.equal).toBe(back.equal);
      }),
      { numRuns: 400 },
    );
  });

  it("gives the same decision every time", () => {
    fc.assert(
      fc.property(answer, answer, (a, b) => {
        expect(decide(a, b)).toEqual(decide(a, b));
      }),
      { numRuns: 100 },
    );
  });

  it("sees that a + b is b + a, and that a + 1 is not a", () => {
    fc.assert(
      fc.property(fc.oneof(closed, open), fc.oneof(closed, open), (a, b) => {
        const sum = decide(`(${a})+(${b})`, `${b} + ${a}`);
        if (sum.trouble !== "too-large") expect(sum.equal).toBe(true);
        expect(decide(a, `${a}+1`).equal).not.toBe(true);
        expect(decide(a, `-1+${a}`).equal).not.toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the canonical form and the balls", () => {
  const agree = (a: string, b: string): void => {
    freshAtoms();
    withBudget(1e7, 1e6, () => {
      const [p, q] = [parse(a, OPTIONS), parse(b, OPTIONS)];
      // Equal canonical forms with values that lie apart would be a wrong rule of algebra.
      if (equalF(canonical(p), canonical(q))) expect(differs(p, q), `${a} and ${b}`).not.toBe(true);
    });
  };

  it("never contradict each other on closed expressions", () => {
    fc.assert(fc.property(closed, closed, agree), { numRuns: 300 });
  });

  it("never contradict each other on an expression and its expansions", () => {
    const rewritings = fc.constantFrom<(a: string, b: string) => readonly [string, string]>(
      (a, b) => [`(${a}+${b})^2`, `(${a})^2+2(${a})(${b})+(${b})^2`],
      (a, b) => [`(${a}+${b})(${a}-(${b}))`, `(${a})^2-(${b})^2`],
      (a, b) => [`\\sin(${a}+${b})`, `\\sin(${a})\\cos(${b})+\\cos(${a})\\sin(${b})`],
      (a, b) => [`e^{${a}+${b}}`, `e^{${a}}\\cdot e^{${b}}`],
    );
    const parts = fc.constantFrom("x", "\\sqrt2", "\\pi", "3", "\\ln 2", "\\frac{y}{2}", "x^2", "\\sqrt[3]{5}");
    fc.assert(
      fc.property(parts, parts, rewritings, (a, b, rewrite) => {
        const [left, right] = rewrite(a, b);
        agree(left, right);
        expect(decide(left, right)).toMatchObject({ equal: true });
      }),
      { numRuns: 150 },
    );
  });
});
