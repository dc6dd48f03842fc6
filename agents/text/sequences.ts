/** Texts that grow a token at a time, side by side; one may begin or leave between any two tokens (continuous batching: Yu et al., 2022, "Orca", OSDI). */
import type { Rng } from "dojang/env";
import { HostDecoder, type Rows } from "../nets/decoder/host-decoder.ts";
import { checkLogits } from "./check-generate.ts";
import type { TextModel } from "./generate.ts";
import { likeliest, sample, type Sampled, type Sampling } from "./sample.ts";

/** One text to be written, with settings of its own. They were checked before. */
export interface Asked extends Sampling {
  readonly prompt: Int32Array;
  /** Draws beyond this many tokens are not made. */
  readonly maxTokens: number;
  /** Texts that end it, and stay part of it. The end token always ends it. */
  readonly stop: readonly string[];
  readonly rng: Rng;
  /** How many of the likeliest tokens are kept beside each that is drawn. Default 0. */
  readonly likeliest?: number;
  /** Told the text of each token; true ends the sequence as a stop text does. */
  readonly enough?: (piece: string) => boolean;
}

export class Sequence {
  readonly asked: Asked;
  /** Its place in the caches. */
  readonly slot: number;
  /** What was drawn, the end token included. */
  readonly tokens: number[] = [];
  /** The log-probability of each, as `sample` defines it. */
  readonly logProbs: number[] = [];
  /** The likeliest in place of each, the best first. */
  readonly alternatives: (readonly Sampled[])[] = [];
  /** Did it end by the end token, a stop text or `enough`? */
  stopped = false;

  constructor(asked: Asked, slot: number) {
    this.asked = asked;
    this.slot = slot;
  }

  get ended(): boolean {
    return this.stopped || this.tokens.length >= this.asked.maxTokens;
  }
}

/** What a sequence draws does not depend, bit by bit, on those beside it. */
export class Sequences {
  readonly #text: TextModel;
  readonly #net: HostDecoder;
  readonly #free: number[];
  #going: Sequence[] = [];

  /** Room for `slots` sequences at once, each of up to `length` tokens that are read. Uses the weights of now. */
  constructor(text: TextModel, slots: number, length: number) {
    this.#text = text;
    this.#net = new HostDecoder(text.decoder.options, text.model.weights(), slots, length);
    this.#free = Array.from({ length: slots }, (_, i) => slots - 1 - i);
  }

  /** How many more may be added. */
  get free(): number {
    return this.#free.length;
  }

  get going(): number {
    return this.#going.length;
  }

  /** Begins sequences, at most `free`; equal prompts that are added between two steps are read once. */
  add(asked: readonly Asked[]): Sequence[] {
    const added = asked.map((one) => new Sequence(one, this.#free.pop()!));
    this.#going.push(...added);
    return added;
  }

  /** Draws one more token for each; what ended leaves. @throws {GymError} NOT_A_NUMBER when the net has diverged */
  step(): void {
    if (this.#going.length === 0) return;
    const { vocab } = this.#text.tokenizer;
    const logits = this.#feed();
    for (const [i, one] of this.#going.entries()) this.#draw(one, logits.subarray(i * vocab, (i + 1) * vocab));
    this.#keep(({ ended }) => !ended);
  }

  /** Takes sequences out before their end. */
  drop(sequences: ReadonlySet<Sequence>): void {
    this.#keep((one) => !sequences.has(one));
  }

  #keep(stays: (sequence: Sequence) => boolean): void {
    for (const one of this.#going) if (!stays(one)) this.#free.push(one.slot);
    this.#going = this.#going.filter(stays);
  }

  /** Feeds new prompts, each different one once, and the last token of what is under way; gives the logits of each one's next token. */
  #feed(): Float32Array {
    const { vocab } = this.#text.tokenizer;
    const readers = new Map<string, Sequence>();
    for (const one of this.#going) if (one.tokens.length === 0) readers.set(one.asked.prompt.join(), one);
    const readerOf = (one: Sequence): Sequence => (one.tokens.length > 0 ? one : readers.get(one.asked.prompt.join())!);
    const fed = this.#going.filter((one) => readerOf(one) === one);
    const { rows, ends } = rowsOf(fed);
    const found = checkLogits(this.#net.feed(rows, ends));
    if (fed.length === this.#going.length) return found;
    const places = new Map(fed.map((one, i) => [one, i]));
    const logits = new Float32Array(this.#going.length * vocab);
    for (const [i, one] of this.#going.entries()) {
      const reader = readerOf(one);
      const at = places.get(reader)! * vocab;
      logits.set(found.subarray(at, at + vocab), i * vocab);
      if (reader !== one) this.#net.fork(reader.slot, one.slot, one.asked.prompt.length);
    }
    return logits;
  }

  #draw(one: Sequence, logits: Float32Array): void {
    const { end, decode } = this.#text.tokenizer;
    const { asked, tokens } = one;
    const { token, logProb } = sample(logits, asked, asked.rng);
    tokens.push(token);
    one.logProbs.push(logProb);
    if (asked.likeliest !== undefined) one.alternatives.push(likeliest(logits, asked, asked.likeliest));
    const enough = asked.enough?.(decode([token])) === true;
    one.stopped = enough || token === end || (asked.stop.length > 0 && asked.stop.some((text) => decode(tokens).endsWith(text))); // prettier-ignore
  }
}

/** The tokens that were not read yet, and in which row each sequence's last one is. */
function rowsOf(sequences: readonly Sequence[]): { rows: Rows; ends: Int32Array } {
  const pending = sequences.map(({ asked, tokens }) => (tokens.length === 0 ? asked.prompt : tokens.slice(-1)));
  let count = 0;
  const ends = Int32Array.from(pending, ({ length }) => (count += length) - 1);
  const rows = { tokens: new Int32Array(count), slots: new Int32Array(count), positions: new Int32Array(count) };
  for (const [i, { slot, asked, tokens }] of sequences.entries()) {
    const from = ends[i]! + 1 - pending[i]!.length;
    const first = tokens.length === 0 ? 0 : asked.prompt.length + tokens.length - 1;
    rows.tokens.set(pending[i]!, from);
    rows.slots.fill(slot, from, ends[i]! + 1);
    for (let k = from; k <= ends[i]!; k++) rows.positions[k] = first + k - from;
  }
  return { rows, ends };
}
