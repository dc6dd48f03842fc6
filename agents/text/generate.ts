/** Text from a decoder: batches of prompts of any length, a cache of keys and values, and the log-probability of every token drawn. */
import type { Rng } from "dojang/env";
import type { Decoder } from "../nets/decoder/decoder.ts";
import { HostDecoder } from "../nets/decoder/host-decoder.ts";
import type { HostWeights } from "../nets/decoder/host-ffn.ts";
import { checkGenerate, checkLogits, longestOf } from "./check-generate.ts";
import { sample, type Sampling } from "./sample.ts";
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

interface Sequence {
  readonly slot: number;
  readonly tokens: number[];
  readonly logProbs: number[];
  position: number;
  stopped: boolean;
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
  const { decoder, tokenizer, model } = text;
  const encoded = prompts.map((prompt) => (typeof prompt === "string" ? tokenizer.encode(prompt) : prompt));
  checkGenerate(encoded, decoder.options, options);
  const net = new HostDecoder(decoder.options, model.weights(), prompts.length, longestOf(encoded, options.maxTokens));
  const sequences = encoded.map(({ length }, slot): Sequence => ({ slot, tokens: [], logProbs: [], position: length, stopped: false })); // prettier-ignore
  let logits = read(net, encoded, tokenizer.vocab);
  let going = sequences;
  for (let drawn = 0; drawn < options.maxTokens && going.length > 0; drawn++) {
    going.forEach((one, i) => draw(one, logits.subarray(i * tokenizer.vocab, (i + 1) * tokenizer.vocab), tokenizer, options)); // prettier-ignore
    going = going.filter(({ stopped }) => !stopped);
    if (drawn + 1 < options.maxTokens && going.length > 0) logits = advance(net, going);
  }
  return sequences.map(({ tokens, logProbs, stopped }) => ({
    tokens: Int32Array.from(tokens),
    logProbs: Float32Array.from(logProbs),
    text: tokenizer.decode(tokens),
    stopped,
  }));
}

/** Reads each different prompt once; gives the logits of each prompt's next token. */
function read(net: HostDecoder, prompts: readonly Int32Array[], vocab: number): Float32Array {
  const keys = prompts.map((prompt) => prompt.join());
  const slots = [...new Map(keys.map((key, slot) => [key, slot])).values()];
  const lengths = slots.map((slot) => prompts[slot]!.length);
  let end = -1;
  const ends = Int32Array.from(lengths, (length) => (end += length));
  const rows = {
    tokens: Int32Array.from(slots.flatMap((slot) => [...prompts[slot]!])),
    slots: Int32Array.from(slots.flatMap((slot, i) => new Array<number>(lengths[i]!).fill(slot))),
    positions: Int32Array.from(lengths.flatMap((length) => [...new Array<number>(length).keys()])),
  };
  const found = checkLogits(net.feed(rows, ends));
  const logits = new Float32Array(prompts.length * vocab);
  const places = new Map(slots.map((slot, i) => [keys[slot], i]));
  for (const [slot, key] of keys.entries()) {
    const i = places.get(key)!;
    logits.set(found.subarray(i * vocab, (i + 1) * vocab), slot * vocab);
    if (slots[i] !== slot) net.fork(slots[i]!, slot, lengths[i]!);
  }
  return logits;
}

function draw(one: Sequence, logits: Float32Array, { end, decode }: Tokenizer, options: GenerateOptions): void {
  const { token, logProb } = sample(logits, options, options.rng);
  one.tokens.push(token);
  one.logProbs.push(logProb);
  const { stop = [] } = options;
  one.stopped = token === end || (stop.length > 0 && stop.some((text) => decode(one.tokens).endsWith(text)));
}

/** Feeds the last token of each; gives the logits of the next. */
function advance(net: HostDecoder, going: readonly Sequence[]): Float32Array {
  const rows = {
    tokens: Int32Array.from(going, ({ tokens }) => tokens.at(-1)!),
    slots: Int32Array.from(going, ({ slot }) => slot),
    positions: Int32Array.from(going, (one) => one.position++),
  };
  return checkLogits(net.feed(rows, Int32Array.from(going.keys())));
}
