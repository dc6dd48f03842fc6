/** Breakout by hand: the ball's way off walls, bricks and paddle, one bounce a visit, refilled bricks. */
import { describe, expect, it } from "vitest";
import { ALL_BRICKS, breakout, type BreakoutState } from "../../../envs/minatar/breakout.ts";
import { begin, cellsOf, int, times, turn, turns } from "./scripted-rng.ts";

const start = (changes: Partial<BreakoutState> = {}, side = 0): BreakoutState =>
  begin(breakout, changes, [int(2, side)]);
const ballAfter = (state: BreakoutState, actions: readonly number[]): [number, number, number][] =>
  actions.map((action) => {
    turn(breakout, state, action);
    return [state.ballX, state.ballY, state.direction];
  });
const LEFT = 1;
const RIGHT = 3;

describe("a reset", () => {
  it("draws one integer below 2: 0 starts the ball top left going down right, 1 top right going down left", () => {
    expect(start()).toMatchObject({ ballX: 0, ballY: 3, direction: 2, paddle: 4, lastX: 0, lastY: 3 });
    expect(start({}, 1)).toMatchObject({ ballX: 9, ballY: 3, direction: 3, paddle: 4, lastX: 9, lastY: 3 });
  });
  it("fills rows 1, 2 and 3 with 30 bricks, so that the ball is on one", () => {
    const bricks = cellsOf(breakout, start(), "brick");
    expect(bricks).toHaveLength(30);
    expect(new Set(bricks.map(([, y]) => y))).toEqual(new Set([1, 2, 3]));
    expect(cellsOf(breakout, start(), "ball")).toEqual([[0, 3]]);
  });
});

describe("the paddle", () => {
  it("moves one column and stops at both walls; up, down and fire do nothing", () => {
    const state = start({ paddle: 1 });
    const columns = [LEFT, LEFT, RIGHT, 2, 4, 5].map((action) => (turn(breakout, state, action), state.paddle));
    expect(columns).toEqual([0, 0, 1, 1, 1, 1]);
    const right = start({ paddle: 8 });
    expect([RIGHT, RIGHT].map((action) => (turn(breakout, right, action), right.paddle))).toEqual([9, 9]);
  });
  it("misses: the game is over in step 6 with the ball on row 9", () => {
    const state = start();
    expect(turns(breakout, state, times(5))).toEqual([0, 0, 0, 0, 0]);
    expect(state).toMatchObject({ ballX: 5, ballY: 8, over: false });
    turn(breakout, state, 0);
    expect(state).toMatchObject({ ballX: 6, ballY: 9, over: true });
  });
  it("under the column that the ball comes from mirrors it vertically, one column on", () => {
    const state = start();
    expect(ballAfter(state, [RIGHT, 0, 0, 0, 0, 0]).at(-1)).toEqual([6, 8, 1]);
  });
  it("under the column that the ball goes to sends it back where it came from, from there", () => {
    const state = start();
    expect(ballAfter(state, [RIGHT, RIGHT, 0, 0, 0, 0, 0]).slice(-2)).toEqual([
      [6, 8, 0],
      [5, 7, 0],
    ]);
  });
  it("under both, at the wall, mirrors vertically and the wall horizontally", () => {
    const state = start({ ballX: 9, ballY: 8, direction: 2, paddle: 9 });
    expect(ballAfter(state, [0])).toEqual([[9, 8, 0]]);
    expect(state.over).toBe(false);
  });
});

describe("the ball", () => {
  it("is clamped to the wall's column and mirrored there, then breaks a brick from below for 1", () => {
    const state = start({ ballX: 8, ballY: 6, direction: 1 });
    expect(ballAfter(state, [0, 0])).toEqual([
      [9, 5, 1],
      [9, 4, 0],
    ]);
    expect(turn(breakout, state, 0)).toBe(1);
    expect(state).toMatchObject({ ballX: 8, ballY: 4, direction: 3, strike: true, lastX: 9, lastY: 4 });
    expect(cellsOf(breakout, state, "brick")).not.toContainEqual([8, 3]);
    expect(cellsOf(breakout, state, "brick")).toHaveLength(29);
    expect(cellsOf(breakout, state, "trail")).toEqual([[9, 4]]);
    turn(breakout, state, 0);
    expect(state).toMatchObject({ ballX: 7, ballY: 5, strike: false });
  });
  it("flies through bricks while it is in brick after brick, and breaks none of them", () => {
    const state = start({ ballX: 2, ballY: 4, direction: 1, strike: true });
    expect(turns(breakout, state, times(3))).toEqual([0, 0, 0]);
    expect(state).toMatchObject({ ballX: 5, ballY: 1, strike: true, bricks: ALL_BRICKS });
  });
  it("turns at the ceiling on row 0, and may then break a brick from above", () => {
    const state = start({ ballX: 5, ballY: 1, direction: 1, strike: true });
    expect(ballAfter(state, [0, 0])).toEqual([
      [6, 0, 1],
      [7, 0, 2],
    ]);
    expect(state.strike).toBe(false);
    expect(turn(breakout, state, 0)).toBe(1);
    expect(state).toMatchObject({ ballX: 8, ballY: 0, direction: 1 });
    expect(cellsOf(breakout, state, "brick")).not.toContainEqual([8, 1]);
  });
  it("goes on through cells whose brick is gone", () => {
    const state = start({ ballX: 2, ballY: 4, direction: 1, bricks: ALL_BRICKS & ~(1 << 23) });
    expect(turn(breakout, state, 0)).toBe(0);
    expect(state).toMatchObject({ ballX: 3, ballY: 3, strike: false });
  });
});

describe("bricks", () => {
  it("come back when the ball reaches the paddle's row and none is left, not before", () => {
    const state = start({ ballX: 3, ballY: 7, direction: 2, bricks: 0, paddle: 4 });
    turn(breakout, state, 0);
    expect(state.bricks).toBe(0);
    turn(breakout, state, 0);
    expect(state).toMatchObject({ bricks: ALL_BRICKS, over: false });
  });
  it("come back even as the ball is lost, and stay away while one is left", () => {
    const lost = start({ ballX: 3, ballY: 8, direction: 2, bricks: 0, paddle: 9 });
    turn(breakout, lost, 0);
    expect(lost).toMatchObject({ bricks: ALL_BRICKS, over: true });
    const one = start({ ballX: 3, ballY: 8, direction: 2, bricks: 1, paddle: 3 });
    turn(breakout, one, 0);
    expect(one.bricks).toBe(1);
  });
});
