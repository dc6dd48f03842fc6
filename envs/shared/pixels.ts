/** Pictures of grids: a square for each cell, and the agent on one of them. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour, type Point } from "./painter.ts";

/** Pixels to a side of a cell, made smaller for large grids so that a picture stays below this width and height. */
const CELL = 32;
const MAX_SIDE = 512;
/** Cells of this side and more have a line of the background between them. */
const GAP_FROM = 8;

/** A cell of a grid, and where to draw it. */
export interface Tile {
  readonly painter: Painter;
  readonly row: number;
  readonly column: number;
  /** Its upper left corner. */
  readonly x: number;
  readonly y: number;
  /** Width and height. */
  readonly side: number;
}

export interface TilesOptions {
  readonly rows: number;
  readonly columns: number;
  readonly background: Colour;
  /** Pixels to a side where the grid is small enough. Default 32. */
  readonly cell?: number;
}

/** @param paint called once for each cell, row by row */
export function tiles({ rows, columns, background, cell = CELL }: TilesOptions, paint: (tile: Tile) => void): RgbFrame {
  const side = Math.max(1, Math.min(cell, Math.floor(MAX_SIDE / Math.max(rows, columns))));
  const painter = new Painter(columns * side, rows * side, background);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      paint({ painter, row, column, x: column * side, y: row * side, side });
  return painter.frame();
}

/** Fills a cell; in large cells a line of the background stays at two of its sides. */
export function fillTile({ painter, x, y, side }: Tile, colour: Colour): void {
  const inner = side < GAP_FROM ? side : side - 1;
  painter.rect(x, y, inner, inner, colour);
}

/** @param place of the cell's width and height, from 0 to 1 */
export const inTile = ({ x, y, side }: Tile, place: Point): Point => [x + place[0] * side, y + place[1] * side];

/** A round agent with a beak in the direction in which it went: [1, 0] is right, [0, 1] down; without one where it went nowhere. */
export function drawAgent(tile: Tile, colour: Colour, heading?: Point): void {
  const { painter, side } = tile;
  painter.disc(inTile(tile, [0.5, 0.5]), 0.3 * side, colour);
  if (heading === undefined) return;
  const tip = inTile(tile, [0.5 + 0.38 * heading[0], 0.5 + 0.38 * heading[1]]);
  painter.line(inTile(tile, [0.5, 0.5]), tip, 0.16 * side, colour);
}

/** @param colourAt the colour of a cell; called once for each */
export const gridPixels = (
  rows: number,
  columns: number,
  colourAt: (row: number, column: number) => Colour,
): RgbFrame =>
  tiles({ rows, columns, background: [0, 0, 0] }, (tile) => {
    fillTile(tile, colourAt(tile.row, tile.column));
  });
