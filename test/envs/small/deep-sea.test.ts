/** DeepSea: the one way to the treasure, the costs, the drawn meaning of actions, chance, exact values. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import deepSea, { deepSeaModel, rightActions } from "../../../envs/deep-sea/index.ts";
import { optimalValues, policyValues, randomPolicy, startValue } from "../planning.ts";
import { rulesOf, ScriptedRng, stepOf } from "../support.ts";

/** Rewards of an episode whose moves are chosen by cell: true goes right. */
function dive(params: Readonly<Record<string, unknown>>, size: number, goRight: (step: number) => boolean): number[] {
  const rules = rulesOf(deepSea, { size, ...params });
  const rightOf = rightActions(size, params["randomizeActions"] !== false, Number(params["mappingSeed"] ?? 0));
  let state = rules.reset(new Rng(1)) as { at: number };
  return Array.from({ length: size }, (_, step) => {
    const right = rightOf[state.at]!;
    const transition = stepOf(rules, state, goRight(step) ? right : 1 - right, new Rng(2));
    state = transition.state as { at: number };
    expect(transition.terminated).toBe(step === size - 1);
    return transition.reward;
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe("DeepSea-v0", () => {
  it.each([1, 2, 5, 10, 50])("pays 0.99 for going right all the way, at size %i", (size) => {
    expect(sum(dive({}, size, () => true))).toBeCloseTo(0.99, 12);
  });
  it("pays nothing for going left, and 0.001 a move to the right that leads nowhere", () => {
    expect(sum(dive({}, 10, () => false))).toBe(0);
    expect(sum(dive({}, 10, (step) => step !== 4))).toBeCloseTo(-0.009, 12);
  });
  it("draws for each cell which action means right, by mappingSeed; without that 1 does", () => {
    expect(rightActions(10, true, 1)).not.toEqual(rightActions(10, true, 2));
    expect(rightActions(10, true, 1)).toEqual(rightActions(10, true, 1));
    expect(new Set(rightActions(10, false, 1))).toEqual(new Set([1]));
    const ones = sum(rightActions(20, true, 3));
    expect(Math.abs(ones - 200)).toBeLessThan(40); // four deviations of 400 fair coins
  });
  it.each([2, 4, 8])("is worth 0.99 to the best player and 2^-N - 0.005 to a random one, at N = %i", (size) => {
    const model = deepSeaModel({ size, slippery: false, rightOf: rightActions(size, true, 7) });
    expect(startValue(model, optimalValues(model))).toBeCloseTo(0.99, 10);
    expect(startValue(model, policyValues(model, randomPolicy(model)))).toBeCloseTo(2 ** -size - 0.005, 10);
  });
  it("is worth (1 - 1/N)^(N-1) - 0.01 when slippery to who always tries right", () => {
    const model = deepSeaModel({ size: 10, slippery: true, rightOf: rightActions(10, false, 0) });
    const right = policyValues(model, () => [0, 1]);
    expect(startValue(model, right)).toBeCloseTo(0.9 ** 9 - 0.01, 10);
    const rules = rulesOf(deepSea, { slippery: true, randomizeActions: false });
    const after = (u: number): unknown => stepOf(rules, { at: 0 }, 1, new ScriptedRng([u])).state;
    expect([after(0.09), after(0.11)]).toEqual([{ at: 10 }, { at: 11 }]);
  });
  it("adds noise only in the two corners of the ground, when asked to", () => {
    const rules = rulesOf(deepSea, { size: 3, noise: true, randomizeActions: false });
    const paid = (at: number): number => stepOf(rules, { at }, 0, new Rng(5)).reward;
    expect([0, 3, 4, 7].map(paid)).toEqual([0, 0, 0, 0]);
    expect(paid(6)).toBe(new Rng(5).normal());
    expect(paid(8)).toBe(new Rng(5).normal());
  });
  it("observes one cell of N x N, and none below the ground", () => {
    const rules = rulesOf(deepSea, { size: 3 });
    const seen = (at: number): number[] => {
      const out = new Uint8Array(9);
      rules.observe({ at }, out);
      return Array.from(out);
    };
    expect(seen(4)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(seen(9)).toEqual(new Array<number>(9).fill(0));
  });
  it("shows the diver, the treasure and what cannot be reached, as text or pixels", () => {
    const rules = rulesOf(deepSea, { size: 3 });
    expect(rules.render!({ at: 4 })).toBe(".##\n.@#\n..$");
    expect(rulesOf(deepSea, { size: 3, renderMode: "rgb" }).render!({ at: 9 })).toMatchObject({
      width: 96,
      height: 96,
    });
  });
});
