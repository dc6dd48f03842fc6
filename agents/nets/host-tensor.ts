/** Numbers of the host with their shape, and the way to the device and back. */
import { np, type Tensor, type Tensors } from "./backend.ts";

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

export function release(all: Tensors): void {
  for (const name in all) all[name]?.dispose();
}
