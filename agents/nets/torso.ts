/** The part of a net that every head sits on: dense layers, or a convolution where observations are grids. */
import { choice, int, list } from "dojang/env";
import { GymError, type Space } from "dojang/protocol";
import { featuresOf, type Features } from "./features.ts";
import { gridConv } from "./grid-conv.ts";
import { ACTIVATIONS, type Activation } from "./layers.ts";
import { mlp } from "./mlp.ts";
import type { Module } from "./module.ts";
import { patched } from "./patches.ts";

/** Hyperparameters of every net. */
export const NET = {
  net: choice("auto", ["auto", "mlp", "conv"], {
    doc: "auto: a convolution for grids of 3x3 and more, else dense layers",
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
}

/**
 * Observations as the net reads them: grids are cut into patches where a convolution is used.
 * @throws {GymError} BAD_PARAM for spaces that nets cannot read, and for a convolution over what is no grid
 */
export function featuresFor({ net }: { readonly net: string }, space: Space, where: string): Features {
  const { grid, ...features } = featuresOf(space, where);
  if (net !== "mlp" && grid !== undefined) return patched(features, grid);
  if (net === "conv")
    throw wrong("net", "auto or mlp: a convolution needs observations of shape [height, width, channels]", net);
  return features;
}

/** Is a convolution used? */
export const isConv = ({ features }: { readonly features: Features }): boolean => features.patches !== undefined;

/** [B, features] -> [B, hidden]. @throws {GymError} BAD_PARAM for no hidden layer at all; {TypeError} for features of no `featuresFor` */
export function torso({ name, features, hidden, filters, activation, norm = false }: TorsoOptions): Module {
  const { grid, patches, size } = features;
  if (grid !== undefined)
    throw new TypeError(`net ${name}: a grid was not cut into patches: take features of featuresFor`);
  const [width] = hidden;
  if (width === undefined) throw wrong("hidden", "at least one width", hidden);
  if (patches === undefined) return mlp({ name, inputs: size, hidden, activation, norm });
  return gridConv({ name, patches, filters, hidden: width, norm });
}

const wrong = (param: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_PARAM", `net: param ${param}`, { expected, received });
