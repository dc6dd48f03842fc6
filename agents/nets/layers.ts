/** Dense layers, activations and normalisation, as plain matmuls: these are what the backend is fast at. */
import { nn, np, type Tensor } from "./backend.ts";
import { denseOnHost, eachOnHost, layerNormOnHost } from "./host-layers.ts";
import { param, type HostModule, type Module } from "./module.ts";
import { ones, orthogonal, zeros, type Init } from "./params.ts";

export interface DenseOptions {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Of the weight. Default: orthogonal with gain sqrt 2. */
  readonly init?: Init;
  /** Default true. */
  readonly bias?: boolean;
}

/** x [..., inputs] -> x W + b [..., outputs]. */
export function dense({ name, inputs, outputs, init = orthogonal(Math.SQRT2), bias = true }: DenseOptions): HostModule {
  const weight = { name: `${name}.weight`, shape: [inputs, outputs], init, multiplies: true };
  const offset = { name: `${name}.bias`, shape: [outputs], init: zeros };
  return {
    params: bias ? [weight, offset] : [weight],
    outputs,
    apply(p, x) {
      const product = np.matmul(x, param(p, weight.name));
      return bias ? product.add(param(p, offset.name)) : product;
    },
    onHost: denseOnHost({ weight: weight.name, ...(bias && { bias: offset.name }), inputs, outputs }),
  };
}

export const ACTIVATIONS = {
  tanh: (x: Tensor): Tensor => np.tanh(x),
  relu: (x: Tensor): Tensor => nn.relu(x),
  /** max(x, 0) squared (So et al., 2021): as good as the smooth ones, and without an exponential. */
  relu2(x: Tensor): Tensor {
    const positive = nn.relu(x);
    return positive.ref.mul(positive);
  },
} as const;

const ON_HOST: { readonly [K in Activation]: (x: number) => number } = {
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  relu2: (x) => Math.max(0, x) ** 2,
};

export type Activation = keyof typeof ACTIVATIONS;

export const activation = (name: Activation, outputs: number): Module => ({
  params: [],
  outputs,
  apply: (_, x) => ACTIVATIONS[name](x),
  onHost: eachOnHost(ON_HOST[name]),
});

/** Layer normalisation over the last axis (Ba et al., 2016). */
export function layerNorm(name: string, outputs: number, epsilon = 1e-5): Module {
  const [scale, shift] = [`${name}.scale`, `${name}.shift`];
  return {
    params: [
      { name: scale, shape: [outputs], init: ones },
      { name: shift, shape: [outputs], init: zeros },
    ],
    outputs,
    apply(p, x) {
      const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
      const variance = np.mean(centred.ref.mul(centred.ref), -1, { keepdims: true });
      return centred
        .div(np.sqrt(variance.add(epsilon)))
        .mul(param(p, scale))
        .add(param(p, shift));
    },
    onHost: layerNormOnHost(scale, shift, outputs, epsilon),
  };
}

/** Root mean square normalisation over the last axis (Zhang & Sennrich, 2019). */
export function rmsNorm(name: string, outputs: number, epsilon = 1e-6): Module {
  const scale = `${name}.scale`;
  return {
    params: [{ name: scale, shape: [outputs], init: ones }],
    outputs,
    apply(p, x) {
      const square = np.mean(x.ref.mul(x.ref), -1, { keepdims: true });
      return x.div(np.sqrt(square.add(epsilon))).mul(param(p, scale));
    },
  };
}
