/** The two kinds of stages: supervised fine-tuning on examples, and GRPO on rewards that come over the wire. */
import { from, lastValueFrom, type MonoTypeOperatorFunction } from "rxjs";
import type { JsonRecord } from "../../shared/run.ts";
import { seedFor } from "../../shared/rng.ts";
import type { Transitions } from "../../streams/transitions.ts";
import { groupRollout } from "../group-rollout.ts";
import { Grpo } from "../grpo.ts";
import { Sft, type Example } from "../sft.ts";
import type { Lab, Weights } from "./lab.ts";
import { GENERATIONS, PROMPTS, type NetShape } from "./settings.ts";
import { runStage, type StageResult } from "./stage.ts";
import { TAGS } from "./vocabulary.ts";

interface Common {
  readonly name: string;
  readonly title: string;
  readonly shape: NetShape;
  readonly steps: number;
  readonly rate: number;
  /** Measured on problems of this family alone. */
  readonly family?: string;
}

export interface SftStage extends Common {
  readonly examples: readonly Example[];
  /** Absent: the base, at random. */
  readonly weights?: Weights;
  /** Asked after each step: is it enough? */
  readonly isEnough?: (step: number, learner: Sft) => Promise<boolean>;
}

/** Plain data already; an interface has no index signature, which JsonRecord asks for. */
const plain = (shape: NetShape): JsonRecord => shape as unknown as JsonRecord;

/** The rate stays for 60 % of the steps and then falls to a tenth. */
const falling =
  (steps: number) =>
  (step: number): number =>
    1 - 0.9 * Math.max(0, (step / steps - 0.6) / 0.4);

export function sftStage(lab: Lab, stage: SftStage): Promise<StageResult> {
  const { name, title, shape, steps, rate, family, examples, weights, isEnough } = stage;
  // A stage that ends when it is good enough has no end to fall towards, unless it is told to be good enough by then.
  const pace = isEnough === undefined || lab.options.settings.coldFalls ? { pace: falling(steps) } : {};
  // All nets of one shape begin alike, so that "the base" is one and the same.
  const seed = lab.options.seed;
  const given = { learningRate: rate, batch: lab.options.settings.sftBatch };
  const trainee = new Sft(given, { text: lab.textOf(shape), seed, ...(weights && { weights }), ...pace }); // prettier-ignore
  const batches = trainee.batches(examples);
  const config: JsonRecord = { kind: "sft", ...trainee.config, steps, net: plain(shape) };
  return runStage(lab, {
    ...{ name, title, shape, steps, config, trainee, verdicts: 0, ...(family !== undefined && { family }) },
    data: examples.map(({ prompt, answer }) => ({ prompt, answer })),
    async *train(done) {
      // Stopped after a step and before the look that belongs to it.
      if (done > 0 && (await isEnough?.(done, trainee)) === true) return;
      for (let step = done + 1; step <= steps; step++) {
        // `batches` never ends.
        yield await lastValueFrom(from([batches.next().value as readonly Example[]]).pipe(trainee.learn));
        if ((await isEnough?.(step, trainee)) === true) return;
      }
    },
  });
}

export interface GrpoStage extends Common {
  readonly weights: Weights;
  /** Put between rollout and learner. */
  readonly through?: MonoTypeOperatorFunction<Transitions>;
}

const untouched: MonoTypeOperatorFunction<Transitions> = (source) => source;

export function grpoStage(lab: Lab, stage: GrpoStage): Promise<StageResult> {
  const { name, title, shape, steps, rate, weights, through = untouched } = stage;
  const seed = seedFor(lab.options.seed, name);
  const asked = lab.asked(seed, "problems");
  const given = { learningRate: rate, numPrompts: PROMPTS, numGenerations: GENERATIONS, maxCompletionLength: lab.set.answerTokens, stop: [TAGS.answered] }; // prettier-ignore
  const trainee = new Grpo(given, { text: lab.textOf(shape), weights, seed, pace: falling(steps) });
  const config = { kind: "grpo", ...trainee.config, steps, net: plain(shape) } as JsonRecord;
  return runStage(lab, {
    ...{ name, title, shape, steps, config, trainee, verdicts: PROMPTS * GENERATIONS },
    data: Array.from({ length: steps * PROMPTS }, (_, group) => ({ group, seed: asked.seedOf(group), ...(asked.optionsOf && { options: asked.optionsOf(group) }) })), // prettier-ignore
    async *train(done) {
      for (let update = done; update < steps; update++) {
        const groups = { size: GENERATIONS, from: update * PROMPTS, groups: (update + 1) * PROMPTS, ...asked };
        yield await lastValueFrom(groupRollout(lab.train, trainee.act, groups).pipe(through, trainee.learn));
      }
    },
  });
}
