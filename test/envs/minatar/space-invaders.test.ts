/** Space Invaders by hand: the fleet's march, both kinds of bullets, the ramp. It draws nothing. */
import { describe, expect, it } from "vitest";
import { spaceInvaders, type SpaceInvadersState } from "../../../envs/minatar/space-invaders.ts";
import { begin, cellsOf, times, turn, turns } from "./scripted-rng.ts";

const LEFT = 1;
const RIGHT = 3;
const FIRE = 5;
/** Rows of bits with the given cells set. */
const cells = (...places: readonly (readonly [x: number, y: number])[]): number[] => {
  const rows = times(10);
  for (const [x, y] of places) rows[y] = (rows[y] ?? 0) | (1 << x);
  return rows;
};
const start = (changes: Partial<SpaceInvadersState> = {}): SpaceInvadersState => begin(spaceInvaders, changes);
/** No alien moves or fires for long. */
const quiet = (changes: Partial<SpaceInvadersState> = {}): SpaceInvadersState =>
  start({ moveTimer: 1_000, alienShotTimer: 1_000, ...changes });
const aliens = (state: SpaceInvadersState): [number, number][] => cellsOf(spaceInvaders, state, "alien");
const friendly = (state: SpaceInvadersState): [number, number][] => cellsOf(spaceInvaders, state, "friendly_bullet");
const enemy = (state: SpaceInvadersState): [number, number][] => cellsOf(spaceInvaders, state, "enemy_bullet");

describe("a reset", () => {
  it("puts 24 aliens on rows 0 to 3 and columns 2 to 7, moving left, the cannon on column 5", () => {
    const state = start();
    expect(aliens(state)).toHaveLength(24);
    expect(aliens(state).every(([x, y]) => x >= 2 && x <= 7 && y <= 3)).toBe(true);
    expect(cellsOf(spaceInvaders, state, "alien_left")).toEqual(aliens(state));
    expect(cellsOf(spaceInvaders, state, "alien_right")).toEqual([]);
    expect(cellsOf(spaceInvaders, state, "cannon")).toEqual([[5, 9]]);
  });
});

describe("the cannon", () => {
  it("moves within columns 0 to 9; up and down do nothing", () => {
    const state = quiet({ cannon: 1 });
    expect([LEFT, LEFT, RIGHT, 2, 4].map((action) => (turn(spaceInvaders, state, action), state.cannon))).toEqual([0, 0, 1, 1, 1]); // prettier-ignore
    const right = quiet({ cannon: 8 });
    turns(spaceInvaders, right, [RIGHT, RIGHT]);
    expect(right.cannon).toBe(9);
  });
  it("fires every 5 steps: a bullet that is seen on row 8 first and rises a row a step", () => {
    const state = quiet({ aliens: cells([0, 0]) });
    turn(spaceInvaders, state, FIRE);
    expect(friendly(state)).toEqual([[5, 8]]);
    turns(spaceInvaders, state, times(4, FIRE));
    expect(friendly(state)).toEqual([[5, 4]]);
    turn(spaceInvaders, state, FIRE);
    expect(friendly(state)).toEqual([
      [5, 3],
      [5, 8],
    ]);
    turns(spaceInvaders, state, times(4));
    expect(friendly(state)).toEqual([[5, 4]]);
  });
  it("earns 1 for each alien shot, also for several in one step", () => {
    const state = quiet({ friendlyBullets: cells([2, 4], [7, 4], [0, 4]) });
    expect(turn(spaceInvaders, state, 0)).toBe(2);
    expect(aliens(state)).toHaveLength(22);
    expect(friendly(state)).toEqual([[0, 3]]);
  });
});

describe("an enemy bullet", () => {
  it("falls a row a step, ends the game on the cannon and is gone below it elsewhere", () => {
    const state = quiet({ enemyBullets: cells([5, 7], [4, 7]) });
    turn(spaceInvaders, state, 0);
    expect(state.over).toBe(false);
    turn(spaceInvaders, state, 0);
    expect(state.over).toBe(true);
    expect(enemy(state)).toEqual([
      [4, 9],
      [5, 9],
    ]);
    turn(spaceInvaders, state, 0);
    expect(enemy(state)).toEqual([]);
  });
  it("misses a cannon that moves out of its way, and hits one that moves into it", () => {
    const away = quiet({ enemyBullets: cells([5, 8]) });
    turn(spaceInvaders, away, LEFT);
    expect(away.over).toBe(false);
    const into = quiet({ enemyBullets: cells([4, 8]) });
    turn(spaceInvaders, into, LEFT);
    expect(into.over).toBe(true);
  });
  it("comes in step 11 and every 10 steps from the lowest alien of the nearest column", () => {
    const state = start({ moveTimer: 1_000 });
    turns(spaceInvaders, state, times(10));
    expect(enemy(state)).toEqual([]);
    turn(spaceInvaders, state, 0);
    expect(enemy(state)).toEqual([[5, 3]]);
    turns(spaceInvaders, state, times(9, LEFT));
    expect(enemy(state)).toEqual([]);
    turn(spaceInvaders, state, 0);
    expect(enemy(state)).toEqual([[2, 3]]);
  });
  it("comes from the left one of two columns as near", () => {
    const state = quiet({ alienShotTimer: 0, aliens: cells([3, 1], [7, 5]) });
    turn(spaceInvaders, state, 0);
    expect(enemy(state)).toEqual([[3, 1]]);
    const right = quiet({ alienShotTimer: 0, aliens: cells([2, 1], [7, 2], [7, 5]) });
    turn(spaceInvaders, right, 0);
    expect(enemy(right)).toEqual([[7, 5]]);
  });
});

