/** One stage of the recipe in a folder of its own: data set, metrics, checkpoint, samples, receipt. A stage that was stopped goes on; one that is done is read. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import { sizeOf } from "../../nets/params.ts";
import type { Metrics } from "../../shared/agent.ts";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { costsOf, cpuSeconds } from "../../shared/costs.ts";
import { fieldsOf, type Plain, type Saveable } from "../../shared/plain.ts";
import { dojangVersion } from "../../shared/receipt.ts";
import { readCheckpoint, Run, type JsonRecord } from "../../shared/run.ts";
import type { Answers } from "../evaluate-text.ts";
import type { Lab, Text, Weights } from "./lab.ts";
import type { Measured, ProblemScore } from "./measured.ts";
import { readJson, readJsonLines } from "./read-json.ts";
import type { MeasuredOn, NetShape } from "./settings.ts";

/** A learner that a stage trains: a Grpo or an Sft. */
export interface Trainee extends Saveable {
  readonly model: { weights(): Weights; readonly steps: number };
}

export interface StageSpec {
  /** Name of its folder. */
  readonly name: string;
  /** What the table says. */
  readonly title: string;
  readonly shape: NetShape;
  /** What it is run with: kept beside its results. */
  readonly config: JsonRecord;
  /** Lines of data.jsonl: what it learns from. */
  readonly data: readonly JsonRecord[];
  readonly trainee: Trainee;
  /** Steps in all, at most. */
  readonly steps: number;
  /** Answers that the env judges in a step. */
  readonly verdicts: number;
  /** The family whose problems alone it is measured on; absent: all. */
  readonly family?: string;
  /** Trains from step `done` on, a step each time it is asked. */
  train(done: number): AsyncIterable<Metrics>;
}

export interface StageReceipt {
  readonly title: string;
  readonly steps: number;
  /** Wall time and processor time of the training; figures are taken outside of it. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly measured: Measured;
  /** The held-out set of these figures; absent where a version measured that had but one. */
  readonly measuredOn?: MeasuredOn;
}

export interface StageResult extends StageReceipt {
  readonly name: string;
  readonly weights: Weights;
  /** Of each held-out problem that was answered several times. */
  readonly scores: readonly ProblemScore[];
}

const CHECKPOINT_EVERY = 50;
const RECEIPT = "receipt.json";
const CHECKPOINT = "checkpoint.safetensors";
const SCORES = "scores.jsonl";

/** @throws {GymError} CANCELLED when stopped, with a checkpoint from which it goes on; what training throws */
export async function runStage(lab: Lab, spec: StageSpec): Promise<StageResult> {
  const { name, shape, trainee } = spec;
  const text = lab.textOf(shape);
  const finished = await finishedStage(lab, name, text);
  // One that is done and was measured on another set is measured again.
  if (finished?.measuredOn === lab.options.settings.measureOn) return finished;
  const { run, state } = await open(lab, spec);
  try {
    const spent = await train(lab, spec, run, state);
    const weights = trainee.model.weights();
    const before = lab.evaluationSteps;
    const { measured, scores, shown } = await lab.measure(text, weights, spec.family);
    const { measureOn: measuredOn } = lab.options.settings;
    const receipt = { title: spec.title, steps: spent.step, seconds: spent.seconds, cpuSeconds: spent.cpu, measured, measuredOn }; // prettier-ignore
    await writeAtomic(join(run.folder, "samples.md"), samplesOf(spec.title, shown));
    await writeAtomic(join(run.folder, SCORES), linesOf(scores));
    const evaluationSteps = spent.looks + lab.evaluationSteps - before;
    await run.receipt(receiptOf(lab, receipt, spec, evaluationSteps));
    return { name, weights, scores, ...receipt };
  } finally {
    run.close();
  }
}

/** What a stage left when it was done; undefined before. */
async function finishedStage(lab: Lab, name: string, text: Text): Promise<StageResult | undefined> {
  const folder = join(lab.options.folder, name);
  if (!existsSync(join(folder, RECEIPT))) return undefined;
  const [weights, scores] = [await readWeights(folder, text.decoder), await readScores(folder)];
  return { ...(await readReceipt(folder)), name, weights, scores };
}

/** @param folder of a stage that is done */
export const readReceipt = async (folder: string): Promise<StageReceipt> =>
  (await readJson(join(folder, RECEIPT), "Remove it: --resume measures the stage again.")) as StageReceipt;

/** The parameters of a stage's last checkpoint. @throws {GymError} BAD_RUN when they are those of another net */
export async function readWeights(folder: string, { params: specs }: Text["decoder"]): Promise<Weights> {
  const saved = await readCheckpoint(folder);
  if (saved === undefined)
    throw new GymError("BAD_RUN", folder, { expected: CHECKPOINT, received: "none", hint: "Remove the folder: --resume trains the stage again." }); // prettier-ignore
  const { learner } = fieldsOf(fieldsOf(saved)["state"] as Plain);
  const { params } = fieldsOf(fieldsOf(learner as Plain)["model"] as Plain);
  const weights = specs.map(({ name, shape }) => {
    const data = fieldsOf(params as Plain)[name];
    if (data instanceof Float32Array && data.length === sizeOf(shape)) return [name, { data, shape }] as const;
    throw new GymError("BAD_RUN", `${folder}: parameter ${name}`, {
      expected: `${sizeOf(shape)} numbers`,
      received: data instanceof Float32Array ? data.length : undefined,
      hint: "The stage was run with another version: begin anew in another folder.",
    });
  });
  return Object.fromEntries(weights);
}

