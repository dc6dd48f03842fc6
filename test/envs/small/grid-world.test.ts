/** GridWorld: walls and edges, slips, ends and rewards by hand, own maps, and the published values of the 4 x 3 world. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import gridWorld, { DEFAULT_MAP, gridWorldModel } from "../../../envs/grid-world/index.ts";
import { optimalValues, policyValues, randomPolicy, startValue } from "../planning.ts";
import { playActions, rulesOf, ScriptedRng, stepOf } from "../support.ts";

const [UP, RIGHT, DOWN, LEFT] = [0, 1, 2, 3];
const at = (cell: number): object => ({ at: cell, lastAction: -1 });
const book = { slip: 0.2, stepReward: -0.04, goalReward: 1, pitReward: -1 };

describe("GridWorld-v0", () => {
  const dry = rulesOf(gridWorld, { slip: 0 });

  it("has the 12 cells of the 4 x 3 world, 4 actions and a limit of 100 steps", () => {
    expect([dry.observation, dry.action, dry.maxSteps]).toMatchObject([{ n: 12 }, { n: 4 }, 100]);
    expect(dry.observe(dry.reset(new Rng(3)))).toBe(8);
  });
  it("goes round the wall to the goal for four times -0.04 and then 0.96", () => {
    const walk = playActions(dry, at(8), [UP, UP, RIGHT, RIGHT, RIGHT]);
    expect(walk.observations).toEqual([4, 0, 1, 2, 3]);
    expect(walk.rewards).toEqual([-0.04, -0.04, -0.04, -0.04, 0.96]);
    expect(walk.terminated).toBe(true);
  });
  it("stays before walls and edges, from every side of the wall", () => {
    const stays = [
      [4, RIGHT],
      [6, LEFT],
      [1, DOWN],
      [9, UP],
      [0, UP],
      [0, LEFT],
      [11, RIGHT],
      [11, DOWN],
    ] as const;
    for (const [cell, move] of stays) expect(playActions(dry, at(cell), [move]).observations).toEqual([cell]);
  });
  it("ends in the pit with -1.04", () => {
    expect(playActions(dry, at(6), [RIGHT])).toMatchObject({ observations: [7], rewards: [-1.04], terminated: true });
  });
  it("slips to the left side, goes as meant, slips to the right side: 0.1, 0.8, 0.1", () => {
    const rules = rulesOf(gridWorld);
    const cells = [0.05, 0.15, 0.85, 0.95].map(
      (u) => playActions(rules, at(10), [UP], new ScriptedRng([u])).observations[0],
    );
    expect(cells).toEqual([9, 6, 6, 11]);
  });
  it("has the utilities of the book: 0.705 at the start, 0.812, 0.868, 0.918 along the top", () => {
    const model = gridWorldModel(DEFAULT_MAP, book);
    const values = optimalValues(model);
    expect(startValue(model, values)).toBeCloseTo(0.705, 3);
    const expected = { 0: 0.812, 1: 0.868, 2: 0.918, 4: 0.762, 6: 0.66, 8: 0.705, 9: 0.655, 10: 0.611, 11: 0.388 };
    for (const [cell, value] of Object.entries(expected)) expect(values[Number(cell)]).toBeCloseTo(value, 3);
  });
  it("is worth 0.7053 within 100 steps to the best player and -1.5532 to a random one", () => {
    const model = gridWorldModel(DEFAULT_MAP, book);
    expect(startValue(model, optimalValues(model, { horizon: 100 }))).toBeCloseTo(0.7053, 4);
    expect(startValue(model, policyValues(model, randomPolicy(model), { horizon: 100 }))).toBeCloseTo(-1.5532, 4);
  });
  it("plays a map of one's own, each start as likely", () => {
    const own = rulesOf(gridWorld, { map: ["S#G", "..S"], slip: 0, goalReward: 5, stepReward: 0 });
    expect([0.49, 0.51].map((u) => own.observe(own.reset(new ScriptedRng([u]))))).toEqual([0, 5]);
    expect(playActions(own, at(0), [RIGHT, DOWN, RIGHT, RIGHT, UP])).toMatchObject({
      observations: [0, 3, 4, 5, 2],
      rewards: [0, 0, 0, 0, 5],
      terminated: true,
    });
  });
  it.each([
    [["S.", "..G"], 'map[1]: expected 2 of the characters S, G, P, #, ., got "..G"'],
    [["SX"], 'map[0]: expected 2 of the characters S, G, P, #, ., got "SX"'],
    [["..G"], "a start cell S"],
    [[], "a start cell S"],
    [[""], "map[0]: expected one or more"],
  ])("refuses the map %j", (map, message) => {
    expect(() => rulesOf(gridWorld, { map })).toThrow(message);
    expect(() => rulesOf(gridWorld, { map })).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("shows the map as text, or as pixels of 32 to a cell", () => {
    const { state } = stepOf(dry, at(8), UP, new Rng(0));
    expect(dry.render!(state)).toBe("(up)\n .  .  .  G \n[.] #  .  P \n S  .  .  . ");
    const frame = rulesOf(gridWorld, { renderMode: "rgb" }).render!(state);
    if (typeof frame === "string") throw new Error("expected pixels");
    expect([frame.width, frame.height]).toEqual([128, 96]);
    const colourOf = (cell: number): number[] => {
      const pixel = (32 * Math.floor(cell / 4) + 16) * 128 + 32 * (cell % 4) + 16;
      return Array.from(frame.rgb.subarray(3 * pixel, 3 * pixel + 3));
    };
    const distinct = new Set([3, 4, 5, 6, 7].map((cell) => colourOf(cell).join()));
    expect(distinct.size).toBe(5); // goal, agent, wall, free cell, pit
    expect(colourOf(0)).toEqual(colourOf(8));
  });
});
