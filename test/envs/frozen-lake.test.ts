/** FrozenLake by hand: moves, ice, rewards, maps. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import plugins, { MAPS, randomMap } from "../../envs/frozen-lake/index.ts";
import { hasPath } from "../../envs/frozen-lake/maps.ts";
import { chiSquare, playActions, rulesOf, ScriptedRng, stepOf } from "./support.ts";

const [small, large] = plugins;
const at = (cell: number): object => ({ at: cell, lastAction: -1 });
const [LEFT, DOWN, RIGHT, UP] = [0, 1, 2, 3];

describe("FrozenLake-v1", () => {
  const dry = rulesOf(small, { isSlippery: false });
  const wet = rulesOf(small);

  it("has 16 cells, 4 actions and a limit of 100 steps; 8x8 has 64 and 200", () => {
    expect([wet.observation, wet.action, wet.maxSteps]).toMatchObject([{ n: 16 }, { n: 4 }, 100]);
    const wide = rulesOf(large);
    expect([wide.observation, wide.action, wide.maxSteps]).toMatchObject([{ n: 64 }, { n: 4 }, 200]);
  });
  it("crosses the dry lake in 6 moves for a reward of 1", () => {
    expect(playActions(dry, dry.reset(new Rng(0)), [DOWN, DOWN, RIGHT, DOWN, RIGHT, RIGHT])).toMatchObject({
      observations: [4, 8, 9, 13, 14, 15],
      rewards: [0, 0, 0, 0, 0, 1],
      terminated: true,
    });
  });
  it("ends with a reward of 0 in a hole", () => {
    expect(playActions(dry, at(0), [RIGHT, DOWN, DOWN])).toMatchObject({
      observations: [1, 5],
      rewards: [0, 0],
      terminated: true,
    });
  });
  it("stays where the edge is", () => {
    expect(playActions(dry, at(0), [LEFT, UP]).observations).toEqual([0, 0]);
    expect(playActions(dry, at(3), [RIGHT, UP]).observations).toEqual([3, 3]);
    expect(playActions(dry, at(14), [DOWN]).observations).toEqual([14]);
  });
  it.each([
    [RIGHT, [10, 7, 2]],
    [LEFT, [2, 5, 10]],
    [UP, [7, 2, 5]],
    [DOWN, [5, 10, 7]],
  ])(
    "slips on action %i to the right-hand, the meant and the left-hand side, in the order of the table",
    (action, cells) => {
      const draws = [0.33, 0.34, 0.67];
      expect(draws.map((u) => playActions(wet, at(6), [action], new ScriptedRng([u])).observations[0])).toEqual(cells);
    },
  );
  it("goes each of the three ways in a third of 30,000 slippery moves", () => {
    const rng = new Rng(7);
    const counts = new Map([2, 7, 10].map((cell) => [cell, 0]));
    for (let i = 0; i < 30_000; i++) {
      const next = playActions(wet, at(6), [RIGHT], rng).observations[0] as number;
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
    // 0.999 quantile of chi-square with 2 degrees of freedom
    expect(chiSquare([...counts.values()], [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(13.8);
    expect([...counts.keys()]).toEqual([2, 7, 10]);
  });
  it("succeeds with the probability successRate", () => {
    const firm = rulesOf(small, { successRate: 0.8 });
    const cells = [0.09, 0.11, 0.89, 0.91].map(
      (u) => playActions(firm, at(6), [RIGHT], new ScriptedRng([u])).observations[0],
    );
    expect(cells).toEqual([10, 7, 7, 2]);
  });
  it.each([true, false])("draws one uniform for a reset and one for each step when slippery is %s", (isSlippery) => {
    const lake = rulesOf(small, { isSlippery });
    const rng = new ScriptedRng([0.5, 0.5, 0.5]);
    playActions(lake, lake.reset(rng), [DOWN, UP], rng);
    expect(rng.draws).toBe(3);
  });
  it("pays by the reward schedule", () => {
    const rewardSchedule = { goal: 10, hole: -5, frozen: -0.1 };
    const paid = rulesOf(small, { isSlippery: false, rewardSchedule });
    expect(playActions(paid, at(13), [RIGHT, RIGHT]).rewards).toEqual([-0.1, 10]);
    expect(playActions(paid, at(1), [UP, DOWN]).rewards).toEqual([-0.1, -5]);
  });
  it("shows the map, the last action and the agent's cell in brackets", () => {
    const { state } = stepOf(dry, at(0), RIGHT, new Rng(0));
    expect(dry.render?.(state)).toBe("(right)\n S [F] F  F \n F  H  F  H \n F  F  F  H \n H  F  F  G ");
    expect(dry.render?.(at(0))).toBe("[S] F  F  F \n F  H  F  H \n F  F  F  H \n H  F  F  G ");
  });
});

describe("maps of FrozenLake", () => {
  it("have paths, the start in the first and the goal in the last cell", () => {
    for (const rows of Object.values(MAPS)) {
      expect(hasPath(rows)).toBe(true);
      expect(rows.join("")).toMatch(/^S[FH]+G$/);
    }
  });
  it("may be one's own, with several starts, each as likely", () => {
    const own = rulesOf(small, { desc: ["SFS", "HFG"] });
    expect(own.observation).toMatchObject({ n: 6 });
    expect([0.49, 0.51].map((u) => own.observe(own.reset(new ScriptedRng([u]))))).toEqual([0, 2]);
  });
  it.each([
    [["SF", "FGF"], 'rows of 2 letters S, F, H, G, got "FGF"'],
    [["SX", "FG"], 'rows of 2 letters S, F, H, G, got "SX"'],
    [["FF", "FG"], "a start cell S"],
    [[""], "rows of 0 letters"],
  ])("refuse %j", (desc, message) => {
    expect(() => rulesOf(small, { desc })).toThrow(message);
    expect(() => rulesOf(small, { desc })).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("are random by their own seed: same seed, same map, and always with a path", () => {
    const draw = (mapSeed: number): string[] => randomMap({ size: 6, frozenProbability: 0.7, mapSeed });
    expect(draw(3)).toEqual(draw(3));
    const maps = Array.from({ length: 50 }, (_, seed) => draw(seed));
    expect(new Set(maps.map((rows) => rows.join("/"))).size).toBeGreaterThan(45);
    for (const rows of maps) {
      expect(hasPath(rows)).toBe(true);
      expect(rows.join("")).toMatch(/^S[FH]{34}G$/);
    }
  });
  it("have the size that was asked for", () => {
    const random = rulesOf(small, { mapName: "random", size: 5, mapSeed: 1, isSlippery: false });
    expect(random.observation).toMatchObject({ n: 25 });
    expect(random.observe(random.reset(new Rng(4)))).toBe(0);
  });
  it("are given up where no path can exist", () => {
    expect(() => rulesOf(small, { mapName: "random", size: 4, frozenProbability: 0 })).toThrow(
      "Raise frozenProbability",
    );
  });
  it("know a path from a dead end", () => {
    expect(hasPath(["SFH", "HFH", "HFG"])).toBe(true);
    expect(hasPath(["SFH", "HHF", "HFG"])).toBe(false);
  });
});
