/** A small multi-layer perceptron on the host, with all its weights in one vector: for learners that change weights without gradients. */
import type { Rng } from "dojang/env";
import { orthogonal } from "./params.ts";

export interface HostMlp {
  /** Numbers in a vector of weights. */
  readonly size: number;
  /** First weights: orthogonal layers, biases of 0. */
  init(rng: Rng): Float32Array;
  /** Row `row` of `inputs` through the net with `weights`, into the same row of `out`. */
  forward(weights: Float32Array, inputs: Float32Array, out: Float32Array, row: number): void;
}

/** Layers of these widths, inputs first, with tanh between them. */
export function hostMlp(widths: readonly [number, ...number[]]): HostMlp {
  const layers = widths.slice(1).map((outputs, i) => ({ inputs: widths[i] as number, outputs }));
  const size = layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  const [first, last] = [widths[0], widths.at(-1) as number];
  const [now, then] = [new Float64Array(Math.max(...widths)), new Float64Array(Math.max(...widths))];
  return {
    size,
    init: (rng) => {
      const weights = new Float32Array(size);
      let at = 0;
      for (const { inputs, outputs } of layers) {
        weights.set(orthogonal(1)([inputs, outputs], rng), at);
        at += (inputs + 1) * outputs;
      }
      return weights;
    },
    forward(weights, inputs, out, row) {
      for (let k = 0; k < first; k++) now[k] = inputs[row * first + k] as number;
      let at = 0;
      for (const [i, layer] of layers.entries()) {
        at = dense(weights, at, layer.inputs, layer.outputs, now, then);
        for (let k = 0; k < layer.outputs; k++)
          now[k] = i === layers.length - 1 ? (then[k] as number) : Math.tanh(then[k] as number);
      }
      for (let k = 0; k < last; k++) out[row * last + k] = now[k] as number;
    },
  };
}

/** x W + b, with W row-major at `at` and b behind it; gives the place behind b. */
function dense(w: Float32Array, at: number, inputs: number, outputs: number, x: Float64Array, y: Float64Array): number {
  const bias = at + inputs * outputs;
  for (let j = 0; j < outputs; j++) y[j] = w[bias + j] as number;
  for (let k = 0; k < inputs; k++) {
    const value = x[k] as number;
    // Most features of one-hot observations are 0.
    if (value === 0) continue;
    const from = at + k * outputs;
    for (let j = 0; j < outputs; j++) (y[j] as number) += value * (w[from + j] as number);
  }
  return bias + outputs;
}
