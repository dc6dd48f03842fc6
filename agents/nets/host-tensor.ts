/** Numbers of the host with their shape, and the way to the device and back. */
import { np, type Tensor, type Tensors } from "./backend.ts";
import { transpose } from "./transposed.ts";

/** float32 or int32, row-major. */
export interface HostTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** Inputs of a compiled function by name. A new shape is compiled anew (0.1 to 1 s): keep shapes fixed. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

export const upload = ({ data, shape }: HostTensor): Tensor =>
  // jax-js copies the numbers, and so takes those of shared memory as well; its type names plain memory only.
  np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] });

export function uploadAll(all: HostTensors): Tensors {
  const device: Tensors = {};
  for (const name in all) device[name] = upload(all[name] as HostTensor);
  return device;
}

/** The numbers of float32 arrays; consumes them. */
export function download<K extends string>(all: Readonly<Record<K, Tensor>>): Record<K, Float32Array> {
  const host = {} as Record<K, Float32Array>;
  for (const name in all) host[name] = all[name].dataSync() as Float32Array;
  return host;
}

/**
 * Copies the numbers of a float32 array; consumes it. jax-js hands out a new array at each read, which is freed here: left to the garbage collector,
 * arrays as large as all parameters would call for it every few dozen steps.
 * @param turned the array is the transpose of what is wanted, which is such a matrix
 */
export function downloadTo(
  into: Float32Array,
  tensor: Tensor,
  turned?: readonly [rows: number, columns: number],
): void {
  const read = tensor.dataSync() as Float32Array<ArrayBuffer>;
  if (turned) transpose(read, into, turned[1], turned[0]);
  else into.set(read);
  read.buffer.transfer(0);
}

export function release(all: Tensors): void {
  for (const name in all) all[name]?.dispose();
}
