/** Batches of changing length in few fixed shapes: every new shape would be compiled anew. */
import type { HostTensor } from "./host-tensor.ts";

/** The next power of two from 8 on. */
export const paddedLength = (rows: number): number => Math.max(8, 2 ** Math.ceil(Math.log2(Math.max(1, rows))));

/** `data`, followed by zeros up to `length` rows: shape [length], or [length, width] where a width is given (also a width of 1). */
export function padded(data: ArrayLike<number>, length: number, width?: number): HostTensor {
  const full = new Float32Array(length * (width ?? 1));
  full.set(data);
  return { data: full, shape: width === undefined ? [length] : [length, width] };
}

/** 1 for each of the first `rows`, 0 for those that only fill up. */
export const weightsOf = (rows: number, length: number): HostTensor => ({
  data: new Float32Array(length).fill(1, 0, rows),
  shape: [length],
});
