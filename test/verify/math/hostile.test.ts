/** More than a hundred hostile answers beside honest ones: every one is answered in time, none pays, and the honest ones do not suffer. */
import { expect, it } from "vitest";

import { checkHostile } from "../../../bench/verify/math-hostile.ts";

it("answers more than 100 hostile inputs within 2.1 s each, none as correct, while every honest one gets its verdict", async () => {
  const { inputs, inTime, codes, honest, honestWrong, memoryBefore, memoryAfter } = await checkHostile({ rounds: 1 });
  expect(inputs).toBeGreaterThanOrEqual(100);
  expect(inTime).toBe(inputs);
  expect(codes["correct"]).toBeUndefined();
  // An answer that hangs the judge must not be skipped or asked again: it is wrong.
  expect(codes["unavailable"]).toBeUndefined();
  expect(codes["bad-gold"]).toBeUndefined();
  expect([honest > 50, honestWrong]).toEqual([true, 0]);
  expect(memoryAfter - memoryBefore).toBeLessThan(64);
});
