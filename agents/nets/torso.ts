/** The part of a net that every head sits on: dense layers, or a convolution where observations are grids. */
import { choice, int, list } from "dojang/env";
import type { Features } from "./features.ts";
import { gridConv } from "./grid-conv.ts";
import { ACTIVATIONS, type Activation } from "./layers.ts";
import { mlp } from "./mlp.ts";
import type { Module } from "./module.ts";

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
  readonly features: Features;
  readonly net: string;
  readonly hidden: readonly number[];
  readonly filters: number;
  readonly activation: Activation;
}

/** Is a convolution used? */
export const isConv = ({ net, features }: Pick<TorsoOptions, "net" | "features">): boolean =>
  features.grid !== undefined && (net === "conv" || net === "auto");

/** [B, features] -> [B, hidden]. */
export function torso(options: TorsoOptions): Module {
  const { name, features, hidden, filters, activation } = options;
  if (!isConv(options) || features.grid === undefined) return mlp({ name, inputs: features.size, hidden, activation });
  const [height, width, channels] = features.grid;
  return gridConv({ name, height, width, channels, filters, hidden: hidden[0] ?? 128 });
}
