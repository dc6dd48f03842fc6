/** Parameters of a net: their names, shapes and first values. */
import type { Rng } from "dojang/env";

export interface ParamSpec {
  /** Unique within a model; layers of the same name match in transfer. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Init;
  /** It is the right factor of a matmul, [inputs, outputs]: its gradient is found as [outputs, inputs], and the device takes long to turn it around. */
  readonly multiplies?: boolean;
}

/** First values, row-major. */
export type Init = (shape: readonly number[], rng: Rng) => Float32Array;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export const constant =
  (value: number): Init =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

export const zeros = constant(0);
export const ones = constant(1);

/** Independent normal draws of mean 0. */
export const normal =
  (deviation: number): Init =>
  (shape, rng) =>
    Float32Array.from({ length: sizeOf(shape) }, () => deviation * rng.normal());

/** Orthogonal columns or rows, whichever are fewer, times `gain` (Saxe et al., 2013). The last axis is the output. */
export const orthogonal =
  (gain = 1): Init =>
  (shape, rng) => {
    const columns = shape.at(-1) ?? 1;
    const rows = sizeOf(shape) / columns;
    const tall = rows >= columns;
    const [n, m] = tall ? [rows, columns] : [columns, rows];
    const basis = orthonormal(n, m, rng);
    const values = new Float32Array(rows * columns);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++)
        values[tall ? i * columns + j : j * columns + i] = gain * (basis[j * n + i] as number);
    return values;
  };

/** m orthonormal vectors of length n, one after the other: modified Gram-Schmidt on normal draws, twice for accuracy. */
function orthonormal(n: number, m: number, rng: Rng): Float64Array {
  const basis = Float64Array.from({ length: n * m }, () => rng.normal());
  for (let j = 0; j < m; j++) {
    const own = basis.subarray(j * n, (j + 1) * n);
    for (let pass = 0; pass < 2; pass++)
      for (let k = 0; k < j; k++) {
        const other = basis.subarray(k * n, (k + 1) * n);
        let dot = 0;
        for (let i = 0; i < n; i++) dot += (own[i] as number) * (other[i] as number);
        for (let i = 0; i < n; i++) (own[i] as number) -= dot * (other[i] as number);
      }
    let square = 0;
    for (const value of own) square += value * value;
    const scale = 1 / Math.sqrt(square);
    for (let i = 0; i < n; i++) (own[i] as number) *= scale;
  }
  return basis;
}
