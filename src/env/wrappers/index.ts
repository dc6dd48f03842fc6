/** Wrappers: plain functions from rules to rules. docs/wrappers.md shows each. */
export { actionRepeat, type InnerSteps } from "./action-repeat.ts";
export { clipAction } from "./clip-action.ts";
export { episodeStatistics, type EpisodeSum, type WithEpisode } from "./episode-statistics.ts";
export { flattenObservation } from "./flatten-observation.ts";
export { frameStack, type FrameStackOptions } from "./frame-stack.ts";
export { normalizeObservation, type NormalizeObservationOptions } from "./normalize-observation.ts";
export { normalizeReward, type NormalizeRewardOptions, type ReturnScale } from "./normalize-reward.ts";
export { oneHot } from "./one-hot.ts";
export type { Carried } from "./plumbing.ts";
export { rescaleAction } from "./rescale-action.ts";
export { rewardShaping, type RewardShapingOptions } from "./reward-shaping.ts";
export type { Prior, RunningStatistics } from "./running-statistics.ts";
export { stickyActions, type LastAction } from "./sticky-actions.ts";
export { timeAwareObservation, type Elapsed } from "./time-aware-observation.ts";
export { timeLimit } from "./time-limit.ts";
export { transformObservation } from "./transform-observation.ts";
export { clipReward, transformReward } from "./transform-reward.ts";
export { wrapEnv, type UnknownRules } from "./wrap-env.ts";
