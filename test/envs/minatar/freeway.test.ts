/** Freeway by hand: the draws of the cars, their periods, the chicken's pace, 2,501 steps. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { freeway, type FreewayState } from "../../../envs/minatar/freeway.ts";
import { begin, cellsOf, int, times, turn, turns, u, type Draw } from "./scripted-rng.ts";

const UP = 2;
const DOWN = 4;
/** Draws that give the signed speeds: eight integers, then eight uniforms. */
const cars = (speeds: readonly number[]): Draw[] => [
  ...speeds.map((speed) => int(5, Math.abs(speed) - 1)),
  ...speeds.map((speed) => u(speed < 0 ? 0.49 : 0.5)),
];
const SPEEDS = [1, -1, 2, -2, 3, -4, 5, -5];
const start = (changes: Partial<FreewayState> = {}, speeds = SPEEDS): FreewayState =>
  begin(freeway, changes, cars(speeds));
/** Cars that do not move for a long time. */
const parked = (changes: Partial<FreewayState> = {}): FreewayState => start({ carTimer: times(8, 10_000), ...changes });

describe("a reset", () => {
  it("draws eight speeds in 1..5, then eight uniforms: below 1/2 is left", () => {
    expect(start()).toMatchObject({
      carSpeed: SPEEDS,
      carTimer: [1, 1, 2, 2, 3, 4, 5, 5],
      carX: times(8),
      row: 9,
      moveTimer: 3,
    });
  });
});

describe("a car", () => {
  it("of speed s moves every s + 1 steps", () => {
    const state = start({}, [1, 2, 3, 4, 5, -1, -3, -5]);
    const moves = times(8).map((): number[] => []);
    for (let step = 1; step <= 12; step++) {
      const before = [...state.carX];
      turn(freeway, state, 0);
      for (const [car, x] of state.carX.entries()) if (x !== before[car]) moves[car]?.push(step);
    }
    expect(moves).toEqual([[2, 4, 6, 8, 10, 12], [3, 6, 9, 12], [4, 8, 12], [5, 10], [6, 12], [2, 4, 6, 8, 10, 12], [4, 8, 12], [6, 12]]); // prettier-ignore
  });
  it("wraps around both edges", () => {
    const state = parked({ carX: [9, 0, 0, 0, 0, 0, 0, 0], carTimer: [0, 0, 9, 9, 9, 9, 9, 9] });
    turn(freeway, state, 0);
    expect(state.carX.slice(0, 2)).toEqual([0, 9]);
    expect(state.carTimer.slice(0, 2)).toEqual([1, 1]);
  });
  it("is seen with its speed behind it, around the edge", () => {
    const state = start({ carX: [0, 9, 5, 5, 0, 0, 0, 9] });
    expect(cellsOf(freeway, state, "car")).toEqual(state.carX.map((x, car) => [x, car + 1]));
    expect(cellsOf(freeway, state, "speed1")).toEqual([
      [9, 1],
      [0, 2],
    ]);
    expect(cellsOf(freeway, state, "speed2")).toEqual([
      [4, 3],
      [6, 4],
    ]);
    expect(cellsOf(freeway, state, "speed3")).toEqual([[9, 5]]);
    expect(cellsOf(freeway, state, "speed4")).toEqual([[1, 6]]);
    expect(cellsOf(freeway, state, "speed5")).toEqual([
      [9, 7],
      [0, 8],
    ]);
  });
});

describe("the chicken", () => {
  const rows = (state: FreewayState, actions: readonly number[]): number[] =>
    actions.map((action) => (turn(freeway, state, action), state.row));

  it("moves first in step 4, then every 3 steps, in column 4", () => {
    const state = parked();
    expect(rows(state, times(10, UP))).toEqual([9, 9, 9, 8, 8, 8, 7, 7, 7, 6]);
    expect(cellsOf(freeway, state, "chicken")).toEqual([[4, 6]]);
  });
  it("goes down to row 9 at most, which costs its time too; left, right and fire cost none", () => {
    const state = parked({ row: 8, moveTimer: 0 });
    expect(rows(state, [1, 3, 5, DOWN, UP, UP, DOWN])).toEqual([8, 8, 8, 9, 9, 9, 9]);
    expect(state.moveTimer).toBe(2);
  });
  it("is sent back to row 9 by the car that it walks into", () => {
    const state = parked({ row: 5, moveTimer: 0, carX: [0, 0, 0, 4, 0, 0, 0, 0] });
    expect(rows(state, [UP])).toEqual([9]);
  });
  it("is sent back to row 9 by the car that drives into it", () => {
    const state = parked({ row: 5, carX: [0, 0, 0, 0, 3, 0, 0, 0], carTimer: [9, 9, 9, 9, 1, 9, 9, 9] });
    expect(rows(state, [0, 0])).toEqual([5, 9]);
  });
  it("is not hit on another row, nor by a car that is past", () => {
    const state = parked({ row: 5, carX: [4, 4, 4, 4, 5, 4, 4, 4] });
    expect(rows(state, [0])).toEqual([5]);
  });
  it("earns 1 on row 0; new speeds are drawn, cars stay and drive on in the same step", () => {
    const state = parked({ row: 1, moveTimer: 0, carX: [9, 1, 2, 3, 5, 6, 7, 8] });
    expect(turn(freeway, state, UP, cars([-1, 2, -3, 4, -5, 1, -2, 3]))).toBe(1);
    expect(state).toMatchObject({
      row: 9,
      moveTimer: 2,
      carX: [9, 1, 2, 3, 5, 6, 7, 8],
      carSpeed: [-1, 2, -3, 4, -5, 1, -2, 3],
      carTimer: [0, 1, 2, 3, 4, 0, 1, 2],
    });
  });
});

it("lasts exactly 2,501 steps", () => {
  const state = freeway.reset(new Rng(3));
  const rng = new Rng(4);
  let steps = 0;
  for (; !state.over; steps++) freeway.step(state, UP, rng, true);
  expect(steps).toBe(2_501);
  expect(turns(freeway, parked({ terminateTimer: 1 }), [0, 0])).toEqual([0, 0]);
});
