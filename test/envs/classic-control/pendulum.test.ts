/** Pendulum by hand: the cost before the move, normal angles, limits, gravity, starts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { costOf, normalised, turn, type PendulumState } from "../../../envs/classic-control/index.ts";
import { ScriptedRng, stepOf } from "../support.ts";
import { observed, randomReturn, rulesFor } from "./support.ts";

const rules = rulesFor("Pendulum-v1");
const at = (theta: number, thetaDot = 0): PendulumState => ({ theta, thetaDot, torque: 0 });
const step = (state: PendulumState, torque: number) => stepOf(rules, state, Float32Array.of(torque), new Rng(0));

describe("Pendulum-v1", () => {
  it("has a torque in -2..2, 3 numbers within Gymnasium's bounds and a limit of 200 steps", () => {
    expect([rules.action, rules.observation, rules.maxSteps]).toMatchObject([
      { shape: [1], low: -2, high: 2 },
      { low: [-1, -1, -8], high: [1, 1, 8] },
      200,
    ]);
  });
  it("pays the cost of the state before the move and of the torque, and never ends", () => {
    expect(step(at(Math.PI / 2, 3), 1).reward).toBeCloseTo(-(Math.PI ** 2 / 4 + 0.9 + 0.001), 12);
    expect(step(at(0), 0)).toMatchObject({ reward: -0, terminated: false });
  });
  it("costs at most 16.2736044 a step: hanging, at 8 rad/s, with full torque", () => {
    expect(costOf(at(Math.PI, 8), 2)).toBeCloseTo(16.2736044, 7);
    fc.assert(
      fc.property(
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (theta, speed, torque) => {
          expect(costOf(at(theta, speed), torque)).toBeLessThanOrEqual(16.2736045);
        },
      ),
      { numRuns: 200 },
    );
  });
  it("takes angles modulo a whole turn, pi itself as -pi", () => {
    expect(normalised(1)).toBeCloseTo(1, 12);
    expect(normalised(-1)).toBeCloseTo(-1, 12);
    expect([Math.PI, -Math.PI].map(normalised)).toEqual([-Math.PI, -Math.PI]);
    expect(normalised(7 * Math.PI + 0.5)).toBeCloseTo(-Math.PI + 0.5, 9);
    expect(normalised(-7 * Math.PI - 0.5)).toBeCloseTo(Math.PI - 0.5, 9);
  });
  it("falls from upright: the new speed is 0.05 times 15 sin(theta) + 3 u, and moves the angle at once", () => {
    const state = at(0.5, 1);
    turn(state, 2, 10);
    const speed = 1 + 0.05 * (15 * Math.sin(0.5) + 6);
    expect(state).toEqual({ theta: 0.5 + 0.05 * speed, thetaDot: speed, torque: 2 });
  });
  it("limits speeds to 8 and torques to 2, and counts whole turns in its state", () => {
    const { state } = step(at(3.5, 8), 2);
    expect((state as PendulumState).thetaDot).toBeLessThanOrEqual(8);
    expect(step(at(1), 5).state).toEqual(step(at(1), 2).state);
    expect(step(at(1), 5).reward).toBe(step(at(1), 2).reward);
    expect((step(at(20, 1), 0).state as PendulumState).theta).toBeGreaterThan(19);
  });
  it("is still without gravity, g = 0", () => {
    const weightless = rulesFor("Pendulum-v1", { g: 0 });
    expect(stepOf(weightless, at(1), Float32Array.of(0), new Rng(0)).state).toEqual(at(1));
  });
  it("starts with the angle in -pi..pi, then the speed in -1..1, or within xInit and yInit", () => {
    const rng = new ScriptedRng([0.25, 0.75, 1, 0]);
    expect(rules.reset(rng)).toEqual(at(-Math.PI / 2, 0.5));
    expect(rules.reset(rng, { xInit: 0.5, yInit: 0.25 })).toEqual(at(0.5, -0.25));
    expect(() => rules.reset(rng, { yInit: 9 })).toThrow("yInit: reset options: expected a number in 0..8, got 9");
  });
  it("observes cosine, sine and speed", () => {
    expect(observed(rules, at(Math.PI / 2, -3))).toEqual([expect.closeTo(0, 6), 1, -3]);
  });
  it("returns -1,218 to a random player, as in Gymnasium", () => {
    // The deviation of one episode is about 290, so the mean's is 15.
    expect(Math.abs(randomReturn(rules, 400, 3) + 1218)).toBeLessThan(60);
  });
  it("shows an upright rod above its hinge", () => {
    const lines = (rules.render!(at(0)) as string).split("\n");
    expect(lines.slice(0, 6).map((line) => line.trim())).toEqual(["*", "*", "*", "*", "*", "O"]);
    expect(lines.at(-1)).toBe("0.000 rad, 0.000 rad/s, torque 0.000 N m");
  });
});
