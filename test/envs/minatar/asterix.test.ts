/** Asterix by hand: spawns and their draws, moves, contact, the ramp. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { asterix, type AsterixState } from "../../../envs/minatar/asterix.ts";
import { begin, cellsOf, int, times, turn, turns, u } from "./scripted-rng.ts";

const start = (changes: Partial<AsterixState> = {}): AsterixState => begin(asterix, changes);
/** Slots with one thing in slot `slot`. */
const one = (slot: number, x: number, dx: number, gold: number): Partial<AsterixState> => {
  const put = (value: number): number[] => Array.from({ length: 8 }, (_, i) => (i === slot ? value : 0));
  return { slotX: put(x), slotDx: put(dx), slotGold: put(gold) };
};

describe("a spawn", () => {
  it("comes in step 11 for the first time and in step 21 for the second, with three draws each", () => {
    const state = start();
    turns(asterix, state, times(10));
    turn(asterix, state, 0, [u(0.49), u(0.33), int(8, 2)]);
    // It also moves in step 11, as everything does.
    expect(state).toMatchObject(one(2, 1, 1, 1));
    turns(asterix, state, times(9));
    turn(asterix, state, 0, [u(0.5), u(0.34), int(7, 2)]);
    expect([state.slotDx[3], state.slotX[3], state.slotGold[3]]).toEqual([-1, 8, 0]);
  });
  it("takes the k-th empty row from above", () => {
    const state = start({ spawnTimer: 0, slotDx: [1, 0, 1, 1, 0, 0, 1, 1] });
    turn(asterix, state, 0, [u(0), u(0.9), int(3, 2)]);
    expect(state.slotDx).toEqual([1, 0, 1, 1, 0, 1, 1, 1]);
  });
  it("makes two draws and brings nothing where all eight rows are taken, and sets its timer", () => {
    const state = start({ spawnTimer: 0, slotDx: times(8, 1), slotGold: times(8, 1), slotX: times(8, 2) });
    turn(asterix, state, 0, [u(0.9), u(0)]);
    expect(state).toMatchObject({ slotDx: times(8, 1), slotX: times(8, 2), spawnTimer: 9 });
  });
  it("starts at column 0 going right, column 9 going left", () => {
    const right = start({ spawnTimer: 0 });
    turn(asterix, right, 0, [u(0.499), u(1 / 3), int(8, 0)]);
    expect(right).toMatchObject(one(0, 0, 1, 0));
    const left = start({ spawnTimer: 0 });
    turn(asterix, left, 0, [u(0.5), u(0.3333), int(8, 7)]);
    expect(left).toMatchObject(one(7, 9, -1, 1));
  });
});

describe("the player", () => {
  it("starts at (5, 5) without a draw and stays in columns 0 to 9 and rows 1 to 8", () => {
    const state = start();
    expect([state.x, state.y]).toEqual([5, 5]);
    const corner = start({ x: 0, y: 1 });
    turns(asterix, corner, [1, 2]);
    expect([corner.x, corner.y]).toEqual([0, 1]);
    const other = start({ x: 9, y: 8 });
    turns(asterix, other, [3, 4, 5]);
    expect([other.x, other.y]).toEqual([9, 8]);
    const free = start();
    turns(asterix, free, [1, 2]);
    expect([free.x, free.y]).toEqual([4, 4]);
    turns(asterix, free, [3, 4]);
    expect([free.x, free.y]).toEqual([5, 5]);
  });
  it("takes gold by stepping on it, for 1", () => {
    const state = start(one(4, 6, 1, 1));
    expect(turns(asterix, state, [3, 0])).toEqual([1, 0]);
    expect(state).toMatchObject({ slotDx: times(8), over: false });
  });
  it("is met by gold that moves, in step 6", () => {
    const state = start(one(4, 6, -1, 1));
    expect(turns(asterix, state, times(6))).toEqual([0, 0, 0, 0, 0, 1]);
  });
  it("ends the game on an enemy, whoever moved; the step goes on to its end", () => {
    const walked = start(one(4, 4, -1, 0));
    turn(asterix, walked, 1);
    expect(walked).toMatchObject({ over: true, spawnTimer: 9, moveTimer: 4, rampTimer: 99 });
    const met = start(one(4, 4, 1, 0));
    turns(asterix, met, times(5));
    expect(met.over).toBe(false);
    turn(asterix, met, 0);
    expect(met.over).toBe(true);
  });
  it("is not met on another row, nor by an enemy that it leaves in time", () => {
    const other = start(one(3, 5, 1, 0));
    turn(asterix, other, 0);
    expect(other.over).toBe(false);
    const away = start({ ...one(4, 4, 1, 0), moveTimer: 0 });
    turn(asterix, away, 4);
    expect(away.over).toBe(false);
  });
});

