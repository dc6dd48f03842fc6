/** MountainCar, discrete and continuous, by hand: the valley, the wall, the goal and its speed, the rewards, the starts. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { driveCar } from "../../../envs/classic-control/index.ts";
import { ScriptedRng, stepOf } from "../support.ts";
import { observed, randomReturn, rulesFor } from "./support.ts";

const discrete = rulesFor("MountainCar-v0");
const continuous = rulesFor("MountainCarContinuous-v0");
const car = (position: number, velocity = 0): { position: number; velocity: number } => ({ position, velocity });
const push = (force: number): Float32Array => Float32Array.of(force);

describe("MountainCar-v0", () => {
  it("has 3 actions, Gymnasium's bounds and a limit of 200 steps", () => {
    expect([discrete.action, discrete.observation, discrete.maxSteps]).toMatchObject([
      { n: 3 },
      { shape: [2], low: [-1.2, -0.07].map(Math.fround), high: [0.6, 0.07].map(Math.fround), dtype: "float32" },
      200,
    ]);
  });
  it.each([
    [0, -0.001],
    [1, 0],
    [2, 0.001],
  ])("adds the push of action %i, %f, to the pull of the valley", (action, force) => {
    const velocity = 0.01 + force - 0.0025 * Math.cos(3 * -0.5);
    const { state } = stepOf(discrete, car(-0.5, 0.01), action, new Rng(0));
    expect(state).toEqual(car(-0.5 + velocity, velocity));
  });
  it("takes all speed at the wall on the left and lets the car go from there", () => {
    const state = car(-1.19, -0.07);
    driveCar(state, -0.001);
    expect(state).toEqual(car(-1.2, 0));
    driveCar(state, 0.001);
    expect(state.velocity).toBeCloseTo(0.001 - 0.0025 * Math.cos(-3.6), 15);
    expect(state.position).toBeGreaterThan(-1.2);
  });
  it("keeps the speed within 0.07 and the position within 0.6", () => {
    const state = car(0.58, 0.07);
    driveCar(state, 0.01);
    expect(state).toEqual(car(0.6, 0.07));
  });
  it("ends at 0.5 (continuous 0.45) with speed 0 and not before, for -1 (0) a step either way", () => {
    // A speed that the valley takes to exactly 0, so that the car stays where it is.
    const spent = (position: number): object => car(position, 0.0025 * Math.cos(3 * position));
    expect(stepOf(discrete, spent(0.5), 1, new Rng(0))).toMatchObject({
      terminated: true,
      reward: -1,
      state: car(0.5),
    });
    expect(stepOf(discrete, spent(0.5 - 1e-12), 1, new Rng(0))).toMatchObject({ terminated: false, reward: -1 });
    expect(stepOf(continuous, spent(0.45), push(0), new Rng(0))).toMatchObject({ terminated: true, reward: 100 });
    expect(stepOf(continuous, spent(0.45 - 1e-9), push(0), new Rng(0))).toMatchObject({
      terminated: false,
      reward: 0,
    });
  });
  it("asks at the goal for the speed of goalVelocity", () => {
    const fast = rulesFor("MountainCar-v0", { goalVelocity: 0.06 });
    expect(stepOf(fast, car(0.49, 0.055), 1, new Rng(0)).terminated).toBe(false);
    expect(stepOf(fast, car(0.49, 0.065), 1, new Rng(0)).terminated).toBe(true);
    expect(stepOf(discrete, car(0.52, -0.005), 1, new Rng(0)).terminated).toBe(false);
  });
  it("starts at rest with one draw, uniform between -0.6 and -0.4, or between the bounds of the options", () => {
    const rng = new ScriptedRng([0.25, 0.25]);
    expect(observed(discrete, discrete.reset(rng))).toEqual([-0.55, 0].map(Math.fround));
    expect(observed(discrete, discrete.reset(rng, { low: -1, high: 0 }))).toEqual([-0.75, 0]);
    expect(rng.draws).toBe(2);
  });
  it.each([
    [{ low: -1.3 }, "low: reset options: expected a number in -1.2..0.6, got -1.3"],
    [{ high: "x" }, 'got "x"'],
    [{ low: 0, high: -0.1 }, "low <= high, got [0, -0.1]"],
    [{ lo: 0 }, 'only low, high, got "lo"'],
    [[1], "an object of low, high"],
  ])("refuses the reset options %j", (options, message) => {
    expect(() => discrete.reset(new Rng(0), options)).toThrow(message);
    expect(() => discrete.reset(new Rng(0), options)).toThrow(expect.objectContaining({ code: "BAD_OPTIONS" }));
  });
  it("is solved by pushing the way the car moves, in 200 steps, and not by pushing right", () => {
    const stepsOf = (policy: (velocity: number) => number): number => {
      let state: unknown = car(-0.5);
      for (let step = 1; step <= 200; step++) {
        const transition = stepOf(discrete, state, policy((state as { velocity: number }).velocity), new Rng(0));
        if (transition.terminated) return step;
        state = transition.state;
      }
      return Infinity;
    };
    expect(stepsOf((velocity) => (velocity < 0 ? 0 : 2))).toBeLessThan(150);
    expect(stepsOf(() => 2)).toBe(Infinity);
  });
  it("shows the car, the flag and the numbers", () => {
    const picture = discrete.render!(car(-0.5, 0.0123)) as string;
    expect(picture).toMatch(/F/);
    expect(picture.split("\n").at(-2)).toMatch(/^ +\.+#\.+$/);
    expect(picture.split("\n").at(-1)).toBe("position -0.500 m, velocity 0.0123 m a step");
  });
});

describe("MountainCarContinuous-v0", () => {
  it("has a force in -1..1 and a limit of 999 steps", () => {
    expect([continuous.action, continuous.maxSteps]).toMatchObject([{ shape: [1], low: -1, high: 1 }, 999]);
  });
  it("charges a tenth of the squared force, unclipped, while the motion is that of a force of 1", () => {
    const one = stepOf(continuous, car(-0.5), push(1), new Rng(0));
    const three = stepOf(continuous, car(-0.5), push(3), new Rng(0));
    expect(one.reward).toBeCloseTo(-0.1, 12);
    expect(three.reward).toBeCloseTo(-0.9, 12);
    expect(three.state).toEqual(one.state);
  });
  it("pays 100 on top at 0.45, and keeps the state in float32", () => {
    const { reward, terminated, state } = stepOf(continuous, car(0.4, 0.06), push(0.5), new Rng(0));
    expect([reward, terminated]).toEqual([100 - 0.1 * 0.5 * 0.5, true]);
    for (const value of Object.values(state as object)) expect(value).toBe(Math.fround(value as number));
    expect(stepOf(continuous, car(0.38, 0.06), push(0.5), new Rng(0)).terminated).toBe(false);
  });
  it("returns -33 to a random player, as in Gymnasium", () => {
    expect(Math.abs(randomReturn(continuous, 40, 1) + 33.34)).toBeLessThan(0.6);
  });
});
