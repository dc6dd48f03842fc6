/** What `generate` refuses, each in one line. */
import { GymError } from "dojang/protocol";
import type { DecoderOptions } from "../nets/decoder/decoder.ts";
import type { GenerateOptions } from "./generate.ts";

/** @throws {GymError} BAD_PARAM for a setting out of its range, an empty prompt, a token that the net does not know, and more tokens than its context */
export function checkGenerate(
  prompts: readonly Int32Array[],
  { vocab, context }: DecoderOptions,
  { maxTokens, temperature = 1, topP = 1, stop = [] }: GenerateOptions,
): void {
  if (!Number.isInteger(maxTokens) || maxTokens < 1) refuse("maxTokens", "an integer from 1 on", maxTokens);
  if (!(temperature >= 0)) refuse("temperature", "a number from 0 on", temperature);
  if (!(topP > 0 && topP <= 1)) refuse("topP", "a number above 0 and up to 1", topP);
  if (stop.includes("")) refuse("stop", "texts of a character or more", "");
  for (const [i, prompt] of prompts.entries()) {
    if (prompt.length === 0) refuse(`prompt ${i + 1}`, "a character or more", "");
    // A token out of range would be a silent wrong one: a lookup beyond the end of a matrix.
    const wrong = prompt.findIndex((token) => token < 0 || token >= vocab);
    if (wrong >= 0) refuse(`prompt ${i + 1}: token ${wrong + 1}`, `0 to ${vocab - 1}`, prompt[wrong]);
  }
  const longest = longestOf(prompts, maxTokens);
  if (longest > context)
    refuse("longest prompt and maxTokens", `at most ${context} tokens together, the decoder's context`, longest);
}

/** Tokens of the longest sequence that the net reads: the last drawn is not read. */
export const longestOf = (prompts: readonly Int32Array[], maxTokens: number): number =>
  prompts.reduce((length, prompt) => Math.max(length, prompt.length), 0) + maxTokens - 1;

/** @throws {GymError} NOT_A_NUMBER: nothing can be drawn from such logits */
export function checkLogits(logits: Float32Array): Float32Array {
  const wrong = logits.find((logit) => !Number.isFinite(logit));
  if (wrong === undefined) return logits;
  throw new GymError("NOT_A_NUMBER", "generate: logits", {
    expected: "finite numbers",
    received: wrong,
    hint: "The net's parameters have diverged; go back to a checkpoint.",
  });
}

function refuse(what: string, expected: string, received: unknown): never {
  throw new GymError("BAD_PARAM", `generate: ${what}`, { expected, received });
}