describe("everything else", () => {
  it("moves in steps 6, 11 and 16, and is gone beyond either edge", () => {
    const state = start({ ...one(0, 7, 1, 0), spawnTimer: 1_000 });
    const columns = times(16).map(() => (turn(asterix, state, 0), state.slotX[0]));
    expect(columns).toEqual([7, 7, 7, 7, 7, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9]);
    expect(state.slotDx[0]).toBe(0);
    const left = start({ ...one(0, 0, -1, 0), moveTimer: 0 });
    turn(asterix, left, 0);
    expect(left.slotDx[0]).toBe(0);
  });
  it("shows a trail behind it, also where the player is, and none off the board", () => {
    const state = start(one(4, 6, 1, 0));
    expect(cellsOf(asterix, state, "trail")).toEqual([[5, 5]]);
    expect(cellsOf(asterix, state, "player")).toEqual([[5, 5]]);
    expect(cellsOf(asterix, state, "enemy")).toEqual([[6, 5]]);
    const gold = start(one(2, 9, -1, 1));
    expect(cellsOf(asterix, gold, "trail")).toEqual([]);
    expect(cellsOf(asterix, gold, "gold")).toEqual([[9, 3]]);
  });
});

describe("the ramp", () => {
  const speedsAfter = (steps: number, ramping: boolean): number[] => {
    const state = start();
    const rng = new Rng(4);
    for (let i = 0; i < steps; i++) asterix.step(state, 0, rng, ramping);
    return [state.rampLevel, state.spawnSpeed, state.moveSpeed];
  };
  it("comes in steps 102, 204 and 306; moves become quicker at every second", () => {
    expect([101, 102, 203, 204, 305, 306].map((steps) => speedsAfter(steps, true))).toEqual([
      [0, 10, 5],
      [1, 9, 5],
      [1, 9, 5],
      [2, 8, 4],
      [2, 8, 4],
      [3, 7, 4],
    ]);
  });
  it("stops at level 9, where both speeds are 1", () => {
    expect(speedsAfter(917, true)).toEqual([8, 2, 1]);
    expect(speedsAfter(918, true)).toEqual([9, 1, 1]);
    expect(speedsAfter(5_000, true)).toEqual([9, 1, 1]);
  });
  it("goes on while either speed can fall", () => {
    const changes = { rampTimer: -1, rampLevel: 1 };
    const moves = start({ ...changes, spawnSpeed: 1, moveSpeed: 2 });
    const spawns = start({ ...changes, spawnSpeed: 2, moveSpeed: 1 });
    turns(asterix, moves, [0]);
    turns(asterix, spawns, [0]);
    expect([moves, spawns].map(({ rampLevel, spawnSpeed, moveSpeed }) => [rampLevel, spawnSpeed, moveSpeed])).toEqual([
      [2, 1, 1],
      [2, 1, 1],
    ]);
  });
  it("does not come when it is off", () => {
    expect(speedsAfter(1_000, false)).toEqual([0, 10, 5]);
  });
});
