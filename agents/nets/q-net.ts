/** Nets of action values: a torso with one linear head, or with two heads that add up to it (dueling: Wang et al., 2016, arXiv:1511.06581). */
import { choice, flag, int, list } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import { np, type Tensor } from "./backend.ts";
import type { Features } from "./features.ts";
import { ACTIVATIONS, dense, type Activation } from "./layers.ts";
import type { HostTensor, HostTensors, Model } from "./model.ts";
import type { Module } from "./module.ts";
import { paddedLength } from "./padded.ts";
import { orthogonal } from "./params.ts";
import { NET, torso, type TorsoOptions } from "./torso.ts";

type Discrete = Extract<Space, { kind: "discrete" }>;

/** Hyperparameters of nets that value actions. */
export const Q_NET = {
  ...NET,
  hidden: list(int(64, { min: 1, max: 4096 }), [128], { maxLength: 8, doc: "widths of the dense layers" }),
  activation: choice("relu", Object.keys(ACTIVATIONS) as Activation[], { doc: "of the dense layers" }),
  norm: flag(false, { doc: "layer normalisation before each activation" }),
  dueling: flag(false, { doc: "value and advantages by heads of their own: Q = V + A - mean A" }),
};

export interface QNetOptions extends TorsoOptions {
  readonly actions: number;
  /** Numbers for each action: 1, or one for each quantile. Default 1. */
  readonly width?: number;
  readonly dueling: boolean;
}

/** [B, features] -> [B, actions * width], action by action. */
export function qNet(options: QNetOptions): Module {
  const { name, actions, width = 1, dueling } = options;
  const body = torso(options);
  const head = (part: string, outputs: number): Module =>
    dense({ name: `${name}.${part}`, inputs: body.outputs, outputs, init: orthogonal(1) });
  const advantages = head("advantages", actions * width);
  if (!dueling) {
    const { params, apply } = advantages;
    return {
      params: [...body.params, ...params],
      outputs: actions * width,
      apply: (p, x) => apply(p, body.apply(p, x)),
    };
  }
  const value = head("value", width);
  return {
    params: [...body.params, ...advantages.params, ...value.params],
    outputs: actions * width,
    apply(p, x) {
      const seen = body.apply(p, x);
      const a = advantages.apply(p, seen.ref).reshape([-1, actions, width]);
      return duel(value.apply(p, seen).reshape([-1, 1, width]), a).reshape([-1, actions * width]);
    },
  };
}

/** V [B, 1, width] + A [B, actions, width] - mean of A over the actions. */
const duel = (value: Tensor, advantages: Tensor): Tensor =>
  value.add(advantages.ref.sub(np.mean(advantages, 1, { keepdims: true })));

/** The net, with the model's parameters, on rows of features. */
export function onRows<B extends HostTensors>(model: Model<B>, net: Module): (rows: HostTensor) => Float32Array {
  const run = model.compile<{ obs: HostTensor }, "outputs">((p, { obs }) => ({ outputs: net.apply(p, obs) }));
  return (rows) => run({ obs: rows }).outputs;
}

/** The same on `n` observations: [n] rows of outputs, and what fills up the length that was compiled. */
export function evaluator<B extends HostTensors>(model: Model<B>, net: Module, features: Features) {
  const run = onRows(model, net);
  return (obs: BatchOf<Space>, n: number): Float32Array => run(rowsOf(features, obs, n));
}

/** `n` observations, and zeros up to `length`: the next power of two, if it is not given. */
export function rowsOf(features: Features, obs: BatchOf<Space>, n: number, length = paddedLength(n)): HostTensor {
  const data = new Float32Array(length * features.size);
  features.write(obs, n, data);
  return { data, shape: [length, features.size] };
}

/** Actions of a space as rows with a 1 at the action and 0 elsewhere. */
export function oneHotOf(taken: BatchOf<Space>, { n, start }: Discrete, length: number): HostTensor {
  const data = new Float32Array(length * n);
  // The space was checked: a discrete action batch is an Int32Array.
  (taken as Int32Array).forEach((action, row) => (data[row * n + action - start] = 1));
  return { data, shape: [length, n] };
}
