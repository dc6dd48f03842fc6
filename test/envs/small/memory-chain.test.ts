/** MemoryChain: what is shown when, the question, the pay. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import memoryChain from "../../../envs/memory-chain/index.ts";
import { rulesOf, ScriptedRng, stepOf } from "../support.ts";

const observed = (rules: ReturnType<typeof rulesOf>, state: unknown, bits: number): number[] => {
  const out = new Float32Array(bits + 2);
  rules.observe(state, out);
  return Array.from(out);
};

describe("MemoryChain-v0", () => {
  it("shows the bit first, then nothing for 10 steps, then asks; the 11th action is the answer", () => {
    const rules = rulesOf(memoryChain);
    let state = rules.reset(new ScriptedRng([1, 0]));
    expect(observed(rules, state, 1)).toEqual([1, 0, 1]);
    for (let step = 1; step <= 10; step++) {
      const transition = stepOf(rules, state, 0, new Rng(0));
      expect(transition).toMatchObject({ reward: 0, terminated: false });
      state = transition.state;
      expect(observed(rules, state, 1)).toEqual([Math.fround(1 - step / 10), step === 10 ? 1 : 0, 0]);
    }
    expect(stepOf(rules, structuredClone(state), 0, new Rng(0))).toMatchObject({ reward: -1, terminated: true });
    expect(stepOf(rules, state, 1, new Rng(0))).toMatchObject({ reward: 1, terminated: true });
    expect(rules.maxSteps).toBe(11);
  });
  it("asks for one of several bits, and pays 1 for exactly that one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (bits, length, seed) => {
        const rules = rulesOf(memoryChain, { bits, length });
        let state = rules.reset(new Rng(seed));
        const shown = observed(rules, state, bits).slice(2);
        for (let step = 0; step < length; step++) state = stepOf(rules, state, 1, new Rng(0)).state;
        const query = observed(rules, state, bits)[1]! - 1;
        const answer = shown[query] === 1 ? 1 : 0;
        expect(stepOf(rules, structuredClone(state), answer, new Rng(0)).reward).toBe(1);
        expect(stepOf(rules, state, 1 - answer, new Rng(0)).reward).toBe(-1);
      }),
      { numRuns: 50 },
    );
  });
  it("looks the same after the first step whatever the bit was: a player without memory earns 0", () => {
    const rules = rulesOf(memoryChain, { length: 3 });
    const later = [0, 1].map((bit) => {
      let state = rules.reset(new ScriptedRng([bit, 0]));
      return [1, 2, 3].map(() => {
        state = stepOf(rules, state, 0, new Rng(0)).state;
        return [observed(rules, state, 1), rules.render!(state)];
      });
    });
    expect(later[0]).toEqual(later[1]);
  });
  it("shows the bit in pictures only where the agent sees it", () => {
    const rules = rulesOf(memoryChain, { length: 1, bits: 2 });
    const state = rules.reset(new ScriptedRng([1, 0, 1]));
    expect(rules.render!(state)).toBe("step 0 of 1, shown 10");
    expect(rules.render!(stepOf(rules, state, 0, new Rng(0)).state)).toBe(
      "step 1 of 1, nothing shown, bit 1 is asked for",
    );
  });
});
