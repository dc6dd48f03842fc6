/** Seaquest by hand: the player, its bullets, divers, oxygen, surfacing and the ramp. */
import { describe, expect, it } from "vitest";
import { seaquest } from "../../../envs/minatar/seaquest.ts";
import type { Bullet, SeaquestState } from "../../../envs/minatar/seaquest-state.ts";
import { begin, cellsOf, times, turn, turns } from "./scripted-rng.ts";

const LEFT = 1;
const UP = 2;
const RIGHT = 3;
const DOWN = 4;
const FIRE = 5;
/** Under water, with nothing to spawn for long. */
const quiet = (changes: Partial<SeaquestState> = {}): SeaquestState =>
  begin(seaquest, { enemyTimer: 1_000, diverTimer: 1_000, y: 4, surfaced: false, ...changes });
const still = (x: number, y: number, dx = 1) => ({ x, y, dx, moveTimer: 1_000 });
const places = (list: readonly Bullet[]): [number, number][] => list.map(({ x, y }) => [x, y]);

describe("a reset", () => {
  it("draws nothing: at (5, 0) facing left, surfaced, 200 of oxygen", () => {
    const state = begin(seaquest);
    expect(state).toMatchObject({ x: 5, y: 0, facing: -1, oxygen: 200, divers: 0, surfaced: true, over: false });
    expect(cellsOf(seaquest, state, "sub_front")).toEqual([[5, 0]]);
    expect(cellsOf(seaquest, state, "sub_back")).toEqual([[6, 0]]);
    expect(cellsOf(seaquest, state, "oxygen_gauge")).toHaveLength(10);
    expect(cellsOf(seaquest, state, "diver_gauge")).toEqual([]);
  });
});

describe("the player", () => {
  it("moves within columns 0 to 9 and rows 0 to 8, and faces the way it last went sideways, also at a wall", () => {
    const state = quiet({ x: 1, y: 7 });
    const seen = [LEFT, LEFT, DOWN, DOWN, RIGHT, UP].map((action) => {
      turn(seaquest, state, action);
      return [state.x, state.y, state.facing];
    });
    expect(seen).toEqual([
      [0, 7, -1],
      [0, 7, -1],
      [0, 8, -1],
      [0, 8, -1],
      [1, 8, 1],
      [1, 7, 1],
    ]);
    const turned = quiet({ facing: 1 });
    turn(seaquest, turned, LEFT);
    expect([turned.x, turned.facing]).toEqual([4, -1]);
    const wall = quiet({ x: 9, facing: -1 });
    turn(seaquest, wall, RIGHT);
    expect([wall.x, wall.facing]).toEqual([9, 1]);
    expect(cellsOf(seaquest, wall, "sub_back")).toEqual([[8, 4]]);
  });
  it("fires every 5 steps; a bullet is first seen one cell ahead and moves one a step", () => {
    const state = quiet({ x: 9 });
    turn(seaquest, state, FIRE);
    expect(cellsOf(seaquest, state, "friendly_bullet")).toEqual([[8, 4]]);
    turns(seaquest, state, times(4, FIRE));
    expect(places(state.friendlyBullets)).toEqual([[4, 4]]);
    turn(seaquest, state, FIRE);
    expect(places(state.friendlyBullets)).toEqual([
      [3, 4],
      [8, 4],
    ]);
    turns(seaquest, state, times(4));
    expect(places(state.friendlyBullets)).toEqual([[4, 4]]);
  });
  it("fires into the wall that it faces: the bullet is gone at once", () => {
    const state = quiet({ x: 0 });
    turn(seaquest, state, FIRE);
    expect([state.friendlyBullets, state.shotTimer]).toEqual([[], 4]);
  });
});

