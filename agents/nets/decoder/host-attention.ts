/** Causal attention with rotary positions on typed arrays, over a cache of keys and values. */
import type { Rows } from "./host-decoder.ts";
import type { Lookup } from "./host-ffn.ts";
import { matmul } from "./host-matmul.ts";
import { turns, type Turns } from "./rotary.ts";

/** Keys and values of one layer, [slots, length, width], row-major. */
export interface Cache {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly length: number;
  readonly width: number;
}

/** Adds what each row finds, at and before its position, to its row of `sum`; keeps its key and value. */
export function hostAttention(weights: Lookup, name: string, heads: number, cache: Cache, rotary: boolean) {
  const { width, length } = cache;
  const [inputs, output] = [weights(`${name}.qkv.weight`), weights(`${name}.out.weight`)];
  const size = width / heads;
  const angles = turns(length, size);
  return (x: Float32Array, { slots, positions }: Rows, sum: Float32Array): void => {
    const rows = positions.length;
    const qkv = new Float32Array(rows * 3 * width);
    matmul(x, inputs, qkv, rows, width, 3 * width);
    for (let row = 0; row < rows; row++) {
      const [from, position] = [row * 3 * width, positions[row]!];
      for (let at = from; rotary && at < from + 2 * width; at += size) turn(qkv, at, size, position, angles);
      const place = (slots[row]! * length + position) * width;
      cache.keys.set(qkv.subarray(from + width, from + 2 * width), place);
      cache.values.set(qkv.subarray(from + 2 * width, from + 3 * width), place);
    }
    const mixed = new Float32Array(rows * width);
    const scores = new Float64Array(length);
    for (let row = 0; row < rows; row++) {
      const first = slots[row]! * length * width;
      for (let head = 0; head < heads; head++)
        attend(qkv, row * 3 * width + head * size, cache, first + head * size, positions[row]! + 1, size, scores, mixed, row * width + head * size); // prettier-ignore
    }
    const out = new Float32Array(rows * width);
    matmul(mixed, output, out, rows, width, width);
    for (let at = 0; at < out.length; at++) sum[at]! += out[at]!;
  };
}

/** Turns the pairs of one head by the angles of its position. */
function turn(x: Float32Array, at: number, size: number, position: number, { cos, sin }: Turns): void {
  const half = size / 2;
  for (let i = 0; i < half; i++) {
    const [c, s] = [cos[position * half + i]!, sin[position * half + i]!];
    const [a, b] = [x[at + i]!, x[at + half + i]!];
    x[at + i] = a * c - b * s;
    x[at + half + i] = b * c + a * s;
  }
}

/** One head of one row: softmax of its scores over the first `count` positions, and the mean of their values by it. */
function attend(
  q: Float32Array,
  qFrom: number,
  { keys, values, width }: Cache,
  from: number,
  count: number,
  size: number,
  scores: Float64Array,
  out: Float32Array,
  outFrom: number,
): void {
  const scale = 1 / Math.sqrt(size);
  let max = -Infinity;
  for (let t = 0, at = from; t < count; t++, at += width) {
    let score = 0;
    for (let k = 0; k < size; k++) score += q[qFrom + k]! * keys[at + k]!;
    scores[t] = score * scale;
    if (scores[t]! > max) max = scores[t]!;
  }
  let total = 0;
  for (let t = 0; t < count; t++) total += scores[t] = Math.exp(scores[t]! - max);
  for (let t = 0, at = from; t < count; t++, at += width) {
    const share = scores[t]! / total;
    for (let k = 0; k < size; k++) out[outFrom + k]! += share * values[at + k]!;
  }
}
