/** A Mixture-of-Experts layer with shared and routed experts (DeepSeekMoE: Dai et al., 2024, arXiv:2401.06066; DeepSeek-V3, arXiv:2412.19437). */
import { ACTIVATIONS } from "./layers.ts";
import { np, type Tensor, type Tensors } from "./backend.ts";
import { param, type Module } from "./module.ts";
import { route, type RouteOptions, type Routing } from "./moe-route.ts";
import { normal, zeros, type ParamSpec } from "./params.ts";

export interface MoeShape extends RouteOptions {
  /** Width of one expert's hidden layer. */
  readonly hidden: number;
  /** Experts that every token passes through. Default 1. */
  readonly shared?: number;
}

export interface MoeOptions extends MoeShape {
  readonly name: string;
  /** Of a token, in and out. */
  readonly width: number;
  /** Factor on the last weights' first values. Default 1. */
  readonly outputGain?: number;
}

export interface Moe extends Module {
  readonly options: MoeOptions;
  /** x [N, width], consumed, gives the sum of the experts' outputs [N, width], and who was sent where. Borrows the parameters. */
  forward(p: Tensors, x: Tensor): { readonly out: Tensor; readonly routing: Routing };
}

/**
 * sum of shared FFN_i(u) + sum of g_i FFN_i(u) over the chosen experts (the residual is the caller's); FFN(u) = relu(u W_in)^2 W_out.
 * @throws {RangeError} when more experts are to be chosen than there are
 */
export function moe(options: MoeOptions): Moe {
  const { name, width, hidden, experts, shared = 1, outputGain = 1 } = options;
  const weights = (part: string, count: number): readonly [ParamSpec, ParamSpec] => [
    { name: `${name}.${part}.in`, shape: [count, width, hidden], init: normal(1 / Math.sqrt(width)) },
    { name: `${name}.${part}.out`, shape: [count, hidden, width], init: normal(outputGain / Math.sqrt(hidden)) },
  ];
  const gate = { name: `${name}.gate`, shape: [width, experts], init: normal(1 / Math.sqrt(width)) };
  const bias = { name: `${name}.bias`, shape: [experts], init: zeros };
  const forward = (p: Tensors, x: Tensor): { out: Tensor; routing: Routing } => {
    const routing = route(np.matmul(x.ref, param(p, gate.name)), param(p, bias.name), options);
    const out = everyExpert(p, `${name}.experts`, x.ref, routing.gates.ref);
    return { out: shared === 0 ? drop(x, out) : out.add(everyExpert(p, `${name}.shared`, x)), routing };
  };
  return {
    options,
    params: [gate, bias, ...weights("experts", experts), ...(shared === 0 ? [] : weights("shared", shared))],
    outputs: width,
    forward,
    apply(p, x) {
      const { out, routing } = forward(p, x);
      routing.gates.dispose();
      routing.scores.dispose();
      return out;
    },
  };
}

/** All experts as one wide matmul, their outputs weighed by the gates [N, experts] where there are any. */
function everyExpert(p: Tensors, name: string, x: Tensor, gates?: Tensor): Tensor {
  const first = param(p, `${name}.in`);
  const [experts = 0, width = 0, hidden = 0] = first.shape;
  const wide = first.transpose([1, 0, 2]).reshape([width, experts * hidden]);
  const inner = ACTIVATIONS.relu2(np.matmul(x, wide));
  const rows = inner.shape[0] ?? 0;
  const weighed =
    gates === undefined ? inner : inner.reshape([rows, experts, hidden]).mul(gates.reshape([rows, experts, 1]));
  return np.matmul(
    weighed.reshape([rows, experts * hidden]),
    param(p, `${name}.out`).reshape([experts * hidden, width]),
  );
}

const drop = (unused: Tensor, kept: Tensor): Tensor => (unused.dispose(), kept);
