/** The part of a net that every head sits on: dense layers, a convolution where observations are grids, or experts. */
import { choice, int, list } from "dojang/env";
import { GymError, type Space } from "dojang/protocol";
import { featuresOf, type Features } from "./features.ts";
import { gridConv } from "./grid-conv.ts";
import { ACTIVATIONS, type Activation } from "./layers.ts";
import { mlp } from "./mlp.ts";
import type { Module } from "./module.ts";
import { moeTorso } from "./moe-torso.ts";
import { patched } from "./patches.ts";

/** Hyperparameters of every net. */
export const NET = {
  net: choice("auto", ["auto", "mlp", "conv", "moe", "conv-moe"], {
    doc: "auto: a convolution for grids of 3x3 and more, else dense layers; moe: a dense layer and one of experts; conv-moe: a convolution before these",
  }),
  experts: int(4, {
    min: 1,
    max: 256,
    doc: "experts of moe and conv-moe beside a shared one; two of them see each row",
  }),
  hidden: list(int(64, { min: 1, max: 4096 }), [64, 64], { maxLength: 8, doc: "widths of the dense layers" }),
  filters: int(16, { min: 1, max: 512, doc: "filters of the convolution" }),
  activation: choice("tanh", Object.keys(ACTIVATIONS) as Activation[], { doc: "of the dense layers" }),
};

export interface TorsoOptions {
  readonly name: string;
  /** Of `featuresFor`. */
  readonly features: Features;
  readonly hidden: readonly number[];
  readonly filters: number;
  readonly activation: Activation;
  /** Layer normalisation before each activation. Default false. */
  readonly norm?: boolean;
  /** As in `NET`. Default auto. */
  readonly net?: string;
  /** Of the nets moe and conv-moe. Default 4. */
  readonly experts?: number;
}

/**
 * Observations as the net reads them: grids are cut into patches where a convolution is used.
 * @throws {GymError} BAD_PARAM for spaces that nets cannot read, and for a convolution over what is no grid
 */
export function featuresFor({ net }: { readonly net: string }, space: Space, where: string): Features {
  const { grid, ...features } = featuresOf(space, where);
  if (net !== "mlp" && net !== "moe" && grid !== undefined) return patched(features, grid);
  if (net === "conv" || net === "conv-moe")
    throw wrong("net", "auto, mlp or moe: a convolution needs observations of shape [height, width, channels], or only one field of such a shape", net); // prettier-ignore
  return features;
}

/** Is a convolution used? */
export const isConv = ({ features }: { readonly features: Features }): boolean => features.patches !== undefined;

/** [B, features] -> [B, hidden]. @throws {GymError} BAD_PARAM for no hidden layer at all; {TypeError} for features of no `featuresFor` */
export function torso(options: TorsoOptions): Module {
  const { name, features, hidden, filters, activation, norm = false, net, experts = 4 } = options;
  const { grid, patches, size } = features;
  if (grid !== undefined)
    throw new TypeError(`net ${name}: a grid was not cut into patches: take features of featuresFor`);
  const [width, ...others] = hidden;
  if (width === undefined) throw wrong("hidden", "at least one width", hidden);
  if (net === "moe" || net === "conv-moe") {
    const before = patches === undefined ? mlp({ name, inputs: size, hidden: [width], activation }) : gridConv({ name, patches, filters, hidden: width }); // prettier-ignore
    return moeTorso({ name, first: before, inner: others[0], experts, patches });
  }
  if (patches === undefined) return mlp({ name, inputs: size, hidden, activation, norm });
  return gridConv({ name, patches, filters, hidden: width, norm });
}

const wrong = (param: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_PARAM", `net: param ${param}`, { expected, received });
