/** A language model as a batched policy over text: each row's answer is drawn after all that was said in its episode. */
import type { Rng } from "dojang/env";
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import type { Act } from "../streams/rollout.ts";
import { generate, type Generated, type TextModel } from "./generate.ts";
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

/** The answer of a policy that has no room left for one. */
const SPEECHLESS: Generated = { tokens: new Int32Array(0), logProbs: new Float32Array(0), text: "", stopped: false };

/**
 * An episode of several turns that has grown beyond the decoder's context is answered with an empty text, which counts as cut.
 * Extras, which are recorded with the step: `logProb`, that of the whole answer, and `length`, its tokens.
 */
export function textPolicy(text: TextModel, { transcripts, ...options }: TextPolicyOptions): Act {
  return ({ n, obs, env, episode, t }) => {
    const words = textsOf(obs);
    const at = (row: number): [number, number] => [env[row] as number, episode[row] as number];
    const prompts = Array.from({ length: n }, (_, row) =>
      Int32Array.from(transcripts.hear(...at(row), t[row] as number, text.tokenizer.encode(words[row] as string))),
    );
    // A first prompt that is too long is a wrong setting, and refused; a conversation that grew too long is the policy's own doing.
    const fits = (row: number): boolean => t[row] === 0 || (prompts[row] as Int32Array).length + options.maxTokens - 1 <= text.decoder.options.context; // prettier-ignore
    const rows = Array.from({ length: n }, (_, row) => row).filter(fits);
    const drawn = generate(text, rows.map((row) => prompts[row] as Int32Array), options); // prettier-ignore
    const answers = new Array<Generated>(n).fill(SPEECHLESS);
    rows.forEach((row, i) => (answers[row] = drawn[i] as Generated));
    answers.forEach((answer, row) => transcripts.say(...at(row), answer));
    return {
      action: answers.map((answer) => answer.text),
      logProb: Float32Array.from(answers, ({ logProbs }) => logProbs.reduce((sum, x) => sum + x, 0)),
      length: Int32Array.from(answers, ({ tokens }) => tokens.length),
    };
  };
}

function textsOf(obs: BatchOf<Space>): readonly string[] {
  if (areTexts(obs)) return obs;
  throw new GymError("BAD_PARAM", "text policy: observations", {
    expected: "an env whose observations and actions are texts",
    received: obs,
  });
}

const areTexts = (obs: BatchOf<Space>): obs is string[] =>
  Array.isArray(obs) && obs.every((one) => typeof one === "string");
