/** The balls hold the value that they stand for, and a separation bound proves what it claims: checked against decimal.js. */
import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Ball, fromRatio, rootB, withPrecision } from "../../../../src/verify/math/exact/numeric/ball.ts";
import { differs, equalBySeparation } from "../../../../src/verify/math/exact/numeric/compare.ts";
import { NO_POINT, evaluateBall } from "../../../../src/verify/math/exact/numeric/evaluate.ts";
import { atanB, expB, logB, piB, sinCosB } from "../../../../src/verify/math/exact/numeric/functions.ts";
import { separationBits } from "../../../../src/verify/math/exact/numeric/separation.ts";
import { parse } from "../../../../src/verify/math/exact/parse.ts";
import { rat } from "../../../../src/verify/math/exact/rational.ts";

const Exact = Decimal.clone({ precision: 130, toExpNeg: -9e15, toExpPos: 9e15 });
const OPTIONS = { decimalComma: false, maxNesting: 60 };
const read = (text: string): ReturnType<typeof parse> => parse(text, OPTIONS);

/** The ball holds the value, and is narrower than 2 ** -200 of it or of 1. */
function expectHolds(found: Ball, value: Decimal): void {
  const unit = new Exact(2).pow(found.e);
  const middle = new Exact(String(found.m)).mul(unit);
  const radius = new Exact(String(found.r)).mul(unit);
  // decimal.js itself is right to about 125 digits.
  const slack = value.abs().add(1).mul("1e-120");
  expect(middle.sub(value).abs().lte(radius.add(slack))).toBe(true);
  expect(radius.lte(value.abs().add(1).mul(new Exact(2).pow(-200)))).toBe(true);
}

const fractions = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 1, max: 997 }));

describe("balls at 256 bits", () => {
  const check = (
    name: string,
    ball: (x: Ball) => Ball,
    value: (x: Decimal) => Decimal,
    keep: (x: number) => boolean,
  ): void => {
    it(`hold ${name}`, () => {
      fc.assert(
        fc.property(fractions, ([n, d]) => {
          fc.pre(keep(n / d));
          const found = withPrecision(256, () => ball(fromRatio(rat(n, d))));
          expectHolds(found, value(new Exact(n).div(d)));
        }),
        { numRuns: 60 },
      );
    });
  };
  check(
    "exp",
    expB,
    (x) => x.exp(),
    (x) => Math.abs(x) < 80,
  );
  check(
    "ln",
    logB,
    (x) => x.ln(),
    (x) => x > 0,
  );
  check(
    "sin",
    (x) => sinCosB(x).sin,
    (x) => x.sin(),
    (x) => Math.abs(x) < 100,
  );
  check(
    "cos",
    (x) => sinCosB(x).cos,
    (x) => x.cos(),
    (x) => Math.abs(x) < 100,
  );
  check(
    "arctan",
    atanB,
    (x) => x.atan(),
    () => true,
  );
  check(
    "the square root",
    (x) => rootB(x, 2),
    (x) => x.sqrt(),
    (x) => x > 0,
  );
  check(
    "the cube root",
    (x) => rootB(x, 3),
    (x) => x.cbrt(),
    (x) => x > 0,
  );

  it("hold pi", () => {
    expectHolds(withPrecision(256, piB), Exact.acos(-1));
  });

  it("hold what an expression is worth", () => {
    const { re } = withPrecision(256, () =>
      evaluateBall(read("\\frac{\\sqrt2+e^{3}}{\\ln 7}-\\sin\\frac{\\pi}{7}"), NO_POINT),
    );
    const value = Exact.sqrt(2).add(Exact.exp(3)).div(Exact.ln(7)).sub(Exact.acos(-1).div(7).sin());
    expectHolds(re, value);
  });
});

describe("differs", () => {
  it("tells numbers apart that agree to 60 digits, and not a number from itself", () => {
    expect(differs(read("\\sqrt2"), read("\\sqrt{2}+10^{-60}"))).toBe(true);
    expect(differs(read("\\sqrt2+\\sqrt3"), read("\\sqrt{5+2\\sqrt6}"))).toBe(null);
  });

  it("tries real points only, so that x and the square of its root are not told apart where the root is imaginary", () => {
    expect(differs(read("\\sqrt{x}^2"), read("x"))).toBe(false);
    expect(differs(read("\\sqrt{x^2}"), read("x"))).toBe(true);
  });
});

describe("equalBySeparation", () => {
  it.each([
    ["\\sqrt{2}+\\sqrt{3}", "\\sqrt{5+2\\sqrt{6}}"],
    ["\\sqrt[3]{2+\\sqrt5}+\\sqrt[3]{2-\\sqrt5}", "1"],
    ["\\sqrt[3]{\\sqrt[3]{2}-1}", "\\sqrt[3]{\\frac19}-\\sqrt[3]{\\frac29}+\\sqrt[3]{\\frac49}"],
    ["\\cos\\frac{\\pi}{9}\\cos\\frac{2\\pi}{9}\\cos\\frac{4\\pi}{9}", "\\frac18"],
    [
      "16\\cos\\frac{2\\pi}{17}",
      "-1+\\sqrt{17}+\\sqrt{34-2\\sqrt{17}}+2\\sqrt{17+3\\sqrt{17}-\\sqrt{34-2\\sqrt{17}}-2\\sqrt{34+2\\sqrt{17}}}",
    ],
  ])("proves %s equal to %s", (a, b) => {
    expect(equalBySeparation(read(a), read(b))).toBe(true);
  });

  it("proves nothing about transcendental numbers, and nothing equal that differs in the 200th digit", () => {
    expect(separationBits(read("\\pi"), read("3"))).toBe(null);
    expect(equalBySeparation(read("\\sqrt2+10^{-200}"), read("\\sqrt2"))).toBe(false);
  });

  it("asks for more bits than numbers of this size can share by chance", () => {
    // sqrt(a + 1) - sqrt(a) is about 1 / (2 sqrt a): small, but never as small as the bound says.
    for (const a of [10n, 10n ** 10n, 10n ** 30n]) {
      const bits = separationBits(read(`\\sqrt{${a + 1n}}`), read(`\\sqrt{${a}}`))!;
      expect(2 ** -bits).toBeLessThan(1 / (2 * Math.sqrt(Number(a + 1n))));
    }
  });
});