describe("a friendly bullet", () => {
  const bullet = { x: 3, y: 4, dx: 1 };
  it("takes the oldest fish of its cell, for 1, before any submarine there", () => {
    const fish = [still(4, 4), still(4, 4, -1)];
    const state = quiet({ friendlyBullets: [{ ...bullet }], fish, submarines: [{ ...still(4, 4), shotTimer: 99 }] });
    expect(turn(seaquest, state, 0)).toBe(1);
    expect([state.fish.map(({ dx }) => dx), state.submarines.length, state.friendlyBullets]).toEqual([[-1], 1, []]);
  });
  it("takes a submarine for 1; one on another row or beside it stays", () => {
    const submarines = [
      { ...still(4, 5), shotTimer: 99 },
      { ...still(5, 4), shotTimer: 99 },
      { ...still(4, 4), shotTimer: 99 },
    ];
    const state = quiet({ x: 9, y: 8, friendlyBullets: [{ ...bullet }], submarines });
    expect(turn(seaquest, state, 0)).toBe(1);
    expect(places(state.submarines)).toEqual([
      [4, 5],
      [5, 4],
    ]);
  });
  it("is spent on one enemy; the newest bullet moves first", () => {
    const friendlyBullets = [
      { x: 3, y: 4, dx: 1 },
      { x: 5, y: 4, dx: -1 },
    ];
    const state = quiet({ x: 9, y: 8, friendlyBullets, fish: [still(4, 4)] });
    expect(turn(seaquest, state, 0)).toBe(1);
    expect(state.friendlyBullets).toEqual([{ x: 4, y: 4, dx: 1 }]);
  });
});

