/** Rules of the five games that are easily got wrong and show up rarely: the order of channels, corners, ties, ends that still pay. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import plugins from "../../../envs/minatar/index.ts";
import { ALL_BRICKS, breakout, type BreakoutState } from "../../../envs/minatar/breakout.ts";
import { asterix } from "../../../envs/minatar/asterix.ts";
import { freeway } from "../../../envs/minatar/freeway.ts";
import { seaquest } from "../../../envs/minatar/seaquest.ts";
import type { SeaquestState } from "../../../envs/minatar/seaquest-state.ts";
import { spaceInvaders } from "../../../envs/minatar/space-invaders.ts";
import { rulesOf, stepOf } from "../support.ts";
import { begin, cellsOf, int, times, turn, turns, u } from "./scripted-rng.ts";

describe("the channels", () => {
  it.each([
    ["Breakout", breakout, "paddle ball trail brick"],
    ["Asterix", asterix, "player enemy trail gold"],
    ["Freeway", freeway, "chicken car speed1 speed2 speed3 speed4 speed5"],
    ["Seaquest", seaquest, "sub_front sub_back friendly_bullet trail enemy_bullet enemy_fish enemy_sub oxygen_gauge diver_gauge diver"], // prettier-ignore
    ["SpaceInvaders", spaceInvaders, "cannon alien alien_left alien_right friendly_bullet enemy_bullet"],
  ])("of %s have the published order", (_, { channels }, names) => {
    expect(channels.map(({ name }) => name)).toEqual(names.split(" "));
  });
  it("vary fastest, then columns, then rows: Breakout's paddle of column 4 is element (9 * 10 + 4) * 4", () => {
    const out = new Uint8Array(400);
    breakout.observe(begin(breakout, {}, [int(2, 0)]), out);
    // The ball in column 0 of row 3, channel 1.
    expect([out[(9 * 10 + 4) * 4], out[3 * 10 * 4 + 1]]).toEqual([1, 1]);
    expect(out.reduce((sum, bit) => sum + bit, 0)).toBe(1 + 1 + 1 + 30);
  });
});

describe("Breakout", () => {
  const start = (changes: Partial<BreakoutState>): BreakoutState => begin(breakout, changes, [int(2, 0)]);
  const after = (changes: Partial<BreakoutState>): [number, number, number] => {
    const state = start(changes);
    turn(breakout, state, 0);
    return [state.ballX, state.ballY, state.direction];
  };
  it("mirrors the ball at the left wall: up left to up right, down left to down right", () => {
    expect(after({ ballX: 0, ballY: 7, direction: 0 })).toEqual([0, 6, 1]);
    expect(after({ ballX: 0, ballY: 5, direction: 3 })).toEqual([0, 6, 2]);
  });
  it("mirrors it at the right wall: up right to up left, down right to down left", () => {
    expect(after({ ballX: 9, ballY: 7, direction: 1 })).toEqual([9, 6, 0]);
    expect(after({ ballX: 9, ballY: 5, direction: 2 })).toEqual([9, 6, 3]);
  });
  it("mirrors it at the ceiling: up left to down left", () => {
    expect(after({ ballX: 5, ballY: 0, direction: 0 })).toEqual([4, 0, 3]);
  });
  it("mirrors it at wall and ceiling at once, in the corner", () => {
    expect(after({ ballX: 0, ballY: 0, direction: 0 })).toEqual([0, 0, 2]);
  });
  it("breaks at the wall the brick of the wall's column, not of the cell beyond", () => {
    const state = start({ ballX: 9, ballY: 4, direction: 1 });
    expect(turn(breakout, state, 0)).toBe(1);
    expect(state).toMatchObject({ ballX: 9, ballY: 4, direction: 3, bricks: ALL_BRICKS & ~(1 << 29) });
  });
  it("sends a ball that came down left back up right from the paddle it goes to", () => {
    expect(after({ ballX: 5, ballY: 8, direction: 3, paddle: 4 })).toEqual([4, 8, 1]);
  });
  it("turns a ball that came down left up left over the paddle below it", () => {
    expect(after({ ballX: 5, ballY: 8, direction: 3, paddle: 5 })).toEqual([4, 8, 0]);
  });
  it("moves the paddle first: one step to the left catches what would be lost", () => {
    const state = start({ ballX: 5, ballY: 8, direction: 3, paddle: 6 });
    turn(breakout, state, 1);
    expect(state).toMatchObject({ over: false, direction: 0 });
  });
});

describe("Asterix", () => {
  it("meets gold and enemies with the player's own move, before they move on in the same step", () => {
    // Gold beside the player would have moved on in this very step.
    const slots = () => ({ slotX: [0, 0, 0, 0, 6, 0, 0, 0], slotDx: [0, 0, 0, 0, 1, 0, 0, 0] });
    const gold = begin(asterix, { ...slots(), slotGold: [0, 0, 0, 0, 1, 0, 0, 0], moveTimer: 0 });
    expect(turn(asterix, gold, 3)).toBe(1);
    const enemy = begin(asterix, { ...slots(), moveTimer: 0 });
    turn(asterix, enemy, 3);
    expect(enemy.over).toBe(true);
  });
  it("meets what was spawned in the same step, at the edge", () => {
    const state = begin(asterix, { x: 0, y: 3, spawnTimer: 0 });
    expect(turn(asterix, state, 0, [u(0), u(0), int(8, 2)])).toBe(1);
    const enemy = begin(asterix, { x: 9, y: 1, spawnTimer: 0 });
    turn(asterix, enemy, 0, [u(0.9), u(0.9), int(8, 0)]);
    expect(enemy.over).toBe(true);
  });
});

describe("Freeway", () => {
  it("is over at the end of step 2,501, and the last step may still pay", () => {
    const draws = [...times(8).map(() => int(5, 0)), ...times(8).map(() => u(0.6))];
    const state = begin(freeway, { terminateTimer: 0, row: 1, moveTimer: 0, carTimer: times(8, 50) }, draws);
    expect(turn(freeway, state, 2, draws)).toBe(1);
    expect(state.over).toBe(true);
    const before = begin(freeway, { terminateTimer: 1, carTimer: times(8, 50) }, draws);
    turn(freeway, before, 0);
    expect(before.over).toBe(false);
    turn(freeway, before, 0);
    expect(before.over).toBe(true);
  });
  it("hits with a car that stands on the chicken's cell before that car drives on", () => {
    const draws = [...times(8).map(() => int(5, 0)), ...times(8).map(() => u(0.6))];
    const state = begin(freeway, { row: 3, carX: [0, 0, 4, 0, 0, 0, 0, 0], carTimer: times(8) }, draws);
    turn(freeway, state, 0);
    expect([state.row, state.carX[2]]).toEqual([9, 5]);
  });
});

describe("Seaquest", () => {
  const quiet = (changes: Partial<SeaquestState>): SeaquestState =>
    begin(seaquest, { enemyTimer: 1_000, diverTimer: 1_000, y: 4, surfaced: false, ...changes });
  const still = (x: number, y: number, dx = 1) => ({ x, y, dx, moveTimer: 1_000 });

  it("lets the newest of two divers on board where one place is left", () => {
    const state = quiet({ divers: 5, swimmers: [still(5, 4, 1), still(5, 4, -1)] });
    turn(seaquest, state, 0);
    expect([state.divers, state.swimmers.map(({ dx }) => dx)]).toEqual([6, [1]]);
  });
  it.each(["fish", "submarines"] as const)("shoots the newest of two %s that move into one bullet", (list) => {
    const enemy = (dx: number) => ({ x: 2, y: 2, dx, moveTimer: 0, shotTimer: 99 });
    // Both end on column 3; the bullet has come there from the right.
    const old = { ...enemy(1), moveTimer: 0 };
    const state = quiet({ friendlyBullets: [{ x: 4, y: 2, dx: -1 }], [list]: [old, { ...old }] });
    (state[list][0] as { shotTimer?: number }).shotTimer = 98;
    expect(turn(seaquest, state, 0)).toBe(1);
    expect(state[list]).toHaveLength(1);
    if (list === "submarines") expect(state.submarines[0]?.shotTimer).toBe(97);
  });
  it("picks a diver up before it would swim away", () => {
    const state = quiet({ swimmers: [{ ...still(5, 4), moveTimer: 0 }] });
    turn(seaquest, state, 0);
    expect([state.divers, state.swimmers]).toEqual([1, []]);
  });
  it("ends on a submarine that stands in front, which still fires in that step", () => {
    const state = quiet({ x: 5, submarines: [{ ...still(5, 4), shotTimer: 0 }] });
    turn(seaquest, state, 0);
    expect([state.over, state.enemyBullets]).toEqual([true, [{ x: 6, y: 4, dx: 1 }]]);
  });
  it("shoots and dies in one step, and pays the shot", () => {
    const state = quiet({ friendlyBullets: [{ x: 1, y: 8, dx: 1 }], fish: [still(2, 8), still(5, 4)] });
    expect(turn(seaquest, state, 0)).toBe(1);
    expect(state.over).toBe(true);
  });
  it("waits with a shot that is not yet due: fire in the cool-down is a no-op, and due again after 5 steps", () => {
    const state = quiet({ x: 9 });
    turns(seaquest, state, [5, 5]);
    expect([state.friendlyBullets.length, state.shotTimer]).toEqual([1, 3]);
  });
});

describe("SpaceInvaders", () => {
  const cells = (...places: readonly (readonly [x: number, y: number])[]): number[] => {
    const rows = times(10);
    for (const [x, y] of places) rows[y] = (rows[y] ?? 0) | (1 << x);
    return rows;
  };
  it("shoots an alien and is shot in one step, and pays the shot", () => {
    const changes = { enemyBullets: cells([5, 8]), friendlyBullets: cells([2, 4]) };
    const state = begin(spaceInvaders, { ...changes, moveTimer: 1_000, alienShotTimer: 1_000 });
    expect(turn(spaceInvaders, state, 0)).toBe(1);
    expect(state.over).toBe(true);
  });
  it("lets bullets of both sides pass each other, and an alien's bullet pass aliens", () => {
    const changes = { enemyBullets: cells([0, 5], [2, 1]), friendlyBullets: cells([0, 6]) };
    const state = begin(spaceInvaders, { ...changes, moveTimer: 1_000, alienShotTimer: 1_000 });
    turn(spaceInvaders, state, 0);
    expect(cellsOf(spaceInvaders, state, "enemy_bullet")).toEqual([[2, 2], [0, 6]]); // prettier-ignore
    expect(cellsOf(spaceInvaders, state, "friendly_bullet")).toEqual([[0, 5]]);
    expect(cellsOf(spaceInvaders, state, "alien")).toHaveLength(24);
  });
  it("fires from where the cannon stood before it moved on, one action a step", () => {
    const state = begin(spaceInvaders, { moveTimer: 1_000, alienShotTimer: 1_000, aliens: cells([0, 0]) });
    turns(spaceInvaders, state, [5, 3]);
    expect(cellsOf(spaceInvaders, state, "friendly_bullet")).toEqual([[5, 7]]);
    expect(state.cannon).toBe(6);
  });
});

describe("sticky actions", () => {
  it("at 0.1 execute another action than the one asked for in 1 of 11 steps, where left and right take turns", () => {
    // p = 0.1 (1 - p): one that was stuck is what is asked for next. Freeway never ends early and its chicken ignores both.
    const rules = rulesOf(plugins.find(({ id }) => id === "MinAtar/Freeway-v0"));
    const rng = new Rng(21);
    const steps = 25_000;
    let [state, other] = [rules.reset(rng), 0];
    for (let step = 0; step < steps; step++) {
      const asked = step % 2 === 0 ? 1 : 3;
      const transition = stepOf(rules, state, asked, rng);
      if (step > 0 && (transition.state as { lastAction: number }).lastAction !== asked) other++;
      state = transition.terminated ? rules.reset(rng) : transition.state;
    }
    // Four standard errors of a share of 1/11.
    expect(Math.abs(other / steps - 1 / 11)).toBeLessThan(4 * Math.sqrt(((1 / 11) * (10 / 11)) / steps));
  });
});

describe("every game", () => {
  const single = plugins.filter(({ id }) => id !== "MinAtar/Games-v0");
  it.each(single.map((plugin) => [plugin.id, plugin] as const))(
    "%s pays whole numbers of 0 or more and shows only 0 and 1, over 3,000 random steps",
    (_, plugin) => {
      const rules = rulesOf(plugin);
      const rng = new Rng(8);
      const { shape } = rules.observation as { shape: readonly number[] };
      const n = (rules.action as { n: number }).n;
      let state = rules.reset(rng);
      for (let step = 0; step < 3_000; step++) {
        const { state: after, reward, terminated } = stepOf(rules, state, rng.int(n), rng);
        expect(Number.isInteger(reward) && reward >= 0).toBe(true);
        const out = new Uint8Array(shape.reduce((product, side) => product * side, 1));
        rules.observe(after, out);
        expect(out.every((value) => value <= 1)).toBe(true);
        state = terminated ? rules.reset(rng) : after;
      }
    },
  );
});
