/** Hyperparameters of GRPO, under TRL's names. */
import { choice, flag, int, list, real, string, type ParamsOf } from "dojang/env";
import { SCALES } from "./grpo-advantages.ts";
import { LOSS_TYPES, RATIO_LEVELS } from "./grpo-loss.ts";

/** Larger than for large models (0.001), which take thousands of updates. */
export const balanceRate = real(0.01, {
  min: 0,
  max: 1,
  doc: "what the selection bias of an expert that is too busy, or too idle, moves by in an update",
});

export const GRPO = {
  numGenerations: int(16, { min: 2, max: 1_024, doc: "answers to one prompt: a group" }),
  numPrompts: int(8, { min: 1, max: 4_096, doc: "groups of one update" }),
  maxCompletionLength: int(32, { min: 1, max: 65_536, doc: "tokens of the longest answer" }),
  temperature: real(1, { min: 0.01, max: 10, doc: "divides the logits, when sampling and when learning" }),
  stop: list(string(""), [], { maxLength: 16, doc: "texts that end an answer and belong to it" }),
  learningRate: real(3e-4, { min: 0, max: 1, doc: "step size of Adam" }),
  maxGradNorm: real(1, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
  beta: real(0.01, { min: 0, max: 10, doc: "weight of the divergence from the policy at the start; 0 = no reference" }),
  epsilon: real(0.2, { min: 0, max: 1, doc: "a ratio below 1 - epsilon wins nothing more" }),
  epsilonHigh: real(0.2, { min: 0, max: 10, doc: "a ratio above 1 + epsilonHigh wins nothing more (DAPO: 0.28)" }),
  numIterations: int(1, { min: 1, max: 100, doc: "passes over the answers of an update" }),
  minibatches: int(1, { min: 1, max: 64, doc: "parts of a pass, each with its own step; divides the answers" }),
  importanceSamplingLevel: choice("token", RATIO_LEVELS, { doc: "whose ratio is clipped; sequence: GSPO" }),
  scaleRewards: choice("group", SCALES, { doc: "deviation that advantages are divided by; none: Dr. GRPO" }),
  lossType: choice("dapo", LOSS_TYPES, { doc: "what the sum over tokens is divided by" }),
  maskTruncatedCompletions: flag(false, { doc: "answers cut at their longest length are not learnt from" }),
  dynamicSampling: int(0, {
    min: 0,
    max: 100,
    doc: "rounds in which groups of equal rewards are replaced by new ones (DAPO); 0: they are kept",
  }),
  entropyCoef: real(0, { min: 0, max: 1, doc: "weight of the policy's entropy" }),
  balanceRate,
};

export type GrpoConfig = ParamsOf<typeof GRPO>;
