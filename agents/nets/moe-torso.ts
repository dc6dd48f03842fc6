/** A torso with experts: a first part, then one Mixture-of-Experts layer, so that one policy can treat several games differently. */
import { np, type Tensor, type Tensors } from "./backend.ts";
import type { Patches } from "./features.ts";
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
  /** Of the rows, where they are grids: what lies beside a grid (which game it is) gives each head weights of its own. Default: nothing does. */
  readonly patches?: Patches | undefined;
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

/**
 * h = first(x); h + experts(norm(h)), of which one is shared. What lies beside the grids, b, multiplies that: the heads see h, each of its multiples by a number
 * of b, and b, so that each game has a linear layer and offsets of its own. With one layer for all, Adam scales the rare gradient of a game that hardly ever
 * pays (Freeway, at first) by the steady ones of the others, and it is not learnt.
 */
export function moeTorso({ name, first, inner = first.outputs, experts, patches }: MoeTorsoOptions): MoeTorso {
  const width = first.outputs;
  const { count = 0, size = 0, beside = 0 } = patches ?? {};
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
    outputs: width + beside * (width + 1),
    routed: layer.options.name,
    experts,
    apply(p, x) {
      const batch = x.shape[0] ?? 0;
      const told = beside === 0 ? undefined : x.ref.slice([], [count * size, count * size + beside]);
      const h: Tensor = first.apply(p, x);
      const out = h.ref.add(layer.apply(p, norm.apply(p, h)));
      if (told === undefined) return out;
      const own = out.ref.reshape([batch, 1, width]).mul(told.ref.reshape([batch, beside, 1]));
      return np.concatenate([out, own.reshape([batch, beside * width]), told], 1);
    },
    route(p, x) {
      const { out, routing } = layer.forward(p, norm.apply(p, first.apply(p, x)), "look");
      out.dispose();
      return routing;
    },
  };
}

export const hasExperts = (body: Module): body is MoeTorso => "routed" in body;
