/** Stage 3 of the recipe, rejection sampling: answers of the policy to training problems, of which those that the env judges right are kept as examples. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { costsOf, cpuSeconds } from "../../shared/costs.ts";
import { dojangVersion } from "../../shared/receipt.ts";
import { Run, type JsonRecord } from "../../shared/run.ts";
import type { Answers } from "../evaluate-text.ts";
import type { Example } from "../sft.ts";
import type { Lab } from "./lab.ts";
import { readJson, readJsonLines } from "./read-json.ts";
import type { NetShape } from "./settings.ts";
import type { StageResult } from "./stage.ts";

/** What a stage reports that trains nothing: it has no policy of its own to be measured. */
export interface RejectionResult {
  readonly name: string;
  readonly title: string;
  /** Prompts that were answered. */
  readonly steps: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Answers that were judged, those that were right, and those that were kept: right ones, each once. */
  readonly answers: number;
  readonly right: number;
  readonly kept: number;
}

/** One is a table row with figures, the other one without. */
export const isMeasured = (result: StageResult | RejectionResult): result is StageResult => "measured" in result;

const NAME = "3-rejection";
const RECEIPT = "receipt.json";
/** Prompts of one line of metrics. */
const CHUNK = 100;

interface Kept {
  readonly examples: readonly Example[];
  readonly result: RejectionResult;
}

/** A folder like that of any other stage, but for a checkpoint: its policy is that of the stage before. One that is done is read. */
export async function rejection(lab: Lab, shape: NetShape, policy: StageResult): Promise<Kept> {
  const folder = join(lab.options.folder, NAME);
  if (existsSync(join(folder, RECEIPT))) {
    const hint = `Remove ${folder}: --resume samples again.`;
    const { name, title, steps, seconds, cpuSeconds: cpu, answers, right, kept } = (await readJson(join(folder, RECEIPT), hint)) as RejectionResult; // prettier-ignore
    const result = { name, title, steps, seconds, cpuSeconds: cpu, answers, right, kept };
    return { examples: await readExamples(join(folder, "data.jsonl"), hint, kept), result };
  }
  // Stopped before it was done: it takes seconds, and begins anew.
  await rm(folder, { recursive: true, force: true });
  const { rejectionPrompts: prompts, rejectionSamples: samples } = lab.options.settings;
  const config = { kind: "rejection", policy: policy.name, prompts, samples, temperature: 1 };
  const run = await Run.create(folder, { seed: lab.options.seed, ...config });
  try {
    return await sample(lab, shape, policy, run, config);
  } finally {
    run.close();
  }
}

async function sample(lab: Lab, shape: NetShape, policy: StageResult, run: Run, config: JsonRecord): Promise<Kept> {
  const { seed, settings } = lab.options;
  const [began, cpu] = [performance.now(), cpuSeconds()];
  const text = { ...lab.textOf(shape), model: { weights: () => policy.weights } };
  const problems = await lab.sample(text, settings.rejectionPrompts, settings.rejectionSamples, "rejection");
  const [seconds, spent] = [(performance.now() - began) / 1_000, cpuSeconds() - cpu];
  const examples = problems.flatMap(keptOf);
  for (let from = 0; from < problems.length; from += CHUNK) run.write(metricsOf(problems, from));
  const [answers, right] = [problems.length * settings.rejectionSamples, problems.reduce((sum, one) => sum + rightOf(one), 0)]; // prettier-ignore
  const title = `3 rejection sampling: ${examples.length} of ${answers} answers kept`;
  const result = { name: NAME, title, steps: problems.length, seconds, cpuSeconds: spent, answers, right, kept: examples.length }; // prettier-ignore
  await writeAtomic(join(run.folder, "data.jsonl"), examples.map((example) => `${JSON.stringify(example)}\n`).join(""));
  await writeAtomic(join(run.folder, "samples.md"), samplesOf(title, problems.slice(0, 8)));
  const { node, v8 } = process.versions;
  const costs = costsOf({ envSteps: answers, evaluationSteps: 0, gradientSteps: 0, cpuSeconds: spent, wallSeconds: seconds }, {}); // prettier-ignore
  const versions = { dojang: dojangVersion(), node, v8, arch: process.arch, platform: process.platform };
  await run.receipt({ status: "done", ...result, seed, config, costs, versions });
  return { examples, result };
}

const rightOf = ({ right }: Answers): number => right.reduce((sum, one) => sum + one, 0);

const keptOf = ({ prompt, replies, right }: Answers): Example[] =>
  [...new Set(replies.filter((_, i) => right[i] === 1))].map((answer) => ({ prompt, answer }));

/** Of the prompts from `from` on, by the names that GRPO's metrics have. */
function metricsOf(problems: readonly Answers[], from: number): Record<string, number> {
  const chunk = problems.slice(from, from + CHUNK);
  const answers = chunk.reduce((sum, { right }) => sum + right.length, 0);
  const mean = (of: (one: Answers) => number): number => chunk.reduce((sum, one) => sum + of(one), 0) / answers;
  return {
    step: from + chunk.length,
    reward: mean(({ returns }) => returns.reduce((sum, one) => sum + one, 0)),
    "rewards/accuracy/mean": mean(rightOf),
    kept: chunk.reduce((sum, one) => sum + keptOf(one).length, 0),
  };
}

function samplesOf(title: string, shown: readonly Answers[]): string {
  const blocks = shown.map(({ prompt, replies, right }) => {
    const lines = replies.map((reply, i) => `- ${right[i] === 1 ? "right" : "wrong"}: \`${reply}\``);
    return [`## ${prompt.split("\n")[0] ?? ""}`, "", ...lines, ""].join("\n");
  });
  return [`# ${title}`, "", ...blocks].join("\n");
}

/** @param count of the lines that there must be; absent: nobody knows */
async function readExamples(file: string, hint: string, count?: number): Promise<Example[]> {
  const examples = (await readJsonLines(file, hint)) as Example[];
  if (examples.length === (count ?? examples.length)) return examples;
  throw new GymError("BAD_RUN", file, { expected: `${count ?? 0} lines`, received: examples.length, hint });
}
