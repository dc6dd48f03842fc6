/** What an update of GRPO reports about its answers, under TRL's names. */
import { moments, type GroupAdvantages } from "./grpo-advantages.ts";
import type { Group } from "./grpo-groups.ts";

/**
 * The loss says little: at the first step on fresh answers it is about 0, whatever is learnt. These say how it goes: `reward`, `reward_std`,
 * `frac_reward_zero_std` (groups that teach nothing), the parts of the reward, and the lengths in tokens.
 */
export function reportOf(groups: readonly Group[], found: GroupAdvantages): Record<string, number> {
  const rows = groups.flatMap(({ transcripts }) => transcripts.filter((row) => row !== undefined));
  const lengths = rows.map(({ sampled }) => sampled.reduce((sum, one) => sum + one, 0));
  const names = new Set(groups.flatMap(({ parts }) => Object.keys(parts)));
  const parts = [...names].flatMap((name) => {
    const values = groups.flatMap(({ parts, rewards }) =>
      [...(parts[name] ?? [])].filter((part, row) => !Number.isNaN(part) && !Number.isNaN(rewards[row])),
    );
    if (values.length === 0) return [];
    const { mean, std } = moments(values);
    return [[`rewards/${name}/mean`, mean] as const, [`rewards/${name}/std`, std] as const];
  });
  return {
    reward: found.reward,
    reward_std: found.rewardStd,
    frac_reward_zero_std: found.fracRewardZeroStd,
    ...Object.fromEntries(parts),
    "completions/mean_length": moments(lengths).mean,
    "completions/max_length": Math.max(0, ...lengths),
    "completions/clipped_ratio": moments(rows.map(({ clipped }) => Number(clipped))).mean,
    num_tokens: lengths.reduce((sum, length) => sum + length, 0),
    rows_faulted: found.faulted,
    groups_dropped: found.dropped,
  };
}
