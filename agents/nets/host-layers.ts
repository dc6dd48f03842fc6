/** Layers on the host: for few rows cheaper than a call of a compiled kernel, most of all where many inputs are 0. Sums are in double precision. */
import type { ByName } from "./weights.ts";

/** Numbers of `rows` rows, row-major. */
type Rows = Float32Array | Float64Array;

/** Outputs of `rows` rows in an array that belongs to the layer: read it before the layer's next call. */
export type OnHost = (weights: ByName, x: Rows, rows: number) => Float64Array;

interface DenseNames {
  readonly weight: string;
  /** Absent: no offset. */
  readonly bias?: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** x W + b. Inputs that are 0 (behind a ReLU, of one-hot observations) cost nothing. */
export function denseOnHost({ weight, bias, inputs, outputs }: DenseNames): OnHost {
  let y = new Float64Array(outputs);
  const nonzero = new Int32Array(inputs);
  return (weights, x, rows) => {
    if (y.length !== rows * outputs) y = new Float64Array(rows * outputs);
    const w = weights[weight] as Float32Array;
    const offsets = bias === undefined ? undefined : weights[bias];
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < outputs; j++) y[row * outputs + j] = offsets === undefined ? 0 : (offsets[j] as number);
      let count = 0;
      for (let k = 0; k < inputs; k++) if (x[row * inputs + k] !== 0) nonzero[count++] = k;
      addProducts(x, row * inputs, nonzero, count, w, y, row * outputs, outputs);
    }
    return y;
  };
}

/** y += sum of x_k W_k over the given inputs k, four at a time: y is then read and written a quarter as often. */
function addProducts(
  x: Rows,
  from: number,
  inputs: Int32Array,
  count: number,
  w: Float32Array,
  y: Float64Array,
  at: number,
  outputs: number,
): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const k0 = inputs[i]!, k1 = inputs[i + 1]!, k2 = inputs[i + 2]!, k3 = inputs[i + 3]!; // prettier-ignore
    const x0 = x[from + k0]!, x1 = x[from + k1]!, x2 = x[from + k2]!, x3 = x[from + k3]!; // prettier-ignore
    const w0 = k0 * outputs, w1 = k1 * outputs, w2 = k2 * outputs, w3 = k3 * outputs; // prettier-ignore
    for (let j = 0; j < outputs; j++)
      y[at + j]! += x0 * w[w0 + j]! + x1 * w[w1 + j]! + (x2 * w[w2 + j]! + x3 * w[w3 + j]!);
  }
  for (; i < count; i++) {
    const k = inputs[i]!;
    const value = x[from + k]!;
    for (let j = 0; j < outputs; j++) y[at + j]! += value * w[k * outputs + j]!;
  }
}

/** Each number by itself. */
export function eachOnHost(change: (x: number) => number): OnHost {
  let y = new Float64Array(0);
  return (_, x) => {
    const { length } = x;
    if (y.length !== length) y = new Float64Array(length);
    for (let i = 0; i < length; i++) y[i] = change(x[i]!);
    return y;
  };
}

/** Each row less its mean, over its deviation, times `scale` plus `shift`. */
export function layerNormOnHost(scale: string, shift: string, width: number, epsilon: number): OnHost {
  let y = new Float64Array(0);
  return (weights, x, rows) => {
    const length = rows * width;
    if (y.length !== length) y = new Float64Array(length);
    const [factors, offsets] = [weights[scale] as Float32Array, weights[shift] as Float32Array];
    for (let from = 0; from < length; from += width) {
      let sum = 0;
      let square = 0;
      for (let j = 0; j < width; j++) sum += x[from + j]!;
      const mean = sum / width;
      for (let j = 0; j < width; j++) square += (x[from + j]! - mean) ** 2;
      const over = 1 / Math.sqrt(square / width + epsilon);
      for (let j = 0; j < width; j++) y[from + j] = (x[from + j]! - mean) * over * factors[j]! + offsets[j]!;
    }
    return y;
  };
}