describe("the fleet", () => {
  it("moves in step 13 and every 12 steps while 12 aliens or more are left", () => {
    const state = start({ alienShotTimer: 1_000 });
    const moved: number[] = [];
    for (let step = 1; step <= 40; step++) {
      const before = JSON.stringify(aliens(state));
      turn(spaceInvaders, state, 0);
      if (JSON.stringify(aliens(state)) !== before) moved.push(step);
    }
    expect(moved).toEqual([13, 25, 37]);
  });
  it("moves as often as it has aliens: every 2 steps with 2 left, every step with 1", () => {
    const two = quiet({ moveTimer: 0, aliens: cells([5, 0], [6, 0]) });
    const columns = times(5).map(() => (turn(spaceInvaders, two, 0), aliens(two)[0]?.[0]));
    expect(columns).toEqual([4, 4, 3, 3, 2]);
    const one = quiet({ moveTimer: 0, aliens: cells([5, 0]) });
    expect(times(3).map(() => (turn(spaceInvaders, one, 0), aliens(one)[0]?.[0]))).toEqual([4, 3, 2]);
  });
  it("turns and comes down a row at the edge instead of moving aside", () => {
    const state = quiet({ moveTimer: 0, aliens: cells([0, 2], [3, 0]) });
    turn(spaceInvaders, state, 0);
    expect(aliens(state)).toEqual([
      [3, 1],
      [0, 3],
    ]);
    expect(cellsOf(spaceInvaders, state, "alien_right")).toEqual(aliens(state));
    expect(cellsOf(spaceInvaders, state, "alien_left")).toEqual([]);
    turns(spaceInvaders, state, times(2));
    expect(aliens(state)).toEqual([
      [4, 1],
      [1, 3],
    ]);
  });
  it("turns at the right edge, and not at the edge that it moves away from", () => {
    const right = quiet({ moveTimer: 0, direction: 1, aliens: cells([9, 2]) });
    turn(spaceInvaders, right, 0);
    expect([aliens(right), right.direction]).toEqual([[[9, 3]], -1]);
    turn(spaceInvaders, right, 0);
    expect(aliens(right)).toEqual([[8, 3]]);
  });
  it("ends the game when it is to come down from row 9, which wraps to row 0", () => {
    const state = quiet({ moveTimer: 0, aliens: cells([0, 9], [3, 4]) });
    turn(spaceInvaders, state, 0);
    expect(state.over).toBe(true);
    expect(aliens(state)).toEqual([
      [0, 0],
      [3, 5],
    ]);
  });
  it("ends the game on the cannon: coming down, moving aside, or walked into", () => {
    const down = quiet({ moveTimer: 0, cannon: 0, aliens: cells([0, 8]) });
    turn(spaceInvaders, down, 0);
    const aside = quiet({ moveTimer: 0, aliens: cells([6, 9]) });
    turn(spaceInvaders, aside, 0);
    const walked = quiet({ aliens: cells([6, 9]) });
    turn(spaceInvaders, walked, RIGHT);
    expect([down.over, aside.over, walked.over]).toEqual([true, true, true]);
    const beside = quiet({ aliens: cells([6, 9]) });
    turn(spaceInvaders, beside, 0);
    expect(beside.over).toBe(false);
  });
  it("comes anew when the last alien is shot, quicker by 1; direction, timers and bullets are kept", () => {
    const changes = { direction: 1, aliens: cells([4, 3]), friendlyBullets: cells([4, 4], [9, 9]) };
    const state = quiet({ ...changes, enemyBullets: cells([0, 0]), moveTimer: 7 });
    expect(turn(spaceInvaders, state, 0)).toBe(1);
    expect(aliens(state)).toEqual(aliens(start()));
    expect(state).toMatchObject({ direction: 1, interval: 11, rampLevel: 1, moveTimer: 6, alienShotTimer: 999 });
    expect([friendly(state), enemy(state)]).toEqual([[[9, 8]], [[0, 1]]]);
  });
  it("is quickest at level 6, with an interval of 6; without ramping it stays at 12", () => {
    const last = { aliens: cells([4, 3]), friendlyBullets: cells([4, 4]) };
    const state = quiet({ ...last, interval: 7, rampLevel: 5 });
    turn(spaceInvaders, state, 0);
    expect([state.interval, state.rampLevel]).toEqual([6, 6]);
    Object.assign(state, { aliens: cells([4, 3]), friendlyBullets: cells([4, 4]) });
    turn(spaceInvaders, state, 0);
    expect([state.interval, state.rampLevel, aliens(state).length]).toEqual([6, 6, 24]);
    const flat = quiet({ aliens: cells([4, 3]), friendlyBullets: cells([4, 4]) });
    spaceInvaders.step(flat, 0, undefined as never, false); // it draws nothing
    expect([flat.interval, flat.rampLevel, aliens(flat).length]).toEqual([12, 0, 24]);
  });
});
