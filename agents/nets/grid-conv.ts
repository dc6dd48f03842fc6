/** A 3x3 convolution over small grids as one matmul over patches, with the dense layer behind it (the net of MinAtar's own agents: Young & Tian, 2019). */
import type { Tensor, Tensors } from "./backend.ts";
import type { Patches } from "./features.ts";
import type { OnHost } from "./host-layers.ts";
import { activation, dense, layerNorm } from "./layers.ts";
import { chain, type Module } from "./module.ts";

export interface GridConvOptions {
  readonly name: string;
  readonly patches: Patches;
  /** Default 16. */
  readonly filters?: number;
  /** Width of the dense layer behind. Default 128. */
  readonly hidden?: number;
  /** Layer normalisation before each ReLU, over the filters of a cell and over the dense layer. Default false. */
  readonly norm?: boolean;
}

/**
 * Grids as patches [B, count * size + beside] to features [B, hidden]: filters of stride 1 without padding, ReLU, a dense layer, ReLU. What lies beside
 * the grid (which game it is, say) moves the filters' offsets, the same way at every place.
 */
export function gridConv({ name, patches, filters = 16, hidden = 128, norm = false }: GridConvOptions): Module {
  const { count, size, beside } = patches;
  const conv = dense({ name: `${name}.conv`, inputs: size, outputs: filters });
  const shift = beside === 0 ? undefined : dense({ name: `${name}.beside`, inputs: beside, outputs: filters, bias: false }); // prettier-ignore
  const bend = bent(`${name}.conv`, filters, norm);
  const behind = dense({ name: `${name}.0`, inputs: count * filters, outputs: hidden });
  const last = chain(behind, bent(`${name}.0`, hidden, norm));
  const seen = (p: Tensors, x: Tensor, batch: number): Tensor => {
    if (shift === undefined) return conv.apply(p, x.reshape([batch * count, size]));
    const cells = x.ref.slice([], [0, count * size]).reshape([batch * count, size]);
    const offsets = shift.apply(p, x.slice([], [count * size, count * size + beside]));
    const maps = conv.apply(p, cells).reshape([batch, count, filters]);
    return maps.add(offsets.reshape([batch, 1, filters])).reshape([batch * count, filters]);
  };
  return {
    params: [conv, ...(shift ? [shift] : []), bend, last].flatMap(({ params }) => params),
    outputs: hidden,
    apply(p, x) {
      const batch = x.shape[0] ?? 0;
      const maps = bend.apply(p, seen(p, x, batch));
      return last.apply(p, maps.reshape([batch, count * filters]));
    },
    onHost: shift === undefined ? onHost(conv, bend, last, count) : undefined,
  };
}

/** Every place of a grid is a row of its own to the filters. */
function onHost(
  { onHost: conv }: Module,
  { onHost: bend }: Module,
  { onHost: last }: Module,
  count: number,
): OnHost | undefined {
  if (conv === undefined || bend === undefined || last === undefined) return undefined;
  return (weights, x, rows) => last(weights, bend(weights, conv(weights, x, rows * count), rows * count), rows);
}

function bent(name: string, width: number, norm: boolean): Module {
  const relu = activation("relu", width);
  return norm ? chain(layerNorm(`${name}.norm`, width), relu) : relu;
}
