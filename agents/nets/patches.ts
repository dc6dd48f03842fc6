/** Grids cut into the 3x3 patches that a convolution multiplies: on the host, where a cell that is 0 costs nothing and no gradient is asked for. */
import type { Features, Grid } from "./features.ts";

const KERNEL = 3;

/**
 * `features`, whose rows hold a grid, with rows of patches: one for each place of a 3x3 window, row-major, each padded to a multiple of 4 numbers (odd
 * lengths are slow to multiply). What is no grid follows.
 */
export function patched(features: Features, grid: Grid): Features {
  const [height, width, channels] = grid.shape;
  const [start, end] = [grid.from, grid.from + height * width * channels];
  const beside = features.size - (end - start);
  const [down, across] = [height - KERNEL + 1, width - KERNEL + 1];
  const size = Math.ceil((KERNEL * KERNEL * channels) / 4) * 4;
  const patches = down * across * size;
  const length = patches + beside;
  let cells = new Float32Array(0);
  return {
    size: length,
    patches: { count: down * across, size, beside },
    write(batch, rows, out, from = 0) {
      if (cells.length < rows * features.size) cells = new Float32Array(rows * features.size);
      features.write(batch, rows, cells);
      out.fill(0, from * length, (from + rows) * length);
      for (let row = 0; row < rows; row++) {
        const [own, to] = [row * features.size, (from + row) * length];
        let at = own + start;
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++)
            for (let c = 0; c < channels; c++) {
              const value = cells[at++] as number;
              if (value !== 0) spread(value, y, x, c, to, out);
            }
        if (beside === 0) continue;
        out.set(cells.subarray(own, own + start), to + patches);
        out.set(cells.subarray(own + end, own + features.size), to + patches + start);
      }
    },
  };

  /** Puts a cell into each patch that it lies in. */
  function spread(value: number, y: number, x: number, c: number, start: number, out: Float32Array): void {
    for (let i = Math.max(0, y - KERNEL + 1); i <= y && i < down; i++)
      for (let j = Math.max(0, x - KERNEL + 1); j <= x && j < across; j++)
        out[start + (i * across + j) * size + ((y - i) * KERNEL + x - j) * channels + c] = value;
  }
}