describe("a diver", () => {
  it("is picked up on the front cell, not on the back, where it stands or swims in", () => {
    const there = quiet({ swimmers: [still(5, 4)] });
    turn(seaquest, there, 0);
    const swims = quiet({ swimmers: [{ ...still(4, 4), moveTimer: 0 }] });
    turn(seaquest, swims, 0);
    const back = quiet({ swimmers: [still(6, 4)] });
    turn(seaquest, back, 0);
    expect([there, swims, back].map(({ divers, swimmers }) => [divers, swimmers.length])).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });
  it("moves every 6 steps, shows a trail, and leaves the board", () => {
    const state = quiet({ y: 8, swimmers: [{ x: 8, y: 2, dx: 1, moveTimer: 5 }] });
    const columns = times(17).map(() => (turn(seaquest, state, 0), state.swimmers[0]?.x));
    expect(columns).toEqual([...times(5, 8), ...times(6, 9), ...times(6).map(() => undefined)]);
    const seen = quiet({ swimmers: [still(8, 2)] });
    expect(cellsOf(seaquest, seen, "diver")).toEqual([[8, 2]]);
    expect(cellsOf(seaquest, seen, "trail")).toEqual([[7, 2]]);
  });
  it("finds no room where six are on board, and swims on", () => {
    const state = quiet({ divers: 6, swimmers: [{ ...still(5, 4), moveTimer: 0 }] });
    turn(seaquest, state, 0);
    expect([state.divers, places(state.swimmers)]).toEqual([6, [[6, 4]]]);
    expect(cellsOf(seaquest, state, "diver_gauge").map(([x]) => x)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(cellsOf(seaquest, { ...state, divers: 2 }, "diver_gauge").map(([x]) => x)).toEqual([7, 8]);
  });
});

describe("oxygen", () => {
  it("falls by 1 a step under water only; at 0 the game ends one step later", () => {
    const surface = begin(seaquest);
    turns(seaquest, surface, times(10));
    expect([surface.oxygen, surface.over]).toEqual([200, false]);
    const state = quiet({ oxygen: 2 });
    const seen = times(3).map(() => (turn(seaquest, state, 0), [state.oxygen, state.over]));
    expect(seen).toEqual([
      [1, false],
      [0, false],
      [-1, true],
    ]);
    expect(cellsOf(seaquest, state, "oxygen_gauge")).toEqual([]);
  });
  it("is shown in tenths, rounded down", () => {
    const width = (oxygen: number): number => cellsOf(seaquest, quiet({ oxygen }), "oxygen_gauge").length;
    expect([200, 199, 180, 179, 20, 19].map(width)).toEqual([10, 9, 9, 8, 1, 0]);
  });
});

describe("surfacing", () => {
  const rise = (changes: Partial<SeaquestState>): [SeaquestState, number] => {
    const state = quiet({ y: 1, ...changes });
    return [state, turn(seaquest, state, UP)];
  };
  it("without a diver ends the game", () => {
    const [state, reward] = rise({});
    expect([state.over, reward, state.rampLevel]).toEqual([true, 0, 0]);
  });
  it("with one to five takes one diver and fills the tanks, for 0", () => {
    const [state, reward] = rise({ divers: 5, oxygen: 50 });
    expect(state).toMatchObject({ over: false, divers: 4, oxygen: 200, surfaced: true });
    expect(reward).toBe(0);
    expect(rise({ divers: 1 })[0].divers).toBe(0);
  });
  it.each([
    [200, 10],
    [199, 9],
    [20, 1],
    [19, 0],
  ])("with six and %i of oxygen pays %i and leaves -1 diver", (oxygen, reward) => {
    const [state, paid] = rise({ divers: 6, oxygen });
    expect([paid, state.divers, state.oxygen]).toEqual([reward, -1, 200]);
  });
  it("with -1 goes on to -2 and fills the tanks; one diver picked up makes it 0, which is fatal", () => {
    const [state] = rise({ divers: -1, oxygen: 9 });
    expect([state.divers, state.oxygen, state.over]).toEqual([-2, 200, false]);
    expect(cellsOf(seaquest, state, "diver_gauge")).toEqual([]);
    const one = quiet({ divers: -1, y: 1, swimmers: [still(5, 1)] });
    turn(seaquest, one, 0);
    expect(one.divers).toBe(0);
    turn(seaquest, one, UP);
    expect(one.over).toBe(true);
  });
  it("counts once: staying up changes nothing, going down and up again does", () => {
    const [state] = rise({ divers: 3 });
    turns(seaquest, state, [0, LEFT, UP]);
    expect(state.divers).toBe(2);
    turns(seaquest, state, [DOWN, UP]);
    expect([state.divers, state.oxygen]).toEqual([1, 200]);
  });
  it("ends the game with empty tanks, or on an enemy, and is done and paid even so", () => {
    const [empty, nothing] = rise({ divers: 6, oxygen: 0 });
    expect([empty.over, nothing, empty.divers, empty.oxygen]).toEqual([true, 0, -1, 200]);
    const [hit, reward] = rise({ divers: 6, fish: [still(5, 0)] });
    expect([hit.over, reward, hit.divers]).toEqual([true, 10, -1]);
  });
  it("raises the ramp to level 19 at most: spawns to every step, moves at every second level down to 2", () => {
    const state = quiet({ divers: 6 });
    const levels: number[][] = [];
    for (let i = 0; i < 21; i++) {
      Object.assign(state, { divers: 5, y: 1, surfaced: false, enemyTimer: 1_000, diverTimer: 1_000 });
      turn(seaquest, state, UP);
      levels.push([state.rampLevel, state.enemySpeed, state.moveSpeed]);
    }
    expect(levels.slice(0, 7)).toEqual([
      [1, 19, 5],
      [2, 18, 4],
      [3, 17, 4],
      [4, 16, 3],
      [5, 15, 3],
      [6, 14, 2],
      [7, 13, 2],
    ]);
    expect(levels.slice(-3)).toEqual(times(3).map(() => [19, 1, 2]));
    const [moves] = rise({ divers: 5, enemySpeed: 1, rampLevel: 1 });
    expect([moves.rampLevel, moves.moveSpeed]).toEqual([2, 4]);
    const flat = quiet({ divers: 5, y: 1 });
    seaquest.step(flat, UP, undefined as never, false); // nothing spawns, so nothing is drawn
    expect([flat.rampLevel, flat.enemySpeed, flat.moveSpeed]).toEqual([0, 20, 5]);
  });
});
