/** Each option of the comparison changes what its line in the documentation says, and nothing else by default. */
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/verify/math/exact/decide.ts";
import type { MathOptions } from "../../../../src/verify/math/options.ts";

const CASES: readonly (readonly [
  gold: string,
  answer: string,
  options: MathOptions,
  without: boolean,
  withIt: boolean,
])[] = [
  ["1/3", "0.3333", { tolerance: 1e-3 }, false, true],
  ["\\pi", "3.1416", { tolerance: 1e-4 }, false, true],
  ["\\pi", "3.2", { tolerance: 1e-4 }, false, false],
  ["100", "101", { tolerance: 0.05 }, false, false],
  ["3.14", "\\pi", { roundToGold: true }, false, true],
  ["3.14", "3.15", { roundToGold: true }, false, false],
  ["0.67", "2/3", { roundToGold: true }, false, true],
  ["2/3", "0.67", { roundToGold: true }, false, false],
  ["1, 2", "2, 1", { orderedLists: true }, true, false],
  ["1, 2", "1, 2", { orderedLists: true }, true, true],
  ["3 cm", "3", { units: "require" }, true, false],
  ["3 cm", "3 m", { units: "ignore" }, false, true],
  ["50\\%", "50", { percent: "value" }, true, false],
  ["50\\%", "0.5", { percent: "value" }, true, true],
  ["50\\%", "0.5", { percent: "number" }, true, false],
  ["50\\%", "50", { percent: "number" }, true, true],
  ["101_2", "5", { bases: "value" }, false, true],
  ["101_2", "12_3", { bases: "value" }, false, true],
  ["(3,\\infty)", "x>3", { form: "any" }, false, true],
  ["x=5", "2x=10", { form: "any" }, false, true],
  ["x>3", "2x>6", { form: "any" }, false, true],
  ["1,5", "1.5", { decimalComma: true }, false, true],
  ["1.234", "1234", { decimalComma: true }, false, true],
  ["5", "x=5", { strict: true }, true, false],
  ["(1,2)", "1,2", { strict: true }, true, false],
  ["3 cm", "3", { strict: true }, true, false],
  ["50\\%", "50", { strict: true }, true, false],
];

describe("options", () => {
  it.each(CASES)("%j and %j with %j", (gold, answer, options, without, withIt) => {
    expect(decide(gold, answer).equal, "by default").toBe(without);
    expect(decide(gold, answer, options).equal, "with the option").toBe(withIt);
  });

  it("gives no tolerance to integers and fractions", () => {
    expect(decide("1000000", "1000001", { tolerance: 0.1 }).equal).toBe(false);
    expect(decide("1/1000000", "1/1000001", { tolerance: 0.1 }).equal).toBe(false);
  });

  it("computes longer integers where maxBits allows them", () => {
    expect(decide("2^{70000}", "4^{35000}").equal).not.toBe(true);
    expect(decide("2^{70000}", "4^{35000}", { maxBits: 80_000, maxWork: 500_000 })).toMatchObject({
      equal: true,
      rule: "rational",
    });
  });
});
