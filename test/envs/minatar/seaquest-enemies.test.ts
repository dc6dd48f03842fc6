/** Seaquest by hand: spawns and their draws, fish, submarines and what they fire. */
import { describe, expect, it } from "vitest";
import { seaquest } from "../../../envs/minatar/seaquest.ts";
import type { Bullet, SeaquestState } from "../../../envs/minatar/seaquest-state.ts";
import { begin, cellsOf, int, times, turn, turns, u } from "./scripted-rng.ts";

/** At the surface, where it costs no oxygen to wait. */
const start = (changes: Partial<SeaquestState> = {}): SeaquestState => begin(seaquest, changes);
const quiet = (changes: Partial<SeaquestState> = {}): SeaquestState =>
  start({ enemyTimer: 1_000, diverTimer: 1_000, y: 4, surfaced: false, ...changes });
const still = (x: number, y: number, dx = 1) => ({ x, y, dx, moveTimer: 1_000 });
const places = (list: readonly Bullet[]): [number, number][] => list.map(({ x, y }) => [x, y]);

describe("spawns", () => {
  it("of enemies come in steps 21, 41, 61, of divers in 31 and 61, the enemy's draws first", () => {
    const state = start();
    turns(seaquest, state, times(20));
    turn(seaquest, state, 0, [u(0.4), u(0.34), int(8, 0)]);
    expect(state.fish).toEqual([{ x: 0, y: 1, dx: 1, moveTimer: 4 }]);
    turns(seaquest, state, times(9));
    turn(seaquest, state, 0, [u(0.5), int(8, 7)]);
    expect(state.swimmers).toEqual([{ x: 9, y: 8, dx: -1, moveTimer: 4 }]);
    turns(seaquest, state, times(9));
    turn(seaquest, state, 0, [u(0.5), u(0.33), int(8, 4)]);
    expect(state.submarines).toEqual([{ x: 9, y: 5, dx: -1, moveTimer: 4, shotTimer: 9 }]);
    turns(seaquest, state, times(19));
    turn(seaquest, state, 0, [u(0.1), u(0.9), int(8, 1), u(0.1), int(8, 2)]);
    expect([state.fish.at(-1)?.y, state.swimmers.at(-1)?.y]).toEqual([2, 3]);
  });
  it("of enemies draw three times and bring nothing on a row where another moves the other way", () => {
    for (const list of ["fish", "submarines"] as const) {
      const state = quiet({ enemyTimer: 0, [list]: [{ ...still(4, 2, -1), shotTimer: 99 }] });
      turn(seaquest, state, 0, [u(0), u(0.9), int(8, 1)]);
      expect([state.fish.length + state.submarines.length, state.enemyTimer]).toEqual([1, 19]);
      state.enemyTimer = 0;
      turn(seaquest, state, 0, [u(0.9), u(0.9), int(8, 1)]);
      expect(state.fish.at(-1)).toMatchObject({ x: 9, y: 2, dx: -1 });
    }
  });
  it("of divers ask nobody", () => {
    const state = quiet({ diverTimer: 0, fish: [still(4, 2, -1)] });
    turn(seaquest, state, 0, [u(0), int(8, 1)]);
    expect([places(state.swimmers), state.diverTimer]).toEqual([[[0, 2]], 29]);
  });
  it("take over the move speed of the ramp", () => {
    const state = quiet({ enemyTimer: 0, moveSpeed: 2 });
    turn(seaquest, state, 0, [u(0), u(0.9), int(8, 1)]);
    expect(state.fish[0]?.moveTimer).toBe(1);
  });
});

