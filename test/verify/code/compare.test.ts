/** What counts as equal: on plain data, by value, with options. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differs } from "../../../src/verify/code/compare/compare.ts";
import { rulesOf } from "../../../src/verify/code/compare/rules.ts";
import { sameText } from "../../../src/verify/code/compare/text.ts";
import type { Encoded } from "../../../src/verify/code/encoded.ts";
import type { Comparison } from "../../../src/verify/code/types.ts";
import { encodedValues } from "./arbitraries.ts";

const equal = (a: Encoded, b: Encoded, options: Comparison = {}): boolean =>
  differs(a, b, rulesOf(options)) === undefined;
const BIG = "123456789012345678901234567890";

describe("values", () => {
  it.each<[string, Encoded, Encoded]>([
    ["1 and 1.0", 1, { f: 1 }],
    ["0 and -0", 0, { f: "-0" }],
    ["0.1 + 0.2 and 0.3", 0.1 + 0.2, 0.3],
    ["a large integer and itself", { i: BIG }, { i: BIG }],
    ["a BigInt and a small integer", { i: "5" }, 5],
    ["two infinities", { f: "inf" }, { f: "inf" }],
    ["a tuple and a list", { t: [1, 2] }, [1, 2]],
    ["a generator and a list", { it: [1, 2] }, [1, 2]],
    ["a set in another order", { s: [1, 2, 3] }, { s: [3, 1, 2] }],
    ["a set and a frozenset", { s: [1] }, { z: [1] }],
    ["sets of floats that are nearly the same", { s: [0.1 + 0.2, 1] }, { s: [1, 0.3] }],
    ["records in another order", { d: [["a", 1], ["b", 2]] }, { d: [["b", 2], ["a", 1]] }], // prettier-ignore
    ["a Map and an object", { m: [["a", 1]] }, { d: [["a", 1]] }],
    ["keys 1 and 1.0", { d: [[1, "x"]] }, { d: [[{ f: 1 }, "x"]] }],
    ["undefined and null", { u: 0 }, null],
    ["a complex number without an imaginary part and a real", { c: [2, 0] }, 2],
    ["sets of tuples", { s: [{ t: [1, 2] }] }, { s: [{ t: [1, 2] }] }],
  ])("are equal: %s", (_, a, b) => {
    expect(equal(a, b)).toBe(true);
    expect(equal(b, a)).toBe(true);
  });

  it.each<[string, Encoded, Encoded]>([
    ["true and 1", true, 1],
    ["false and 0", false, 0],
    ["a number and its text", 6, "6"],
    ["NaN and NaN", { f: "nan" }, { f: "nan" }],
    ["1 and 1.000001", 1, 1.000001],
    ["two integers that differ by one in the 16th digit", { i: "10000000000000001" }, { i: "10000000000000002" }],
    ["an integer beyond the doubles and infinity", { i: "9".repeat(400) }, { f: "inf" }],
    ["null and 0", null, 0],
    ["null and false", null, false],
    ["a text and its bytes", "a", { b: "YQ==" }],
    ["a list and its beginning", [1, 2], [1]],
    ["a list and a set", [1], { s: [1] }],
    ["a list and a record with its indices", ["a"], { d: [["0", "a"]] }],
    ["lists in another order", [1, 2], [2, 1]],
    ["records with another key", { d: [["a", 1]] }, { d: [["b", 1]] }],
    ["keys 1 and the text 1", { d: [[1, "x"]] }, { d: [["1", "x"]] }],
    ["a record with a key twice and one with two keys", { d: [["a", 1], ["a", 1]] }, { d: [["a", 1], ["b", 1]] }], // prettier-ignore
    ["a set with an element twice and a set of two", { s: [1, 1] }, { s: [1, 2] }],
    ["an empty record and an empty list", { d: [] }, []],
    ["a function and itself", { o: "function" }, { o: "function" }],
    ["a handle and itself", { h: 0, n: "Node" }, { h: 0, n: "Node" }],
    ["sets of NaN", { s: [{ f: "nan" }] }, { s: [{ f: "nan" }] }],
    ["0 and a tiny float", 0, 1e-300],
  ])("are not equal: %s", (_, a, b) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });

  it("says where values differ first", () => {
    const [a, b]: Encoded[] = [
      [1, { d: [["name", [1, 2]]] }],
      [1, { d: [["name", [1, 3]]] }],
    ];
    expect(differs(a!, b!, rulesOf({}))).toBe('[1]["name"][1]');
  });

  it("is the same both ways, and true of a value and itself where it holds nothing that equals nothing", () => {
    fc.assert(
      fc.property(encodedValues, encodedValues, (a, b) => {
        expect(equal(a, b)).toBe(equal(b, a));
        expect(equal(a, a)).toBe(!JSON.stringify(a).includes('{"f":"nan"}'));
        expect(equal(a, a, { nanEqual: true, exactTypes: true })).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("compares 50,000 elements in any order, all of them nearly the same, without trying each pair", () => {
    const a = Array.from({ length: 50_000 }, (_, i) => i + 0.1);
    const b = a.map((x) => x * (1 + 1e-12)).reverse();
    const began = performance.now();
    expect(equal(a, b, { unordered: true })).toBe(true);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("gives up on elements that would take too many pairs", () => {
    const list = Array.from({ length: 4_000 }, (_, i) => [i + 0.1]);
    const other = list.map(([x]) => [x! * (1 + 1e-12)]).reverse();
    expect(() => equal(list, other, { unordered: true })).toThrow(RangeError);
  });
});

describe("options", () => {
  it.each<[string, Comparison, Encoded, Encoded, boolean]>([
    ["exactTypes tells 1 from 1.0", { exactTypes: true }, 1, { f: 1 }, false],
    ["exactTypes tells a tuple from a list", { exactTypes: true }, { t: [1] }, [1], false],
    ["exactTypes tells undefined from null", { exactTypes: true }, { u: 0 }, null, false],
    ["exactTypes keeps the tolerance of floats", { exactTypes: true }, 0.1 + 0.2, 0.3, true],
    ["exactTypes tells keys 1 and 1.0 apart", { exactTypes: true }, { d: [[1, 0]] }, { d: [[{ f: 1 }, 0]] }, false],
    ["nanEqual lets NaN equal NaN", { nanEqual: true }, [{ f: "nan" }], [{ f: "nan" }], true],
    ["nanEqual does not let NaN equal a number", { nanEqual: true }, { f: "nan" }, 0, false],
    ["tolerance 0 asks for the same float", { tolerance: 0 }, 0.1 + 0.2, 0.3, false],
    ["tolerance 0.01 allows one percent", { tolerance: 0.01 }, 100.5, 100, true],
    ["tolerance 0.01 does not allow two integers to differ", { tolerance: 0.01 }, 1001, 1000, false],
    ["an absolute tolerance allows a tiny float for 0", { tolerance: { absolute: 1e-6 } }, 1e-9, 0, true],
    ["unordered allows another order", { unordered: true }, [2, 1, 2], [1, 2, 2], true],
    ["unordered counts how often", { unordered: true }, [1, 1, 2], [1, 2, 2], false],
    ["unordered reaches only the outermost list", { unordered: true }, [[1, 2]], [[2, 1]], false],
    ["unordered takes a set for a list", { unordered: true }, { s: [2, 1] }, [1, 2], true],
    ["unordered does not touch what is no list", { unordered: true }, "ab", "ba", false],
  ])("%s", (_, options, a, b, expected) => {
    expect(equal(a, b, options)).toBe(expected);
  });

  it.each([
    ["an unknown option", { strict: true }, "strict"],
    ["a flag that is a text", { exactTypes: "yes" }, "exactTypes"],
    ["a tolerance below zero", { tolerance: -1 }, "tolerance"],
    ["a tolerance of NaN", { tolerance: { relative: NaN } }, "relative"],
    ["an infinite tolerance", { tolerance: Infinity }, "tolerance"],
    ["a checker that is a function", { checker: () => true }, "checker"],
    ["no object", [], "compare"],
  ])("refuses %s", (_, options, where) => {
    // What a data file may hold, whatever the type says.
    expect(() => rulesOf(options as Comparison)).toThrow(where);
  });
});

describe("printed text", () => {
  it.each<[string, string, string, Comparison, boolean]>([
    ["ignores the last line end and trailing blanks", "1 \n2\n\n", "1\n2", {}, true],
    ["wants all lines, not a right beginning", "1\n2\n", "1\n2\n3\n", {}, false],
    ["wants no lines more", "1\n2\n3", "1\n2", {}, false],
    ["wants blanks at the beginning of a line", " 1", "1", {}, false],
    ["wants the same spelling of a number", "1.0", "1", {}, false],
    ["takes numbers within a tolerance that is asked for", "x 1.0000001", "x 1", { tolerance: 1e-6 }, true],
    ["does not take words within a tolerance", "x", "y", { tolerance: 1 }, false],
    ["does not take Infinity for a number", "Infinity", "1", { tolerance: 1e300 }, false],
    ["wants each character where exactText says so", "1\n", "1", { exactText: true }, false],
  ])("%s", (_, actual, expected, options, same) => {
    expect(sameText(actual, expected, rulesOf(options))).toBe(same);
  });
});
