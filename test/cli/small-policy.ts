/** A policy with random weights that knows digits, "+", "=" and "end!": it answers nonsense, and any server of it can be tested. */
import { Rng } from "dojang/env";
import type { R1Policy } from "dojang/agents";
import { decoder } from "../../agents/nets/decoder/decoder.ts";
import type { Tokenizer } from "../../agents/text/tokenizer.ts";
import { phraseTokenizer } from "../../agents/text/r1/vocabulary.ts";

const PHRASES = [..."0123456789+=".split(""), "end!"];

export function smallPolicy(): R1Policy {
  return policyOf(phraseTokenizer(PHRASES), 40, ["end!"], 12);
}

/** The same with a long breath: no token and no text ends it before so many tokens. */
export function endlessPolicy(maxTokens: number): R1Policy {
  return policyOf({ ...phraseTokenizer(PHRASES), end: -1 }, maxTokens + 10, [], maxTokens);
}

function policyOf(tokenizer: Tokenizer, context: number, stop: readonly string[], maxTokens: number): R1Policy {
  const net = decoder({ vocab: tokenizer.vocab, width: 16, layers: 2, heads: 2, context, ffn: 24, pad: tokenizer.pad });
  const rng = new Rng(7);
  const weights = Object.fromEntries(
    net.params.map((spec) => [spec.name, { data: spec.init(spec.shape, rng), shape: spec.shape }]),
  );
  const text = { decoder: net, tokenizer, model: { weights: () => weights } };
  return { text, stage: "5-grpo", title: "5 GRPO again", stop, maxTokens };
}
