/** A 3x3 convolution over small grids as one matmul over patches, with the dense layer behind it (the net of MinAtar's own agents: Young & Tian, 2019). */
import { np, nn } from "./backend.ts";
import { dense } from "./layers.ts";
import { param, type Module } from "./module.ts";
import { orthogonal, zeros } from "./params.ts";

const KERNEL = 3;

export interface GridConvOptions {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Default 16. */
  readonly filters?: number;
  /** Width of the dense layer behind. Default 128. */
  readonly hidden?: number;
}

/**
 * Grids [B, height * width * channels], channels last, to features [B, hidden]: 3x3 filters of stride 1 without padding, ReLU,
 * a dense layer, ReLU. The nine shifted views of a grid are joined, so that the filters are one matmul.
 */
export function gridConv({ name, height, width, channels, filters = 16, hidden = 128 }: GridConvOptions): Module {
  const [rows, columns] = [height - KERNEL + 1, width - KERNEL + 1];
  const patch = KERNEL * KERNEL * channels;
  const [weight, bias] = [`${name}.conv.weight`, `${name}.conv.bias`];
  const behind = dense({ name: `${name}.0`, inputs: rows * columns * filters, outputs: hidden });
  return {
    params: [
      { name: weight, shape: [patch, filters], init: orthogonal(Math.SQRT2) },
      { name: bias, shape: [filters], init: zeros },
      ...behind.params,
    ],
    outputs: hidden,
    apply(p, x) {
      const batch = x.shape[0] ?? 0;
      const grids = x.reshape([batch, height, width, channels]);
      const shifted = Array.from({ length: KERNEL * KERNEL }, (_, k) => {
        const [top, left] = [Math.floor(k / KERNEL), k % KERNEL];
        return grids.ref.slice([], [top, top + rows], [left, left + columns], []);
      });
      grids.dispose();
      const patches = np.concatenate(shifted, 3).reshape([batch * rows * columns, patch]);
      const maps = nn.relu(np.matmul(patches, param(p, weight)).add(param(p, bias)));
      return nn.relu(behind.apply(p, maps.reshape([batch, rows * columns * filters])));
    },
  };
}
