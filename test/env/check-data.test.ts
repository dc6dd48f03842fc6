/** What counts as plain data, and where two pieces of it differ. */
import { describe, expect, it } from "vitest";
import { firstDifference } from "../../src/env/check-rules/first-difference.ts";
import { whyNotPlain } from "../../src/env/check-rules/plain-data.ts";

class Point {
  x = 1;
}

describe("whyNotPlain", () => {
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  it.each([
    [null],
    [undefined],
    [10n],
    [{ a: [1, { b: "c" }] }],
    [new Map([["a", new Set([1])]])],
    [{ board: new Float32Array(4), when: new Date(0), bytes: new ArrayBuffer(2) }],
    [Object.create(null)],
    [cycle],
  ])("takes %o for plain data", (value) => {
    expect(whyNotPlain(value)).toBeUndefined();
  });
  it.each([
    [{ a: [0, () => 1] }, "state.a[1] is a function"],
    [new Point(), "state is an instance of class Point"],
    [{ at: new Map([["p", new Point()]]) }, "state.at (value) is an instance of class Point"],
    [{ a: Symbol("s") }, "state.a is a symbol"],
    [{ [Symbol("s")]: 1 }, "state[Symbol(s)] is a symbol"],
    [{ get now() { return 1; } }, "state.now is a function"], // prettier-ignore
    [Promise.resolve(1), "state is an instance of class Promise"],
    [new WeakMap(), "state is an instance of class WeakMap"],
  ])("says of %o where it is none", (value, why) => {
    expect(whyNotPlain(value)).toBe(why);
  });
});

describe("firstDifference", () => {
  it.each([
    [NaN, NaN],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [Float32Array.of(1, NaN), Float32Array.of(1, NaN)],
    [new Map([["a", [1]]]), new Map([["a", [1]]])],
    [new Date(5), new Date(5)],
  ])("finds none between %o and its like", (a, b) => {
    expect(firstDifference(a, b)).toBeUndefined();
  });
  it.each([
    [0, -0, "0, then 0"],
    [{ a: [1, 2] }, { a: [1, 3] }, "a.1: 2, then 3"],
    [{ a: 1 }, { b: 1 }, "{a: 1}, then {b: 1}"],
    [[1], [1, 2], "[1], then [1, 2]"],
    [Float32Array.of(1, 2), Float32Array.of(1, 3), "1: 2, then 3"],
    [Float32Array.of(1), Float64Array.of(1), "Float32Array(1), then Float64Array(1)"],
    [new Map([["a", 1]]), new Map([["a", 2]]), "0.1: 1, then 2"],
    [new Set([1]), new Set([2]), "0: 1, then 2"],
    [new Date(5), new Date(6), "time: 5, then 6"],
    [null, {}, "null, then {}"],
  ])("finds the one between %o and %o", (a, b, difference) => {
    expect(firstDifference(a, b)).toBe(difference);
  });
});
