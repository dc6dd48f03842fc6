/** Draws the map: walls, pits, goals, and the walker with a beak where the last move was meant to go. */
import type { RgbFrame } from "dojang/env";
import type { Colour, Point } from "../shared/painter.ts";
import { drawAgent, fillTile, tiles } from "../shared/pixels.ts";
import type { TabularState } from "../shared/tabular.ts";

const LINES: Colour = [200, 200, 200];
const FREE: Colour = [235, 235, 235];
const COLOURS: Readonly<Record<string, Colour>> = { "#": [60, 60, 60], G: [70, 170, 90], P: [200, 60, 60] };
const WALKER: Colour = [60, 120, 220];

/** Where each action is meant to go: up, right, down, left. */
const HEADINGS: readonly Point[] = [[0, -1], [1, 0], [0, 1], [-1, 0]]; // prettier-ignore

/** @param map a string of S, G, P, # and . for each row */
export const gridWorldPixels = (map: readonly string[], { at, lastAction }: TabularState): RgbFrame => {
  const columns = map[0]?.length ?? 0;
  return tiles({ rows: map.length, columns, background: LINES }, (tile) => {
    fillTile(tile, COLOURS[map[tile.row]?.[tile.column] ?? "."] ?? FREE);
    if (tile.row * columns + tile.column === at) drawAgent(tile, WALKER, HEADINGS[lastAction]);
  });
};
