/** DeepSeek-R1's recipe (DeepSeek-AI, 2025, arXiv:2501.12948, section 2.3) in small: five stages, distillation, R1-Zero for contrast, and controls. */
import { rngFor } from "../../shared/rng.ts";
import type { Sft, Example } from "../sft.ts";
import type { Lab } from "./lab.ts";
import { gainOf, type Gain } from "./measured.ts";
import { permuteRewards } from "./permute-rewards.ts";
import { rejection, type RejectionResult } from "./rejection.ts";
import { DENSE, ROUTED, STUDENT, type NetShape } from "./settings.ts";
import type { StageResult } from "./stage.ts";
import { grpoStage, sftStage } from "./stages.ts";

type Told = (result: StageResult | RejectionResult) => void;

/** Where the controls begin as the recipe did. */
export interface Begun {
  readonly chains: readonly Example[];
  readonly cold: StageResult;
  /** What pass@1 rose by from the cold start to each later stage of the same net. */
  readonly gains: readonly Gain[];
}

/**
 * Cold start, GRPO, rejection sampling, SFT of the base on what was kept, GRPO again; then a smaller net learns from the same examples.
 * `onStage` is told each result, also of the stages that were done before.
 * @returns what the controls are compared with
 */
export async function recipe(lab: Lab, onStage: Told): Promise<Begun> {
  const { settings } = lab.options;
  const shape = lab.fitted(ROUTED);
  const chains = await lab.demonstrations(settings.demonstrations, "demonstrations");
  const base = await sftStage(lab, { name: "0-base", title: "random weights", shape, examples: chains, steps: 0, rate: 0 }); // prettier-ignore
  onStage(base);
  const cold = await coldStart(lab, "1-cold-start", "1 cold start: SFT on worked chains", shape, chains);
  onStage(cold);
  const first = await grpoStage(lab, { name: "2-grpo", title: "2 GRPO", shape, weights: cold.weights, steps: settings.grpoUpdates, rate: settings.grpoRate }); // prettier-ignore
  onStage(first);
  const { examples: kept, result: sampling } = await rejection(lab, shape, first);
  onStage(sampling);
  const examples = [...chains, ...kept];
  const again = await sftStage(lab, { name: "4-sft", title: `3+4 SFT of the base on ${kept.length} kept answers`, shape, examples, steps: settings.sftSteps, rate: settings.sftRate }); // prettier-ignore
  onStage(again);
  const last = await grpoStage(lab, { name: "5-grpo", title: "5 GRPO again", shape, weights: again.weights, steps: settings.againUpdates, rate: settings.againRate }); // prettier-ignore
  onStage(last);
  onStage(await sftStage(lab, { name: "6-distilled", title: "6 distilled into a smaller dense net", shape: lab.fitted(STUDENT), examples, steps: settings.distilSteps, rate: settings.sftRate })); // prettier-ignore
  onStage(await grpoStage(lab, { name: "7-zero", title: "R1-Zero: GRPO from random weights", shape, weights: base.weights, steps: settings.zeroUpdates, rate: settings.grpoRate })); // prettier-ignore
  return { chains, cold, gains: gainsOver(cold, [first, again, last]) };
}

/** None where a stage was run by a version that kept no scores of single problems. */
const gainsOver = (cold: StageResult, later: readonly StageResult[]): Gain[] =>
  later.flatMap((stage) => (cold.scores.length > 0 && cold.scores.length === stage.scores.length ? [gainOf(cold, stage)] : [])); // prettier-ignore

/** What the recipe must be compared with. The steps of each are those that take as much processor time as the first GRPO: fixed, so that a busy machine changes no result. */
export async function controls(lab: Lab, { chains, cold }: Begun, onStage: Told): Promise<void> {
  const { settings, seed } = lab.options;
  const { sftAloneSteps, permutedUpdates, denseUpdates, studentUpdates, sftRate, grpoRate } = settings;
  const [shape, rate] = [lab.fitted(ROUTED), grpoRate];
  onStage(await sftStage(lab, { name: "8-sft-alone", title: "control: SFT alone, as long as 2", shape, examples: chains, weights: cold.weights, steps: sftAloneSteps, rate: sftRate / 3 })); // prettier-ignore
  onStage(await grpoStage(lab, { name: "9-permuted", title: "control: 2 with permuted rewards", shape, weights: cold.weights, steps: permutedUpdates, rate, through: permuteRewards(rngFor(seed, "permute")) })); // prettier-ignore
  const dense = await coldStart(lab, "10-dense-cold-start", "control: 1 with a dense net", lab.fitted(DENSE), chains);
  onStage(dense);
  onStage(await grpoStage(lab, { name: "11-dense-grpo", title: "control: 2 with a dense net, as long", shape: lab.fitted(DENSE), weights: dense.weights, steps: denseUpdates, rate })); // prettier-ignore
  const student = await coldStart(
    lab,
    "12-student-cold-start",
    "control: 1 with the net of 6",
    lab.fitted(STUDENT),
    chains,
  );
  onStage(student);
  onStage(await grpoStage(lab, { name: "13-student-grpo", title: "control: 2 with the net of 6, as long", shape: lab.fitted(STUDENT), weights: student.weights, steps: studentUpdates, rate })); // prettier-ignore
}

/** Ends on purpose when the policy is right now and then: what GRPO needs, and all that it should be given. */
function coldStart(lab: Lab, name: string, title: string, shape: NetShape, examples: readonly Example[]) {
  const { stopAt, stopEvery, coldSteps, sftRate } = lab.options.settings;
  const text = lab.textOf(shape);
  const isEnough = async (step: number, { model }: Sft): Promise<boolean> =>
    step % stopEvery === 0 && (await lab.stoppingScore({ ...text, model })) >= stopAt;
  return sftStage(lab, { name, title, shape, examples, steps: coldSteps, rate: sftRate, isEnough });
}
