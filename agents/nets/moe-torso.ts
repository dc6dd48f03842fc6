/** A torso with experts: a first part, then one Mixture-of-Experts layer, so that one policy can treat several games differently. */
import type { Tensor, Tensors } from "./backend.ts";
import { rmsNorm } from "./layers.ts";
import type { Module } from "./module.ts";
import type { Routing } from "./moe-route.ts";
import { moe } from "./moe.ts";

export interface MoeTorsoOptions {
  readonly name: string;
  /** What rows pass through before: a dense layer, or a convolution and a dense layer. */
  readonly first: Module;
  /** Width of one expert's hidden layer. Default: what the first part gives. */
  readonly inner?: number | undefined;
  readonly experts: number;
}

export interface MoeTorso extends Module {
  /** Name of the layer with experts, for `ExpertBalance`. */
  readonly routed: string;
  readonly experts: number;
  /** Which experts see the rows x [B, features], consumed; the caller's. */
  route(p: Tensors, x: Tensor): Routing;
}

/** Routed experts that see a row, where there are as many. */
const ACTIVE = 2;

/** Factor on the first values of what experts add: at first the dense layer says more. */
const GAIN = 0.3;

/** h = first(x); h + experts(norm(h)), of which one is shared. */
export function moeTorso({ name, first, inner = first.outputs, experts }: MoeTorsoOptions): MoeTorso {
  const width = first.outputs;
  const norm = rmsNorm(`${name}.norm`, width);
  const layer = moe({
    name: `${name}.moe`,
    width,
    hidden: inner,
    experts,
    active: Math.min(ACTIVE, experts),
    outputGain: GAIN,
  });
  return {
    params: [first, norm, layer].flatMap(({ params }) => params),
    outputs: width,
    routed: layer.options.name,
    experts,
    apply(p, x) {
      const h: Tensor = first.apply(p, x);
      return h.ref.add(layer.apply(p, norm.apply(p, h)));
    },
    route(p, x) {
      const { out, routing } = layer.forward(p, norm.apply(p, first.apply(p, x)), "look");
      out.dispose();
      return routing;
    },
  };
}

export const hasExperts = (body: Module): body is MoeTorso => "routed" in body;
