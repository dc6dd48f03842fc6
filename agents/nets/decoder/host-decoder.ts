/** A decoder on typed arrays with a cache of keys and values: one token a sequence at a time, of any number of sequences, without compiling. */
import type { DecoderOptions } from "./decoder.ts";
import { PLACES } from "./embedding.ts";
import { hostAttention, type Cache } from "./host-attention.ts";
import { hostMlp, hostMoe, lookup, type HostFfn, type HostWeights, type Lookup } from "./host-ffn.ts";
import { matmul } from "./host-matmul.ts";

/** Tokens to be fed, one a row; those of one sequence in the order of their positions. */
export interface Rows {
  readonly tokens: Int32Array;
  /** Which sequence each continues. */
  readonly slots: Int32Array;
  /** Their place in it, from 0. */
  readonly positions: Int32Array;
}

interface Layer {
  readonly before: Float32Array;
  readonly attend: (x: Float32Array, rows: Rows, sum: Float32Array) => void;
  readonly between: Float32Array;
  readonly ffn: HostFfn;
  readonly cache: Cache;
}

export class HostDecoder {
  readonly #options: DecoderOptions;
  readonly #weights: Lookup;
  readonly #layers: readonly Layer[];

  /** For `slots` sequences of up to `length` tokens. */
  constructor(options: DecoderOptions, all: HostWeights, slots: number, length: number) {
    const { width, layers, heads, moe, positions } = options;
    const weights = lookup(all);
    this.#options = options;
    this.#weights = weights;
    this.#layers = Array.from({ length: layers }, (_, i) => {
      const name = `layers.${i}`;
      const numbers = slots * length * width;
      const cache = { keys: new Float32Array(numbers), values: new Float32Array(numbers), length, width };
      return {
        before: weights(`${name}.attention.norm.scale`),
        attend: hostAttention(weights, `${name}.attention`, heads, cache, positions !== "learned"),
        between: weights(`${name}.ffn.norm.scale`),
        ffn: moe ? hostMoe(weights, `${name}.ffn`, width, moe) : hostMlp(weights, `${name}.ffn`, width),
        cache,
      };
    });
  }

  /** Feeds tokens and gives the logits [wanted.length, vocab] of the tokens after some of the rows. */
  feed(rows: Rows, wanted: Int32Array): Float32Array {
    const { width, vocab } = this.#options;
    const count = rows.tokens.length;
    const embed = this.#weights("embed.weight");
    const x = new Float32Array(count * width);
    rows.tokens.forEach((token, row) => x.set(embed.subarray(token * width, (token + 1) * width), row * width));
    if (this.#options.positions === "learned") {
      const places = this.#weights(PLACES);
      rows.positions.forEach((place, row) => {
        for (let k = 0; k < width; k++) x[row * width + k]! += places[place * width + k]!;
      });
    }
    for (const { before, attend, between, ffn } of this.#layers) {
      attend(normalized(x, before, count), rows, x);
      ffn(normalized(x, between, count), count, x);
    }
    const last = new Float32Array(wanted.length * width);
    wanted.forEach((row, i) => last.set(x.subarray(row * width, (row + 1) * width), i * width));
    const logits = new Float32Array(wanted.length * vocab);
    matmul(normalized(last, this.#weights("norm.scale"), wanted.length), this.#weights("head.weight"), logits, wanted.length, width, vocab); // prettier-ignore
    return logits;
  }

  /** Lets a sequence go on from the first `tokens` of another one. */
  fork(from: number, to: number, tokens: number): void {
    for (const { cache } of this.#layers) {
      const [stride, end] = [cache.length * cache.width, tokens * cache.width];
      for (const all of [cache.keys, cache.values]) all.copyWithin(to * stride, from * stride, from * stride + end);
    }
  }
}

/** Root mean square normalisation of each row, as `rmsNorm` does it. */
function normalized(x: Float32Array, scale: Float32Array, rows: number, epsilon = 1e-6): Float32Array {
  const width = scale.length;
  const out = new Float32Array(rows * width);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    let square = 0;
    for (let k = 0; k < width; k++) square += x[at + k]! * x[at + k]!;
    const factor = 1 / Math.sqrt(square / width + epsilon);
    for (let k = 0; k < width; k++) out[at + k] = x[at + k]! * factor * scale[k]!;
  }
  return out;
}
