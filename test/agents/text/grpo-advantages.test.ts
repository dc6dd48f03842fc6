/** Advantages of groups, against numbers worked out by hand. */
import { describe, expect, it } from "vitest";
import { groupAdvantages } from "../../../agents/text/grpo-advantages.ts";

const rounded = (values: ArrayLike<number>): number[] => Array.from(values, (x) => Math.round(x * 1e4) / 1e4 + 0);

describe("group advantages", () => {
  // Rewards 1, 0, 0, 1: mean 1/2, deviation sqrt(4 * 1/4 / 3) = 0.57735; 0.5 / (0.57735 + 0.0001) = 0.86588.
  it("are the distance to the group's mean in its deviations, n - 1 below, plus 0.0001", () => {
    const { advantage, rewardStd, reward } = groupAdvantages([1, 0, 0, 1], 4);
    expect(rounded(advantage)).toEqual([0.8659, -0.8659, -0.8659, 0.8659]);
    expect([reward, rewardStd]).toEqual([0.5, expect.closeTo(0.57735, 5)]);
  });

  it("are only the distance to the mean without scale", () => {
    expect([...groupAdvantages([1, 0, 0, 0], 4, "none").advantage]).toEqual([0.75, -0.25, -0.25, -0.25]);
  });

  // All four rewards: mean 0.75, deviation sqrt((3 * 1/16 + 9/16) / 3) = 0.5.
  it("with scale batch divide by the deviation of all rewards, not of the group's", () => {
    const { advantage, rewardStd } = groupAdvantages([1, 1, 1, 0], 2, "batch");
    expect(rounded(advantage)).toEqual(rounded([0, 0, 0.5 / 0.5001, -0.5 / 0.5001]));
    expect(rewardStd).toBe(0.5);
  });

  it("are exactly 0 in a group whose rewards are all alike, also where their mean is no exact number, and the group is reported", () => {
    const { advantage, spread, fracRewardZeroStd } = groupAdvantages([0.1, 0.1, 0.1, 1, 0, 0], 3);
    expect([...advantage.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([...spread]).toEqual([0, 1]);
    expect(fracRewardZeroStd).toBe(0.5);
  });

  it("leave failed rows out of mean and deviation, and give them no advantage", () => {
    const { advantage, used, reward, faulted } = groupAdvantages([1, NaN, 0, NaN], 4, "none");
    expect([...advantage]).toEqual([0.5, 0, -0.5, 0]);
    expect([...used]).toEqual([1, 0, 1, 0]);
    expect([reward, faulted]).toEqual([0.5, 2]);
  });

  it("drop a group of which fewer than 2 rows are left, and count it", () => {
    const found = groupAdvantages([NaN, 1, 1, 0], 2);
    expect([...found.used]).toEqual([0, 0, 1, 1]);
    expect([found.dropped, found.faulted, found.reward, found.fracRewardZeroStd]).toEqual([1, 1, 0.5, 0]);
  });

  it("refuse rewards that are no whole groups", () => {
    expect(() => groupAdvantages([1, 0, 1], 2)).toThrow("expected whole groups of 2, got 3 rewards");
  });
});
