/** The parts below the decision: integers, rationals, numerals, polynomials, denesting. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../../../../src/verify/math/exact/canonical.ts";
import {
  bitLength,
  exactRoot,
  factor,
  factorial,
  gcd,
  powInt,
  rootFloor,
} from "../../../../src/verify/math/exact/integers.ts";
import { readNumeral } from "../../../../src/verify/math/exact/numerals.ts";
import { parse } from "../../../../src/verify/math/exact/parse.ts";
import { asRational } from "../../../../src/verify/math/exact/ratfun.ts";
import {
  addRat,
  compareRat,
  divRat,
  floorRat,
  mulRat,
  rat,
  showRat,
} from "../../../../src/verify/math/exact/rational.ts";
import { TooLarge, withBudget } from "../../../../src/verify/math/exact/work.ts";

const large = fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n });
const natural = fc.bigInt({ min: 0n, max: 10n ** 60n });

describe("integers", () => {
  it("gcd divides both numbers, and no larger number of the same kind does", () => {
    fc.assert(
      fc.property(large, large, natural, (a, b, k) => {
        fc.pre(a !== 0n && b !== 0n);
        const g = gcd(a, b);
        expect([a % g, b % g]).toEqual([0n, 0n]);
        expect(gcd(a * k, b * k)).toBe(g * k);
      }),
      { numRuns: 100 },
    );
  });

  it("rootFloor is the largest whole number whose power does not exceed n", () => {
    fc.assert(
      fc.property(natural, fc.integer({ min: 2, max: 9 }), (n, k) => {
        const root = rootFloor(n, k);
        expect(root ** BigInt(k) <= n && (root + 1n) ** BigInt(k) > n).toBe(true);
        expect(exactRoot(n ** BigInt(k), k)).toBe(n);
      }),
      { numRuns: 150 },
    );
  });

  it("bitLength counts binary digits, at powers of two and beside them", () => {
    for (const e of [0, 1, 31, 32, 52, 53, 54, 64, 1000]) {
      expect(bitLength(1n << BigInt(e))).toBe(e + 1);
      expect(bitLength((1n << BigInt(e)) - 1n)).toBe(e);
    }
  });

  it("factor gives back its number", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 15n }), (n) => {
        expect(factor(n).reduce((all, [p, times]) => all * p ** BigInt(times), 1n)).toBe(n);
      }),
      { numRuns: 100 },
    );
  });

  it("computes 25! and refuses 10^6! and 2^(10^9) before it starts", () => {
    expect(factorial(25n)).toBe(15511210043330985984000000n);
    expect(() => factorial(10n ** 6n)).toThrow(TooLarge);
    expect(() => powInt(2n, 10n ** 9n)).toThrow(TooLarge);
  });
});

describe("rationals", () => {
  const rational = fc
    .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 99 }))
    .map(([n, d]) => rat(n, d));

  it("form a field", () => {
    fc.assert(
      fc.property(rational, rational, rational, (a, b, c) => {
        expect(mulRat(a, addRat(b, c))).toEqual(addRat(mulRat(a, b), mulRat(a, c)));
        fc.pre(b.n !== 0n);
        expect(mulRat(divRat(a, b), b)).toEqual(a);
        expect(gcd(a.n, a.d)).toBe(1n);
        const floor = rat(floorRat(a));
        expect(compareRat(floor, a) <= 0 && compareRat(a, addRat(floor, rat(1))) < 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe("readNumeral", () => {
  const style = { commas: true, decimalComma: false };

  it.each([
    ["1234", "1234", 4],
    ["1,234,567.5", "2469135/2", 11],
    ["1,234,5", "1", 1],
    ["1,2345", "1", 1],
    ["1.234.567,5", "2469135/2", 11],
    ["1 000 000 x", "1000000", 9],
    ["14{,}916", "14916", 8],
    ["3{,}5", "7/2", 5],
    ["0.\\overline{12}", "4/33", 15],
    ["0.1(6)", "1/6", 6],
    ["0.1666...", "1/6", 9],
    ["1.5e-3", "3/2000", 6],
    [".5", "1/2", 2],
    ["5.", "5", 1],
  ])("reads %j as %s, %i characters", (text, value, length) => {
    const numeral = readNumeral(text, 0, style)!;
    expect([showRat(numeral.v), numeral.length]).toEqual([value, length]);
  });

  it("does not group by commas inside brackets", () => {
    expect(readNumeral("1,234)", 0, { ...style, commas: false })).toMatchObject({ v: { n: 1n }, length: 1 });
  });

  it("reads a decimal comma where it is asked to", () => {
    expect(readNumeral("1.234,5", 0, { commas: true, decimalComma: true })).toMatchObject({ v: { n: 2469n, d: 2n } });
  });
});

describe("canonical", () => {
  const valueOf = (text: string): string => {
    const found = asRational(
      withBudget(1e6, 1e5, () => canonical(parse(text, { decimalComma: false, maxNesting: 60 }))),
    );
    return found === null ? "no rational" : showRat(found);
  };

  it.each([
    ["(\\sqrt2+\\sqrt3)(\\sqrt3-\\sqrt2)", "1"],
    ["\\sqrt[3]{4}\\cdot\\sqrt[3]{2}", "2"],
    ["(1+i)^8", "16"],
    ["e^{2\\ln 3}", "9"],
    ["\\log_2 3\\cdot\\log_3 2", "1"],
    ["\\cos^2\\frac{\\pi}{12}+\\sin^2\\frac{\\pi}{12}", "1"],
    ["\\sin\\frac{\\pi}{12}\\cos\\frac{\\pi}{12}", "1/4"],
    ["\\cos\\frac{\\pi}{5}-\\cos\\frac{\\pi}{5}", "0"],
    ["\\frac{x^2-y^2}{x-y}-x-y", "0"],
    ["\\sqrt{7+4\\sqrt3}-\\sqrt3", "2"],
    ["|\\sqrt2-2|+\\sqrt2", "2"],
    ["\\frac{(n+2)!}{n!}-(n+1)(n+2)", "0"],
    ["\\arcsin\\frac12-\\frac{\\pi}{6}", "0"],
    ["2^{x+1}-2\\cdot 2^x", "0"],
    ["\\sqrt2+1", "no rational"],
  ])("%s is %s", (text, value) => {
    expect(valueOf(text)).toBe(value);
  });
});