describe("fish and submarines", () => {
  it("move every 6 steps at first and every 3 at best, show a trail and leave the board", () => {
    for (const list of ["fish", "submarines"] as const) {
      const swims = (moveSpeed: number): (number | undefined)[] => {
        const state = quiet({ moveSpeed, y: 8, [list]: [{ x: 8, y: 2, dx: 1, moveTimer: moveSpeed, shotTimer: 99 }] });
        return times(2 * (moveSpeed + 1)).map(() => (turn(seaquest, state, 0), state[list][0]?.x));
      };
      expect(swims(5)).toEqual([...times(5, 8), ...times(6, 9), undefined]);
      expect(swims(2)).toEqual([8, 8, 9, 9, 9, undefined]);
    }
    const state = quiet({ fish: [still(9, 2, -1)], submarines: [{ ...still(3, 3), shotTimer: 9 }] });
    expect(cellsOf(seaquest, state, "trail")).toEqual([[2, 3]]);
    expect(cellsOf(seaquest, state, "enemy_fish")).toEqual([[9, 2]]);
    expect(cellsOf(seaquest, state, "enemy_sub")).toEqual([[3, 3]]);
  });
  it("end the game on the front cell, where they are or arrive, and not on the back", () => {
    for (const list of ["fish", "submarines"] as const) {
      const at = (x: number, moveTimer: number): boolean => {
        const state = quiet({ [list]: [{ x, y: 4, dx: 1, moveTimer, shotTimer: 99 }] });
        turn(seaquest, state, 0);
        return state.over;
      };
      expect([at(5, 9), at(4, 0), at(6, 9), at(5, 0), at(4, 1)]).toEqual([true, true, false, true, false]);
    }
  });
  it("that move into a bullet are shot, for 1, by the oldest there", () => {
    for (const list of ["fish", "submarines"] as const) {
      const bullets = [
        { x: 2, y: 2, dx: 1 },
        { x: 4, y: 2, dx: -1 },
      ];
      const enemy = { x: 2, y: 2, dx: 1, moveTimer: 0, shotTimer: 99 };
      const state = quiet({ friendlyBullets: bullets, [list]: [enemy] });
      expect(turn(seaquest, state, 0)).toBe(1);
      expect([state[list], state.friendlyBullets]).toEqual([[], [{ x: 3, y: 2, dx: -1 }]]);
    }
  });
  it("are not shot by a bullet on a cell where they wait: the bullet has to move there", () => {
    const state = quiet({ friendlyBullets: [{ x: 3, y: 2, dx: 1 }], fish: [still(3, 2)] });
    expect(turn(seaquest, state, 0)).toBe(0);
    expect(state.fish).toHaveLength(1);
  });
});

describe("a submarine", () => {
  it("fires every 11 steps; its bullet is first seen one cell ahead", () => {
    const submarine = { ...still(0, 2), shotTimer: 10 };
    const state = quiet({ y: 8, submarines: [submarine] });
    const fired: number[] = [];
    for (let step = 1; step <= 33; step++) {
      turn(seaquest, state, 0);
      if (cellsOf(seaquest, state, "enemy_bullet").some(([x]) => x === 1)) fired.push(step);
    }
    expect(fired).toEqual([11, 22, 33]);
  });
  it("fires in the very step in which it is shot", () => {
    const submarine = { x: 2, y: 2, dx: 1, moveTimer: 0, shotTimer: 0 };
    const state = quiet({ friendlyBullets: [{ x: 4, y: 2, dx: -1 }], submarines: [submarine] });
    expect(turn(seaquest, state, 0)).toBe(1);
    expect([state.submarines, state.enemyBullets]).toEqual([[], [{ x: 4, y: 2, dx: 1 }]]);
  });
  it("that leaves the board as it fires leaves no bullet behind", () => {
    const state = quiet({ submarines: [{ x: 9, y: 2, dx: 1, moveTimer: 0, shotTimer: 0 }] });
    turn(seaquest, state, 0);
    expect([state.submarines, state.enemyBullets]).toEqual([[], []]);
  });
});

describe("an enemy bullet", () => {
  const over = (x: number, dx: number, changes: Partial<SeaquestState> = {}): boolean => {
    const state = quiet({ enemyBullets: [{ x, y: 4, dx }], ...changes });
    turn(seaquest, state, 0);
    return state.over;
  };
  it("ends the game on the front cell, before or after it moves; the back cell is safe", () => {
    expect([over(4, 1), over(5, 1), over(5, -1), over(6, -1), over(6, 1), over(3, 1)]).toEqual([
      ...times(4).map(() => true),
      false,
      false,
    ]);
  });
  it("ends the game when fired from the cell beside, in the same step", () => {
    const state = quiet({ submarines: [{ ...still(4, 4), shotTimer: 0 }] });
    turn(seaquest, state, 0);
    expect(state.over).toBe(true);
  });
  it("is gone beyond either edge", () => {
    const bullets = [
      { x: 0, y: 2, dx: -1 },
      { x: 4, y: 2, dx: -1 },
      { x: 9, y: 3, dx: 1 },
    ];
    const state = quiet({ enemyBullets: bullets });
    turn(seaquest, state, 0);
    expect(state.enemyBullets).toEqual([{ x: 3, y: 2, dx: -1 }]);
  });
});
