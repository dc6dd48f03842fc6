/** A torso with experts: a dense layer, then one Mixture-of-Experts layer, so that one policy can treat several games differently. */
import type { Tensor, Tensors } from "./backend.ts";
import { activation, dense, rmsNorm, type Activation } from "./layers.ts";
import type { Module } from "./module.ts";
import type { Routing } from "./moe-route.ts";
import { moe } from "./moe.ts";

export interface MoeTorsoOptions {
  readonly name: string;
  /** Features of a row. */
  readonly inputs: number;
  /** Width of the dense layer, then that of one expert's hidden layer. Default of the latter: the former. */
  readonly hidden: readonly [width: number, ...number[]];
  readonly experts: number;
  readonly activation: Activation;
}

export interface MoeTorso extends Module {
  /** Name of the layer with experts, for `ExpertBalance`. */
  readonly routed: string;
  readonly experts: number;
  /** Which experts see the rows x [B, inputs], consumed; the caller's. */
  route(p: Tensors, x: Tensor): Routing;
}

/** Routed experts that see a row, where there are as many. */
const ACTIVE = 2;

/** Factor on the first values of what experts add: at first the dense layer says more. */
const GAIN = 0.3;

/** h = act(W x + b); h + experts(norm(h)), of which one is shared. */
export function moeTorso({ name, inputs, hidden, experts, activation: act }: MoeTorsoOptions): MoeTorso {
  const [width, inner = width] = hidden;
  const first = dense({ name: `${name}.0`, inputs, outputs: width });
  const bend = activation(act, width);
  const norm = rmsNorm(`${name}.norm`, width);
  const layer = moe({
    name: `${name}.moe`,
    width,
    hidden: inner,
    experts,
    active: Math.min(ACTIVE, experts),
    outputGain: GAIN,
  });
  const seen = (p: Tensors, x: Tensor): Tensor => bend.apply(p, first.apply(p, x));
  return {
    params: [first, norm, layer].flatMap(({ params }) => params),
    outputs: width,
    routed: layer.options.name,
    experts,
    apply(p, x) {
      const h = seen(p, x);
      return h.ref.add(layer.apply(p, norm.apply(p, h)));
    },
    route(p, x) {
      const { out, routing } = layer.forward(p, norm.apply(p, seen(p, x)), "look");
      out.dispose();
      return routing;
    },
  };
}

export const hasExperts = (body: Module): body is MoeTorso => "routed" in body;
