/** A 3x3 convolution over small grids as one matmul over patches, with the dense layer behind it (the net of MinAtar's own agents: Young & Tian, 2019). */
import { activation, dense, layerNorm } from "./layers.ts";
import { chain, type Module } from "./module.ts";

export interface GridConvOptions {
  readonly name: string;
  /** Patches a grid, and numbers a patch. */
  readonly patches: { readonly count: number; readonly size: number };
  /** Default 16. */
  readonly filters?: number;
  /** Width of the dense layer behind. Default 128. */
  readonly hidden?: number;
  /** Layer normalisation before each ReLU, over the filters of a cell and over the dense layer. Default false. */
  readonly norm?: boolean;
}

/** Grids as patches [B, count * size] to features [B, hidden]: filters of stride 1 without padding, ReLU, a dense layer, ReLU. */
export function gridConv({ name, patches, filters = 16, hidden = 128, norm = false }: GridConvOptions): Module {
  const { count, size } = patches;
  const cells = layer(`${name}.conv`, size, filters, norm);
  const behind = layer(`${name}.0`, count * filters, hidden, norm);
  return {
    params: [...cells.params, ...behind.params],
    outputs: hidden,
    apply(p, x) {
      const batch = x.shape[0] ?? 0;
      const maps = cells.apply(p, x.reshape([batch * count, size]));
      return behind.apply(p, maps.reshape([batch, count * filters]));
    },
  };
}

function layer(name: string, inputs: number, outputs: number, norm: boolean): Module {
  const linear = dense({ name, inputs, outputs });
  const relu = activation("relu", outputs);
  return norm ? chain(linear, layerNorm(`${name}.norm`, outputs), relu) : chain(linear, relu);
}
