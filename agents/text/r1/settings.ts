/** Everything the recipe can be told: sizes and steps of each stage. Steps, never seconds: a busy machine must not change a result. */
import { choice, flag, int, real, type ParamsOf } from "dojang/env";
import type { DecoderOptions } from "../../nets/decoder/decoder.ts";
import { TASK_SETS } from "./task-set.ts";

/** Held-out sets that figures can be taken on: none of their problems is in both. */
export const MEASURED_ON = ["final", "tuning"] as const;
export type MeasuredOn = (typeof MEASURED_ON)[number];

/** Rows of a training batch: 8 groups of 16. */
export const PROMPTS = 8;
export const GENERATIONS = 16;
/** Rows of the env that held-out problems are answered in. */
export const TEST_ROWS = 256;

export type NetShape = Omit<DecoderOptions, "vocab" | "pad">;

const SHAPE = { width: 64, layers: 2, heads: 4, context: 24, positions: "learned" } as const;

/** The policy: 1 shared expert and the best 2 of 4. */
export const ROUTED: NetShape = { ...SHAPE, moe: { experts: 4, active: 2, hidden: 64, shared: 1 } };

/** As wide as the experts that a token passes through. */
export const DENSE: NetShape = { ...SHAPE, ffn: 192 };

/** What is distilled into. */
export const STUDENT: NetShape = { ...SHAPE, width: 48, ffn: 96 };

const count = (value: number, doc: string, max = 1_000_000) => int(value, { min: 1, max, doc });
const rate = (value: number, doc: string) => real(value, { min: 0, max: 1, doc });

export const R1 = {
  tasks: choice("addition", TASK_SETS, { doc: "what is learnt: three-digit sums, or four families of problems mixed" }),
  controls: flag(false, { doc: "run the controls as well" }),
  demonstrations: count(3_000, "worked chains of the cold start"),
  stopAt: real(0.4, { min: 0, max: 1, doc: "greedy share of the stopping set at which the cold start ends" }),
  stopEvery: count(5, "steps between two looks at the stopping set"),
  stopping: count(256, "problems of the stopping set"),
  coldSteps: count(600, "steps of the cold start at most"),
  coldFalls: flag(false, { doc: "its learning rate falls over the last 40 % of these steps" }),
  sftRate: rate(3e-3, "learning rate of supervised stages"),
  sftBatch: count(128, "examples in a step of theirs", 65_536),
  grpoUpdates: count(700, "updates of the first GRPO, each of 8 prompts x 16 answers"),
  grpoRate: rate(3e-4, "its learning rate"),
  againUpdates: count(250, "updates of the second GRPO"),
  againRate: rate(1e-4, "its learning rate"),
  rejectionPrompts: count(3_000, "prompts of the rejection sampling"),
  rejectionSamples: count(4, "answers to each that are judged", PROMPTS * GENERATIONS),
  sftSteps: count(700, "steps of the SFT on what was kept"),
  distilSteps: count(1_000, "steps of the distillation"),
  zeroUpdates: count(150, "updates of R1-Zero"),
  sftAloneSteps: count(1_850, "steps of the control that goes on with the SFT of the cold start"),
  permutedUpdates: count(300, "updates of the control with permuted rewards"),
  denseUpdates: count(780, "updates of the control with a dense net"),
  studentUpdates: count(1_300, "updates of the control that trains the net of the distillation by rewards"),
  heldOut: count(2_000, "problems of a held-out set that are answered greedily"),
  sampled: count(500, "of these, problems that are answered several times"),
  samples: count(16, "answers to each", TEST_ROWS),
  measureOn: choice("final", MEASURED_ON, {
    doc: "the held-out set of the figures; choose settings by those on tuning, and look at final last",
  }),
  tuning: count(2_000, "problems of the held-out set tuning"),
  productExamples: count(3_000, "of mixed tasks: products that are learnt with thinking and without"),
  productSteps: count(600, "steps of each"),
};

export type R1Settings = ParamsOf<typeof R1>;

/** Where `tasks` is mixed, these are the defaults. */
export const MIXED_SETTINGS = {
  demonstrations: 20_000,
  stopAt: 0.38,
  stopEvery: 50,
  coldSteps: 2_400,
  coldFalls: true,
  sftBatch: 64,
  grpoUpdates: 600,
  grpoRate: 2e-4,
  againUpdates: 100,
  rejectionPrompts: 8_000,
  sftSteps: 4_000,
  distilSteps: 800,
  zeroUpdates: 20,
  sftAloneSteps: 4_000,
  heldOut: 640,
  tuning: 960,
  sampled: 480,
  productExamples: 6_000,
  productSteps: 600,
} satisfies Partial<R1Settings>;
