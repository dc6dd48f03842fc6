/** The exact tier on the labelled pairs: at least 99 of 100 equal ones are found in each family, no unequal one is called equal. */
import { describe, expect, it } from "vitest";
import { decide, measured } from "../../../../src/verify/math/exact/decide.ts";
import { Draws } from "../pairs/draws.ts";
import { FAMILIES } from "../pairs/index.ts";

const SEEDS = [5, 41];
const COUNT = 200;

describe("decide on labelled pairs", () => {
  for (const family of FAMILIES) {
    const decided = SEEDS.flatMap((seed) => family.pairs(new Draws(seed), COUNT)).map((pair) => ({
      ...pair,
      found: decide(pair.gold, pair.answer),
    }));

    it(`${family.name}: finds 99 % of ${decided.length / 2} equal pairs and calls none of the near misses equal`, () => {
      const missed = decided.filter(({ equal, found }) => equal && found.equal !== true);
      const wrong = decided.filter(({ equal, found }) => !equal && found.equal === true);
      expect(wrong).toEqual([]);
      expect(missed.length, JSON.stringify(missed.slice(0, 5))).toBeLessThanOrEqual(decided.length / 200);
    });

    it(`${family.name}: decides the same way round and back, but where a form is asked for`, () => {
      const turned = decided.filter(({ gold, answer, found }) => {
        const back = decide(answer, gold);
        return back.equal !== found.equal && back.rule !== "form" && found.rule !== "form";
      });
      expect(turned).toEqual([]);
    });
  }

  it("spends no more than 5,000 work units on 99 of 100 of them", () => {
    const work = FAMILIES.flatMap((family) => family.pairs(new Draws(6), 40))
      .map(({ gold, answer }) => measured(gold, answer).work)
      .sort((a, b) => a - b);
    expect(work[Math.floor(work.length * 0.99)]).toBeLessThan(5000);
  });
});
