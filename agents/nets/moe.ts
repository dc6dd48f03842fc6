/** A Mixture-of-Experts layer with shared and routed experts (DeepSeekMoE: Dai et al., 2024, arXiv:2401.06066; DeepSeek-V3, arXiv:2412.19437). */
import { np, type Tensor, type Tensors } from "./backend.ts";
import { chosenExperts, everyExpert, type Experts } from "./moe-experts.ts";
import { checkRoute, gatesOf, route, wideGatesOf, type RouteOptions, type Routing } from "./moe-route.ts";
import { param, type Module } from "./module.ts";
import { normal, zeros, type ParamSpec } from "./params.ts";

export interface MoeShape extends RouteOptions {
  /** Width of one expert's hidden layer. */
  readonly hidden: number;
  /** Experts that every token passes through. Default 1. */
  readonly shared?: number;
  /**
   * How the routed sum is computed: `dense`, all experts for all tokens, or `grouped`, each token through its own experts only. Equal results;
   * dense is faster for few experts or tokens. Default: grouped from 64 tokens on, for more than 4 experts, or more than 8 where it is differentiated.
   */
  readonly dispatch?: "dense" | "grouped";
  /** Weight of the sequence-wise balance loss (DeepSeek-V3: 0.0001). Default 0: none. */
  readonly balanceWeight?: number;
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
  /** x [N, width], consumed, gives the sum of the experts' outputs [N, width], and who was sent where, which the caller owns. Borrows the parameters. */
  forward(p: Tensors, x: Tensor, use?: Use): { readonly out: Tensor; readonly routing: Routing };
}

/** What for: to be differentiated, or only to be looked at, which is faster. The results are equal. Default `train`. */
export type Use = "train" | "look";

/**
 * sum of shared FFN_i(u) + sum of g_i FFN_i(u) over the chosen experts (the residual is the caller's); FFN(u) = relu(u W_in)^2 W_out.
 * @throws {RangeError} when the numbers of experts and groups do not fit together
 */
export function moe(options: MoeOptions): Moe {
  const { name, width, hidden, experts, shared = 1, outputGain = 1 } = options;
  checkRoute(options, name);
  const weights = (part: string, count: number): readonly ParamSpec[] => [
    { name: `${name}.${part}.in`, shape: [count, width, hidden], init: normal(1 / Math.sqrt(width)) },
    { name: `${name}.${part}.out`, shape: [count, hidden, width], init: normal(outputGain / Math.sqrt(hidden)) },
  ];
  const gate = { name: `${name}.gate`, shape: [width, experts], init: normal(1 / Math.sqrt(width)) };
  const bias = { name: `${name}.bias`, shape: [experts], init: zeros };
  const of = (p: Tensors, part: string): Experts => ({
    first: param(p, `${name}.${part}.in`),
    last: param(p, `${name}.${part}.out`),
  });
  const forward = (p: Tensors, x: Tensor, use: Use = "train"): { out: Tensor; routing: Routing } => {
    const routing = route(np.matmul(x.ref, param(p, gate.name)), param(p, bias.name), options);
    const routed = isGrouped(options, x.shape[0] ?? 0, use)
      ? chosenExperts(x.ref, of(p, "experts"), routing.chosen.ref, gatesOf(routing, options), use === "train")
      : everyExpert(x.ref, of(p, "experts"), wideGatesOf(routing, options));
    if (shared > 0) return { out: routed.add(everyExpert(x, of(p, "shared"))), routing };
    x.dispose();
    return { out: routed, routing };
  };
  return {
    options,
    params: [gate, bias, ...weights("experts", experts), ...(shared === 0 ? [] : weights("shared", shared))],
    outputs: width,
    forward,
    apply(p, x) {
      const { out, routing } = forward(p, x);
      routing.scores.dispose();
      routing.chosen.dispose();
      return out;
    },
  };
}

const isGrouped = ({ dispatch, experts }: MoeOptions, rows: number, use: Use): boolean =>
  dispatch === undefined ? experts > (use === "train" ? 8 : 4) && rows >= 64 : dispatch === "grouped";
