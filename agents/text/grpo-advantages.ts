/** Advantages of a group of answers to one prompt: how much better each was than the others (Shao et al., 2024, arXiv:2402.03300). */

/** What a difference to the group's mean is divided by: the group's deviation, the batch's (Liu et al., 2025, arXiv:2508.08221), or nothing (Dr. GRPO, arXiv:2503.20783). */
export const SCALES = ["group", "batch", "none"] as const;
export type Scale = (typeof SCALES)[number];

/** Added to the deviation, as TRL does. */
const EPSILON = 1e-4;

export interface GroupAdvantages {
  /** [rows] 0 where a row is not used */
  readonly advantage: Float64Array;
  /** [rows] 0 = failed, or alone in its group */
  readonly used: Uint8Array;
  /** [groups] 1 = some of its rewards differ: the group teaches something */
  readonly spread: Uint8Array;
  /** mean over the used rows */
  readonly reward: number;
  /** mean over the groups of their deviations; with scale "batch" the batch's */
  readonly rewardStd: number;
  /** share of the groups in use whose rewards are all alike */
  readonly fracRewardZeroStd: number;
  /** rows that failed */
  readonly faulted: number;
  /** groups of which fewer than 2 rows are left */
  readonly dropped: number;
}

/**
 * @param rewards [groups * size], group by group; NaN = the row failed and is no answer: it counts neither in the mean nor in the deviation
 * @throws {RangeError} when the rewards are no whole groups
 */
export function groupAdvantages(rewards: ArrayLike<number>, size: number, scale: Scale = "group"): GroupAdvantages {
  const groups = rewards.length / size;
  if (!Number.isInteger(groups) || groups < 1 || size < 1)
    throw new RangeError(`group advantages: expected whole groups of ${size}, got ${rewards.length} rewards`);
  const advantage = new Float64Array(rewards.length);
  const used = new Uint8Array(rewards.length);
  const spread = new Uint8Array(groups);
  const deviations: number[] = [];
  for (let g = 0; g < groups; g++) {
    const rows = usable(rewards, g * size, size);
    if (rows.length < 2) continue;
    const { mean, std } = moments(rows.map((row) => rewards[row] as number));
    spread[g] = Number(rows.some((row) => rewards[row] !== rewards[rows[0] as number]));
    deviations.push(std);
    for (const row of rows) {
      used[row] = 1;
      const difference = spread[g] === 1 ? (rewards[row] as number) - mean : 0;
      advantage[row] = scale === "group" ? difference / (std + EPSILON) : difference;
    }
  }
  const all = Array.from(used.keys()).filter((row) => used[row] === 1);
  const { mean, std } = moments(all.map((row) => rewards[row] as number));
  if (scale === "batch") for (const row of all) advantage[row] = (advantage[row] as number) / (std + EPSILON);
  const alike = deviations.length - spread.reduce((sum, one) => sum + one, 0);
  return {
    advantage,
    used,
    spread,
    reward: mean,
    rewardStd: scale === "batch" ? std : moments(deviations).mean,
    fracRewardZeroStd: deviations.length === 0 ? 0 : alike / deviations.length,
    faulted: Array.from(rewards).filter(Number.isNaN).length,
    dropped: groups - deviations.length,
  };
}

const usable = (rewards: ArrayLike<number>, from: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => from + i).filter((row) => !Number.isNaN(rewards[row]));

/** Mean, and the deviation with n - 1 below, as torch has it; 0 for fewer than two. */
export function moments(values: readonly number[]): { mean: number; std: number } {
  const n = values.length;
  if (n === 0) return { mean: 0, std: 0 };
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return { mean, std: n < 2 ? 0 : Math.sqrt(squares / (n - 1)) };
}
