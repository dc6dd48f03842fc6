/** The part of a net that every head sits on: dense layers, or a convolution where observations are grids. */
import { choice, int, list } from "dojang/env";
import { GymError } from "dojang/protocol";
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

/** [B, features] -> [B, hidden]. @throws {GymError} BAD_PARAM for a convolution over what is no grid, and for no hidden layer at all */
export function torso(options: TorsoOptions): Module {
  const { name, net, features, hidden, filters, activation } = options;
  const [width] = hidden;
  if (width === undefined) throw wrong("hidden", "at least one width", hidden);
  if (net === "conv" && features.grid === undefined)
    throw wrong("net", "auto or mlp: a convolution needs observations of shape [height, width, channels]", net);
  if (!isConv(options) || features.grid === undefined) return mlp({ name, inputs: features.size, hidden, activation });
  const [height, rowWidth, channels] = features.grid;
  return gridConv({ name, height, width: rowWidth, channels, filters, hidden: width });
}

const wrong = (param: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_PARAM", `net: param ${param}`, { expected, received });
