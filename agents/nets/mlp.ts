/** Multi-layer perceptrons. */
import { activation, dense, layerNorm, type Activation } from "./layers.ts";
import { chain, type Module } from "./module.ts";
import { orthogonal } from "./params.ts";

export interface MlpOptions {
  readonly name: string;
  readonly inputs: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** Width of the last, linear layer; absent: the last hidden layer is the output. */
  readonly outputs?: number;
  readonly activation?: Activation;
  /** Gain of the last layer's orthogonal weights: 0.01 for policies, 1 for values. Default 1. */
  readonly outputGain?: number;
  /** Layer normalisation before each activation. Default false. */
  readonly norm?: boolean;
}

/** x [..., inputs] -> [..., outputs]. Layers are called `name.0`, `name.1`, and the last `name.out`. */
export function mlp({
  name,
  inputs,
  hidden,
  outputs,
  activation: act = "tanh",
  outputGain = 1,
  norm = false,
}: MlpOptions): Module {
  const parts: Module[] = [];
  let width = inputs;
  hidden.forEach((size, i) => {
    parts.push(dense({ name: `${name}.${i}`, inputs: width, outputs: size }));
    if (norm) parts.push(layerNorm(`${name}.${i}.norm`, size));
    parts.push(activation(act, size));
    width = size;
  });
  if (outputs !== undefined)
    parts.push(dense({ name: `${name}.out`, inputs: width, outputs, init: orthogonal(outputGain) }));
  const [first, ...rest] = parts;
  if (first === undefined) throw new TypeError(`mlp ${name}: expected a hidden layer or an output, got neither`);
  return chain(first, ...rest);
}
