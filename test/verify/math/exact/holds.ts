/** Tables of pairs: the first column is one that the exact tier calls equal, the second one that it calls different. */
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/verify/math/exact/decide.ts";

type Case = readonly [gold: string, answer: string];

export function holds(name: string, equal: readonly Case[], different: readonly Case[]): void {
  describe(name, () => {
    it.each(equal)("%j equals %j", (gold, answer) => {
      expect(decide(gold, answer)).toMatchObject({ equal: true });
    });
    it.each(different)("%j does not equal %j", (gold, answer) => {
      expect(decide(gold, answer)).toMatchObject({ equal: false });
    });
  });
}
