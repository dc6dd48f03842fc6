/** Text from a decoder: batches of prompts of any length, a cache of keys and values, and the log-probability of every token drawn. */
import type { Rng } from "dojang/env";
import type { Decoder } from "../nets/decoder/decoder.ts";
import type { HostWeights } from "../nets/decoder/host-ffn.ts";
import { checkGenerate, longestOf } from "./check-generate.ts";
import type { Sampling } from "./sample.ts";
import { Sequences } from "./sequences.ts";
import type { Tokenizer } from "./tokenizer.ts";

export interface TextModel {
  readonly decoder: Decoder;
  readonly tokenizer: Tokenizer;
  /** The decoder's parameters: a `Model`. */
  readonly model: { weights(): HostWeights };
}

export interface GenerateOptions extends Sampling {
  /** Draws beyond this many tokens are not made. */
  readonly maxTokens: number;
  /** Texts that end an answer, and stay part of it. The end token always ends it. Default none. */
  readonly stop?: readonly string[];
  readonly rng: Rng;
}

export interface Generated {
  /** What was drawn, the end token included. */
  readonly tokens: Int32Array;
  /** The log-probability of each, as `sample` defines it. */
  readonly logProbs: Float32Array;
  /** The tokens as text. */
  readonly text: string;
  /** Did it end by the end token or a stop text, rather than by `maxTokens`? */
  readonly stopped: boolean;
}

/**
 * One answer for each prompt, a text or its tokens; give a prompt several times for several answers (it is read once).
 * @throws {GymError} BAD_PARAM for settings out of range, an empty prompt, and more tokens than the decoder's context; NOT_A_NUMBER when the net has diverged
 */
export function generate(
  text: TextModel,
  prompts: readonly (string | Int32Array)[],
  options: GenerateOptions,
): Generated[] {
  const { decoder, tokenizer } = text;
  const encoded = prompts.map((prompt) => (typeof prompt === "string" ? tokenizer.encode(prompt) : prompt));
  checkGenerate(encoded, decoder.options, options);
  const sequences = new Sequences(text, prompts.length, longestOf(encoded, options.maxTokens));
  const { stop = [], ...rest } = options;
  const answers = sequences.add(encoded.map((prompt) => ({ ...rest, stop, prompt })));
  while (sequences.going > 0) sequences.step();
  return answers.map(({ tokens, logProbs, stopped }) => ({
    tokens: Int32Array.from(tokens),
    logProbs: Float32Array.from(logProbs),
    text: tokenizer.decode(tokens),
    stopped,
  }));
}
