/** Pictures of grids: a coloured square for each cell. */
import { choice, type RgbFrame } from "dojang/env";

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels to a side of a cell, made smaller for large grids so that a picture stays below this width and height. */
const CELL = 16;
const MAX_SIDE = 512;

/** The parameter that says in which form an environment draws itself. */
export const renderMode = choice("text", ["text", "rgb"], { doc: "Form of the pictures: text, or RGB pixels." });

/** @param colourAt the colour of a cell; called once for each */
export function gridPixels(rows: number, columns: number, colourAt: (row: number, column: number) => Colour): RgbFrame {
  const cell = Math.max(1, Math.min(CELL, Math.floor(MAX_SIDE / Math.max(rows, columns))));
  const width = columns * cell;
  const height = rows * cell;
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const colour = colourAt(row, column);
      for (let i = 0; i < cell * cell; i++) {
        const y = row * cell + Math.floor(i / cell);
        const x = column * cell + (i % cell);
        rgb.set(colour, (y * width + x) * 3);
      }
    }
  return { width, height, rgb };
}
