/** A language model as a batched policy over text: each row's answer is drawn after all that was said in its episode. */
import type { Rng } from "dojang/env";
import type { Act } from "../streams/rollout.ts";
import { generate, type TextModel } from "./generate.ts";
import type { Transcripts } from "./transcripts.ts";

export interface TextPolicyOptions {
  /** Divides the logits; 0 takes the likeliest token. */
  readonly temperature: number;
  /** Tokens of the longest answer. */
  readonly maxTokens: number;
  /** Texts that end an answer and belong to it. */
  readonly stop: readonly string[];
  readonly rng: Rng;
  /** Where tokens and log-probabilities are kept. */
  readonly transcripts: Transcripts;
}

/** Extras, which are recorded with the step: `logProb`, that of the whole answer, and `length`, its tokens. */
export function textPolicy(text: TextModel, { transcripts, ...options }: TextPolicyOptions): Act {
  return ({ n, obs, env, episode, t }) => {
    // The spaces were checked where the learner was made: observations are texts.
    const words = obs as readonly string[];
    const at = (row: number): [number, number] => [env[row] as number, episode[row] as number];
    const prompts = Array.from({ length: n }, (_, row) =>
      Int32Array.from(transcripts.hear(...at(row), t[row] as number, text.tokenizer.encode(words[row] as string))),
    );
    const answers = generate(text, prompts, options);
    answers.forEach((answer, row) => transcripts.say(...at(row), answer));
    return {
      action: answers.map((answer) => answer.text),
      logProb: Float32Array.from(answers, ({ logProbs }) => logProbs.reduce((sum, x) => sum + x, 0)),
      length: Int32Array.from(answers, ({ tokens }) => tokens.length),
    };
  };
}
