/** The policy that a stage of the recipe left: all that is needed to let it answer, without an env. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "dojang/env";
import { GymError } from "dojang/protocol";
import { decoder } from "../../nets/decoder/decoder.ts";
import { readConfig } from "../../shared/run.ts";
import type { TextModel } from "../generate.ts";
import { readRunFile } from "./run-file.ts";
import type { NetShape } from "./settings.ts";
import { readReceipt, readWeights } from "./stage.ts";
import { readVocabulary } from "./vocabulary-file.ts";
import { phraseTokenizer } from "./vocabulary.ts";

export interface R1Policy {
  readonly text: TextModel;
  /** Name of the stage's folder. */
  readonly stage: string;
  /** Its name in words. */
  readonly title: string;
  /** As it was trained: texts that end an answer and belong to it, and tokens of the longest one. */
  readonly stop: readonly string[];
  readonly maxTokens: number;
}

/** What a stage has that is done and has trained a policy. */
const MARKS = ["receipt.json", "checkpoint.safetensors"];

/** The stages that lead to the final policy, the last first. */
const PROPER = ["5-grpo", "4-sft", "2-grpo", "1-cold-start", "0-base"];

/** @param stage absent: the last that is done of those that lead to the final policy @throws {GymError} BAD_RUN, BAD_PARAM for a stage that is not there */
export async function openR1Policy(run: string, stage?: string): Promise<R1Policy> {
  await readRunFile(run);
  const { phrases, stop, answerTokens: maxTokens } = await readVocabulary(run);
  const name = choose(run, stage);
  const folder = join(run, name);
  // What the stage wrote.
  const shape = (await readConfig(folder))["net"] as unknown as NetShape;
  const tokenizer = phraseTokenizer(phrases);
  const net = decoder({ ...shape, vocab: tokenizer.vocab, pad: tokenizer.pad });
  const weights = await readWeights(folder, net);
  const { title } = await readReceipt(folder);
  const text = { decoder: net, tokenizer, model: { weights: () => weights } };
  return { text, stage: name, title, stop, maxTokens };
}

function choose(run: string, stage: string | undefined): string {
  const done = readdirSync(run).filter((name) => MARKS.every((file) => existsSync(join(run, name, file))));
  const last = PROPER.find((name) => done.includes(name));
  if (stage === undefined && last === undefined)
    throw new GymError("BAD_RUN", run, { expected: "a run with a stage that is done", received: done, hint: "Let it run on with --resume." }); // prettier-ignore
  if (stage === undefined || done.includes(stage)) return stage ?? (last as string);
  const near = didYouMean(stage, done);
  throw new GymError("BAD_PARAM", "stage", {
    expected: `one that is done: ${done.sort((a, b) => parseInt(a) - parseInt(b)).join(", ")}`,
    received: stage,
    ...(near !== undefined && { hint: `Did you mean ${near}?` }),
  });
}
