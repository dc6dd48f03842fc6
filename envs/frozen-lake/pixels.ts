/** Draws the lake: ice, holes, the start, the goal as a gift, and the walker with a beak where the last move was meant to go. */
import type { RgbFrame } from "dojang/env";
import type { Colour, Point } from "../shared/painter.ts";
import { drawAgent, fillTile, inTile, tiles, type Tile } from "../shared/pixels.ts";
import type { TabularState } from "../shared/tabular.ts";

const SNOW: Colour = [245, 250, 255];
const ICE: Colour = [205, 228, 243];
const WATER: Colour = [35, 85, 130];
const START: Colour = [170, 205, 175];
const WALKER: Colour = [215, 90, 50];
const GIFT: Colour = [180, 50, 80];
const RIBBON: Colour = [240, 200, 60];

/** Where each action is meant to go: left, down, right, up. */
const HEADINGS: readonly Point[] = [[-1, 0], [0, 1], [1, 0], [0, -1]]; // prettier-ignore

/** @param map a string of S, F, H and G for each row */
export const frozenLakePixels = (map: readonly string[], { at, lastAction }: TabularState): RgbFrame => {
  const columns = map[0]?.length ?? 0;
  return tiles({ rows: map.length, columns, background: SNOW, cell: 64 }, (tile) => {
    drawCell(tile, map[tile.row]?.[tile.column]);
    if (tile.row * columns + tile.column === at) drawAgent(tile, WALKER, HEADINGS[lastAction]);
  });
};

function drawCell(tile: Tile, kind: string | undefined): void {
  const { painter, x, y, side } = tile;
  fillTile(tile, kind === "S" ? START : ICE);
  if (kind === "H") painter.disc(inTile(tile, [0.5, 0.5]), 0.42 * side, WATER);
  if (kind !== "G") return;
  painter.rect(x + 0.2 * side, y + 0.3 * side, 0.6 * side, 0.5 * side, GIFT);
  painter.rect(x + 0.44 * side, y + 0.3 * side, 0.12 * side, 0.5 * side, RIBBON);
  painter.rect(x + 0.2 * side, y + 0.46 * side, 0.6 * side, 0.1 * side, RIBBON);
}
