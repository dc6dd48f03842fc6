/** The one place that starts jax-js: arrays, gradients and compiled functions on WebAssembly, single-threaded and reproducible. */
import { defaultDevice, init } from "@jax-js/jax";

export { jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { numpy } from "@jax-js/jax";

await init("wasm");
defaultDevice("wasm");

/**
 * An array on the device. Every use of one consumes it: whoever uses a value twice takes `x.ref` for all uses but the last.
 * Convention here: functions consume their inputs and borrow parameters (they take `p.ref` of each).
 */
export type Tensor = numpy.Array;

/** Parameters of a net by name, such as "actor.0.weight". */
export type Tensors = Record<string, Tensor>;
