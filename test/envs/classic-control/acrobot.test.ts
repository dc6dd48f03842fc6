/** Acrobot by hand: the equations of motion against energy and a second derivation, the line to reach, wrapping, limits, starts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { accelerate, swing, type AcrobotState } from "../../../envs/classic-control/index.ts";
import { ScriptedRng, stepOf } from "../support.ts";
import { observed, randomReturn, rulesFor } from "./support.ts";

const rules = rulesFor("Acrobot-v1");
const hanging = (changes: Partial<AcrobotState> = {}): AcrobotState => ({
  theta1: 0,
  theta2: 0,
  dtheta1: 0,
  dtheta2: 0,
  ...changes,
});

/** Kinetic and potential energy of two links of 1 kg, 1 m and 1 kg m², from positions and speeds of their centres. */
function energy({ theta1, theta2, dtheta1, dtheta2 }: AcrobotState): number {
  const whole = theta1 + theta2;
  const spin = dtheta1 + dtheta2;
  const x = Math.cos(theta1) * dtheta1 + 0.5 * Math.cos(whole) * spin;
  const y = Math.sin(theta1) * dtheta1 + 0.5 * Math.sin(whole) * spin;
  const moving = 0.5 * (0.25 * dtheta1 ** 2) + 0.5 * (x ** 2 + y ** 2) + 0.5 * (dtheta1 ** 2 + spin ** 2);
  return moving + 9.8 * (-0.5 * Math.cos(theta1)) + 9.8 * (-Math.cos(theta1) - 0.5 * Math.cos(whole));
}

const angle = fc.double({ min: -3, max: 3, noNaN: true });
const states = fc.record({ theta1: angle, theta2: angle, dtheta1: angle, dtheta2: angle });

describe("Acrobot-v1", () => {
  it("has 3 actions, 6 numbers within Gymnasium's bounds and a limit of 500 steps", () => {
    const high = [1, 1, 1, 1, 4 * Math.PI, 9 * Math.PI].map(Math.fround);
    const low = high.map((bound) => -bound);
    expect([rules.action, rules.observation, rules.maxSteps]).toMatchObject([{ n: 3 }, { low, high }, 500]);
  });
  it("gains energy as fast as the torque works: torque times the speed of the joint", () => {
    fc.assert(
      fc.property(states, fc.constantFrom(-1, 0, 1), (state, torque) => {
        const { theta1, theta2, dtheta1, dtheta2 } = state;
        const [d1, d2, dd1, dd2] = accelerate([theta1, theta2, dtheta1, dtheta2], torque);
        const h = 1e-6;
        const at = (t: number): number =>
          energy({
            theta1: theta1 + t * d1,
            theta2: theta2 + t * d2,
            dtheta1: dtheta1 + t * dd1,
            dtheta2: dtheta2 + t * dd2,
          });
        expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(torque * dtheta2, 5);
      }),
      { numRuns: 200 },
    );
  });
  it("keeps its energy over 50 steps of free swinging, but for the error of the method", () => {
    const state = hanging({ theta1: 0.5, theta2: 0.3 });
    const before = energy(state);
    for (let step = 0; step < 50; step++) swing(state, 0);
    // Of 3 J that swing to and fro; a method of lower order loses or gains more than all of it.
    expect(Math.abs(energy(state) - before)).toBeLessThan(0.05);
  });
  it("hangs still without torque", () => {
    const { state, reward, terminated } = stepOf(rules, hanging(), 1, new Rng(0));
    for (const value of Object.values(state as AcrobotState)) expect(value).toBeCloseTo(0, 12);
    expect([reward, terminated]).toEqual([-1, false]);
  });
  it("ends above the line and not on it, and pays 0 there instead of -1", () => {
    // From upright at rest without torque it stays upright: -cos(pi) - cos(pi) = 2.
    expect(stepOf(rules, hanging({ theta1: Math.PI }), 1, new Rng(0))).toMatchObject({ terminated: true, reward: 0 });
    // First link up, second folded down: the end is at height 1 - 1 = 0.
    expect(stepOf(rules, hanging({ theta1: Math.PI, theta2: Math.PI }), 1, new Rng(0))).toMatchObject({
      terminated: false,
      reward: -1,
    });
  });
  it("wraps angles into -pi..pi and limits the speeds to 4 pi and 9 pi", () => {
    const state = hanging({ theta1: 3, theta2: -3, dtheta1: 12.5, dtheta2: -28.2 });
    swing(state, 0);
    expect(Math.abs(state.theta1)).toBeLessThanOrEqual(Math.PI);
    expect(Math.abs(state.theta2)).toBeLessThanOrEqual(Math.PI);
    fc.assert(
      fc.property(states, (start) => {
        const fast = { ...start, dtheta1: 4 * start.dtheta1, dtheta2: 9 * start.dtheta2 };
        for (let step = 0; step < 5; step++) swing(fast, 1);
        expect(Math.abs(fast.dtheta1)).toBeLessThanOrEqual(4 * Math.PI);
        expect(Math.abs(fast.dtheta2)).toBeLessThanOrEqual(9 * Math.PI);
      }),
      { numRuns: 50 },
    );
  });
  it("starts with four draws between -0.1 and 0.1, rounded to float32, or between the bounds of the options", () => {
    const rng = new ScriptedRng([0, 0.25, 0.5, 0.75, 1, 1, 1, 1]);
    expect(Object.values(rules.reset(rng) as AcrobotState)).toEqual([-0.1, -0.05, 0, 0.05].map(Math.fround));
    expect(Object.values(rules.reset(rng, { high: 0.5 }) as AcrobotState)).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(() => rules.reset(rng, { high: 9 })).toThrow("a number in -3.14");
  });
  it("observes cosines and sines of both angles, then the speeds", () => {
    const seen = observed(rules, hanging({ theta1: Math.PI / 2, theta2: Math.PI, dtheta1: 1, dtheta2: -2 }));
    [0, 1, -1, 0, 1, -2].forEach((value, i) => expect(seen[i]).toBeCloseTo(value, 6));
  });
  it("returns between -500 and -499 to a random player, as in Gymnasium", () => {
    const mean = randomReturn(rules, 40, 2);
    expect(mean).toBeGreaterThanOrEqual(-500);
    expect(mean).toBeLessThan(-495);
  });
  it("shows both links below their hinge", () => {
    const lines = (rules.render!(hanging()) as string).split("\n");
    expect(lines.slice(8).map((line) => line.trim())).toEqual([
      "O",
      ..."111".split(""), // the joint is where the second begins
      ..."22222".split(""),
      "angles 0.000, 0.000 rad, speeds 0.000, 0.000 rad/s",
    ]);
  });
});
