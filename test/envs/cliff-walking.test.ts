/** CliffWalking by hand: the two paths of the book, the fall, the slippery variant. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import plugins from "../../envs/cliff-walking/index.ts";
import { chiSquare, playActions, rulesOf, ScriptedRng } from "./support.ts";

const [plain, icy] = plugins;
const at = (cell: number): object => ({ at: cell, lastAction: -1 });
const [UP, RIGHT, DOWN, LEFT] = [0, 1, 2, 3];
const eleven = new Array<number>(11).fill(RIGHT);

describe("CliffWalking-v1", () => {
  const rules = rulesOf(plain);

  it("has 48 cells, 4 actions, no time limit, and starts in cell 36", () => {
    expect([rules.observation, rules.action, rules.maxSteps]).toMatchObject([{ n: 48 }, { n: 4 }, undefined]);
    expect(rules.observe(rules.reset(new Rng(5)))).toBe(36);
  });
  it("takes 13 steps and -13 along the edge", () => {
    const walk = playActions(rules, at(36), [UP, ...eleven, DOWN]);
    expect(walk.observations).toEqual([24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 47]);
    expect(walk.rewards).toEqual(new Array<number>(13).fill(-1));
    expect(walk.terminated).toBe(true);
  });
  it("takes 15 steps one row up", () => {
    expect(playActions(rules, at(36), [UP, UP, ...eleven, DOWN, DOWN])).toMatchObject({
      terminated: true,
      rewards: { length: 15 },
    });
  });
  it("pays -100 for a fall and goes on from the start", () => {
    expect(playActions(rules, at(36), [RIGHT, UP])).toMatchObject({
      observations: [36, 24],
      rewards: [-100, -1],
      terminated: false,
    });
    expect(playActions(rules, at(34), [DOWN])).toMatchObject({
      observations: [36],
      rewards: [-100],
      terminated: false,
    });
  });
  it("charges 1 for a step back to the start, or against the edge there", () => {
    expect(playActions(rules, at(24), [DOWN, LEFT])).toMatchObject({ observations: [36, 36], rewards: [-1, -1] });
  });
  it("stays where the edge of the grid is", () => {
    expect(playActions(rules, at(36), [LEFT, DOWN]).observations).toEqual([36, 36]);
    expect(playActions(rules, at(0), [UP, LEFT]).observations).toEqual([0, 0]);
    expect(playActions(rules, at(11), [RIGHT, UP]).observations).toEqual([11, 11]);
  });
  it("shows the cliff, the last action and the agent's cell in brackets", () => {
    const { state } = playActions(rules, at(36), [UP]);
    const dots = " . ".repeat(12);
    expect(rules.render?.(state)).toBe(`(up)\n${dots}\n${dots}\n[.]${" . ".repeat(11)}\n S ${" C ".repeat(10)} G `);
  });
});

describe("CliffWalkingSlippery-v1", () => {
  const rules = rulesOf(icy);

  it.each([
    [UP, [12, 1, 14]],
    [RIGHT, [1, 14, 25]],
    [DOWN, [14, 25, 12]],
    [LEFT, [25, 12, 1]],
  ])("goes on action %i one way in three, in the order of the table", (action, cells) => {
    const draws = [0.33, 0.34, 0.67];
    expect(draws.map((u) => playActions(rules, at(13), [action], new ScriptedRng([u])).observations[0])).toEqual(cells);
  });
  it("goes each way in a third of 30,000 moves", () => {
    const rng = new Rng(11);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) {
      const way = [12, 1, 14].indexOf(playActions(rules, at(13), [UP], rng).observations[0] as number);
      counts[way] = (counts[way] ?? 0) + 1;
    }
    // 0.999 quantile of chi-square with 2 degrees of freedom
    expect(chiSquare(counts, [1 / 3, 1 / 3, 1 / 3])).toBeLessThan(13.8);
  });
  it("is the plain one with the parameter isSlippery", () => {
    const same = rulesOf(plain, { isSlippery: true });
    expect(playActions(same, at(13), [UP], new ScriptedRng([0.1])).observations).toEqual([12]);
    expect(playActions(rulesOf(icy, { isSlippery: false }), at(13), [UP], new ScriptedRng([0.1])).observations).toEqual(
      [1],
    );
  });
});