/** None where an earlier version ran the stage. */
async function readScores(folder: string): Promise<ProblemScore[]> {
  const file = join(folder, SCORES);
  if (!existsSync(file)) return [];
  return (await readJsonLines(file, `Remove ${join(folder, RECEIPT)}: --resume measures the stage again.`)) as ProblemScore[]; // prettier-ignore
}

const linesOf = (all: readonly object[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join("");

async function open(lab: Lab, { name, config, data }: StageSpec) {
  const folder = join(lab.options.folder, name);
  const begun = existsSync(join(folder, CHECKPOINT));
  // Stopped before its first checkpoint: nothing of it is worth keeping, and a file may be missing.
  if (!begun) await rm(folder, { recursive: true, force: true });
  const opened = begun ? await Run.resume(folder) : { run: await Run.create(folder, { seed: lab.options.seed, ...config }), state: undefined }; // prettier-ignore
  // Also where it was removed since.
  if (!existsSync(join(folder, "data.jsonl"))) await writeAtomic(join(folder, "data.jsonl"), linesOf(data));
  return opened;
}

interface Spent {
  step: number;
  seconds: number;
  cpu: number;
  /** Answers to held-out problems that were judged to decide whether it ends. */
  looks: number;
  /** Nothing is left to train: also where a stage ended early. */
  ended: boolean;
}

async function train(lab: Lab, spec: StageSpec, run: Run, state: Plain | undefined): Promise<Spent> {
  const { signal, onProgress } = lab.options;
  // What `save` below wrote.
  const before = (state === undefined
    ? { step: 0, seconds: 0, cpu: 0, looks: 0, ended: false }
    : fieldsOf(state)) as unknown as Spent;
  if (state !== undefined) spec.trainee.load(fieldsOf(state)["learner"] as Plain);
  if (before.ended) return before;
  const [began, cpu, looks] = [performance.now(), cpuSeconds(), lab.evaluationSteps];
  const spent = { ...before };
  const save = async (): Promise<void> => {
    spent.seconds = before.seconds + (performance.now() - began) / 1_000;
    spent.cpu = before.cpu + cpuSeconds() - cpu;
    spent.looks = before.looks + lab.evaluationSteps - looks;
    await run.checkpoint({ ...spent, learner: spec.trainee.save() });
  };
  for await (const metrics of spec.train(before.step)) {
    spent.step++;
    run.write({ step: spent.step, ...metrics });
    onProgress(spec.title, spent.step, spec.steps, detailOf(metrics));
    if (spent.step % CHECKPOINT_EVERY === 0 || signal.aborted) await save();
    if (signal.aborted) throw new GymError("CANCELLED", `r1: stopped in stage ${spec.name}, step ${spent.step}`);
  }
  spent.ended = true;
  await save();
  return spent;
}

const detailOf = ({ loss = 0, ...rest }: Metrics): string =>
  rest["rewards/accuracy/mean"] === undefined
    ? `loss ${loss.toFixed(3)}`
    : `accuracy ${rest["rewards/accuracy/mean"].toFixed(2)}`;

function receiptOf(
  { options }: Lab,
  receipt: StageReceipt,
  { config, trainee, verdicts }: StageSpec,
  evaluationSteps: number,
): JsonRecord {
  // prettier-ignore
  const { node, v8 } = process.versions;
  const { cpuSeconds, seconds: wallSeconds } = receipt;
  const env = { envSteps: receipt.steps * verdicts, evaluationSteps };
  const spent = { ...env, gradientSteps: trainee.model.steps, cpuSeconds, wallSeconds };
  return {
    status: "done",
    // Plain data; interfaces have no index signature, which JsonRecord asks for.
    ...(receipt as unknown as JsonRecord),
    seed: options.seed,
    config,
    costs: costsOf(spent, {}),
    versions: { dojang: dojangVersion(), node, v8, arch: process.arch, platform: process.platform },
  };
}

function samplesOf(title: string, shown: readonly Answers[]): string {
  const blocks = shown.map(({ prompt, replies, right }) => {
    const lines = replies.map((reply, i) => `- ${right[i] === 1 ? "right" : "wrong"}${i === 0 ? " (greedy)" : ""}: \`${reply}\``); // prettier-ignore
    return [`## ${prompt.split("\n")[0] ?? ""}`, "", ...lines, ""].join("\n");
  });
  return [`# ${title}: answers to held-out problems`, "", ...blocks].join("\n");
}
