/** What users of other verifiers reported: each complaint as a test. */
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/verify/math/exact/decide.ts";

describe("known complaints about answer checkers", () => {
  it("tells tiny numbers apart", () => {
    expect(decide("\\frac{1}{2004!}", "\\frac{1}{2006!}").equal).toBe(false);
    expect(decide("2^{-99}", "2^{-98}").equal).toBe(false);
    expect(decide("10^{-14}", "0").equal).toBe(false);
    expect(decide("\\sqrt{2}+10^{-70}", "\\sqrt2").equal).toBe(false);
    expect(decide("e^{-1000}", "e^{-1001}").equal).toBe(false);
  });

  it("tells two lines apart that both say = 0", () => {
    expect(decide("x+y-1=0", "2x-y=0").equal).toBe(false);
    expect(decide("x + y = 0", "0").equal).toBe(false);
  });

  it("reads a plain-text answer to a LaTeX gold", () => {
    expect(decide("\\frac{\\pi}{2}", "pi/2").equal).toBe(true);
    expect(decide("-2\\pi", "-2*pi").equal).toBe(true);
    expect(decide("e^{16}-1", "exp(16)-1").equal).toBe(true);
    expect(decide("14-i", "14.0 + -1.0i").equal).toBe(true);
    expect(decide("\\frac{3\\sqrt3}{4}", "3*sqrt(3)/4").equal).toBe(true);
  });

  it("reads a number in bold", () => {
    expect(decide("73", "**73**").equal).toBe(true);
    expect(decide("3", "**73**").equal).toBe(false);
  });

  it("does not cut 4\\sqrt(2) down to 4", () => {
    expect(decide("4\\sqrt{2}", "4\\sqrt(2)").equal).toBe(true);
    expect(decide("4", "4\\sqrt(2)").equal).toBe(false);
  });

  it("reads a number set as text", () => {
    expect(decide("13", "\\text{13}").equal).toBe(true);
  });

  it("tells 1 - 1/e from 1 + 1/e", () => {
    expect(decide("1-\\frac1e", "1+\\frac1e").equal).toBe(false);
  });

  it("decides what a computer algebra system leaves open", () => {
    expect(decide("(x+2)/7", "x/7+2/7").equal).toBe(true);
    expect(decide("\\tan^2 y+1", "\\sec^2 y").equal).toBe(true);
  });

  it("computes gcds of large numbers exactly", () => {
    expect(decide("2^{500}-1", "\\gcd(2^{2000}-1, 2^{1500}-1)").equal).toBe(true);
    expect(decide("1", "\\gcd(2^{2000}-1, 2^{1500}-1)").equal).toBe(false);
  });

  it("refuses an inequality for a gold interval, so that copying the question earns nothing", () => {
    expect(decide("(3,\\infty)", "x > 3")).toMatchObject({ equal: false, rule: "form" });
    expect(decide("x > 3", "(3,\\infty)").equal).toBe(true);
  });

  it("does not take a list of candidates for an answer", () => {
    expect(decide("2", "1, 2, 3").equal).toBe(false);
    expect(decide("B", "A, B").equal).toBe(false);
    expect(decide("2", "1 or 2").equal).toBe(false);
  });

  it("reads spaced and European thousands", () => {
    expect(decide("14916", "14{ , }916").equal).toBe(true);
    expect(decide("1234567.5", "1.234.567,5").equal).toBe(true);
  });
});
