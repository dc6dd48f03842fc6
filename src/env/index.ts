/** What an environment author imports as `dojang/env`. */
export type { BatchRules, BatchStep } from "./batch-rules.ts";
export { defineEnv, rules, type AnyPlugin, type Host, type Plugin } from "./define.ts";
export { didYouMean } from "../../protocol/did-you-mean.ts";
export {
  choice,
  defaultsOf,
  flag,
  int,
  list,
  real,
  record,
  string,
  type LengthOptions,
  type ParamOptions,
  type RangeOptions,
} from "./make-param.ts";
export { meantName } from "./meant-name.ts";
export { constantRamp } from "./param-values.ts";
export type { AnyParam, ParamsOf, ParamsSchema, ParamValue } from "./params.ts";
export { paramsToJson, resolveParams, type ResolveOptions } from "./resolve-params.ts";
export { episodeSeed, Rng, type RngState } from "./rng.ts";
export { MAX_SEED } from "../../protocol/seed.ts";
export type { AnyRules, Observe, OutOf, ReturnOf, RgbFrame, Rules, StepContext, Transition } from "./rules.ts";
export {
  box,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  oneOf,
  sequence,
  text,
  tuple,
} from "../../protocol/make-space.ts";
export type * from "../../protocol/spaces.ts";
export { assertEnv, CHECK_RULES, checkEnv, type CheckOptions } from "./check.ts";
export type { CheckReport } from "./check-rules/report.ts";
export type { Finding } from "./check-rules/rule.ts";
export {
  actionRepeat,
  clipAction,
  clipReward,
  episodeStatistics,
  flattenObservation,
  frameStack,
  normalizeObservation,
  normalizeReward,
  oneHot,
  rescaleAction,
  rewardShaping,
  stickyActions,
  timeAwareObservation,
  timeLimit,
  transformObservation,
  transformReward,
  wrapEnv,
} from "./wrappers/index.ts";
export type * from "./wrappers/index.ts";
