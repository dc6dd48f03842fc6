/** Nets of action values: a torso with one linear head, or with two heads that add up to it (dueling: Wang et al., 2016, arXiv:1511.06581). */
import { choice, flag, int, list } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import { np, type Tensor } from "./backend.ts";
import type { Features } from "./features.ts";
import type { OnHost } from "./host-layers.ts";
import { ACTIVATIONS, dense, type Activation } from "./layers.ts";
import type { HostTensor, HostTensors, Model } from "./model.ts";
import { chain, type HostModule, type Module } from "./module.ts";
import { paddedLength } from "./padded.ts";
import { orthogonal, sizeOf } from "./params.ts";
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
  const head = (part: string, outputs: number): HostModule =>
    dense({ name: `${name}.${part}`, inputs: body.outputs, outputs, init: orthogonal(1) });
  const advantages = head("advantages", actions * width);
  if (!dueling) return chain(body, advantages);
  const value = head("value", width);
  return {
    params: [...body.params, ...advantages.params, ...value.params],
    outputs: actions * width,
    apply(p, x) {
      const seen = body.apply(p, x);
      const a = advantages.apply(p, seen.ref).reshape([-1, actions, width]);
      return duel(value.apply(p, seen).reshape([-1, 1, width]), a).reshape([-1, actions * width]);
    },
    onHost: body.onHost && duelOnHost(body.onHost, advantages.onHost, value.onHost, actions, width),
  };
}

/** V [B, 1, width] + A [B, actions, width] - mean of A over the actions. */
const duel = (value: Tensor, advantages: Tensor): Tensor =>
  value.add(advantages.ref.sub(np.mean(advantages, 1, { keepdims: true })));

/** The same on the host. */
const duelOnHost =
  (body: OnHost, advantages: OnHost, value: OnHost, actions: number, width: number): OnHost =>
  (weights, x, rows) => {
    const seen = body(weights, x, rows);
    const [v, q] = [value(weights, seen, rows), advantages(weights, seen, rows)];
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < width; k++) {
        const from = row * actions * width + k;
        let sum = 0;
        for (let a = 0; a < actions; a++) sum += q[from + a * width]!;
        const shift = v[row * width + k]! - sum / actions;
        for (let a = 0; a < actions; a++) q[from + a * width]! += shift;
      }
    return q;
  };

/** The net, with the model's parameters, on rows of features. */
export function onRows<B extends HostTensors>(model: Model<B>, net: Module): (rows: HostTensor) => Float32Array {
  const run = model.compile<{ obs: HostTensor }, "outputs">((p, { obs }) => ({ outputs: net.apply(p, obs) }));
  return (rows) => run({ obs: rows }).outputs;
}

/**
 * The same on `n` observations: [n] rows of outputs, and what fills up the length that was compiled. The few rows of who acts go through the net on
 * the host, which gives the same numbers up to rounding.
 */
export function evaluator<B extends HostTensors>(model: Model<B>, net: Module, features: Features) {
  const run = onRows(model, net);
  const rows = rowWriter(features);
  const most = rowsOnHost(net);
  return (obs: BatchOf<Space>, n: number): Float32Array =>
    net.onHost === undefined || n > most
      ? run(rows(obs, n))
      : Float32Array.from(net.onHost(model.borrowed, rows(obs, n, n).data as Float32Array, n));
}

/** A call of compiled kernels costs as much as about so many multiplications on the host, and takes 8 rows at the least. */
const HOST_PRODUCTS = 300_000;
const HOST_ROWS = 4;

const rowsOnHost = ({ params }: Module): number =>
  Math.min(HOST_ROWS, HOST_PRODUCTS / params.reduce((sum, { shape }) => sum + sizeOf(shape), 0));

/** As `rowsOf`, always in the same memory: for rows that nobody needs after the next call. */
export function rowWriter(features: Features): (obs: BatchOf<Space>, n: number, length?: number) => HostTensor {
  let data = new Float32Array(0);
  return (obs, n, length = paddedLength(n)) => {
    if (data.length !== length * features.size) data = new Float32Array(length * features.size);
    else data.fill(0, n * features.size);
    features.write(obs, n, data);
    return { data, shape: [length, features.size] };
  };
}

/** `n` observations, and zeros up to `length`: the next power of two, if it is not given. */
export const rowsOf = (features: Features, obs: BatchOf<Space>, n: number, length?: number): HostTensor =>
  rowWriter(features)(obs, n, length);

/** Actions of a space as rows with a 1 at the action and 0 elsewhere. */
export function oneHotOf(taken: BatchOf<Space>, { n, start }: Discrete, length: number): HostTensor {
  const data = new Float32Array(length * n);
  // The space was checked: a discrete action batch is an Int32Array.
  (taken as Int32Array).forEach((action, row) => (data[row * n + action - start] = 1));
  return { data, shape: [length, n] };
}
