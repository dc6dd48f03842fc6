/** Draws the way along the cliff: ground, the abyss, start and goal, and the walker with a beak where the last move was meant to go. */
import type { RgbFrame } from "dojang/env";
import type { Colour, Point } from "../shared/painter.ts";
import { drawAgent, fillTile, tiles } from "../shared/pixels.ts";
import type { TabularState } from "../shared/tabular.ts";

const LINES: Colour = [120, 110, 90];
const COLOURS: Readonly<Record<string, Colour>> = {
  ".": [190, 175, 140],
  C: [45, 40, 50],
  S: [150, 175, 205],
  G: [90, 175, 100],
};
const WALKER: Colour = [215, 70, 60];

/** Where each action is meant to go: up, right, down, left. */
const HEADINGS: readonly Point[] = [[0, -1], [1, 0], [0, 1], [-1, 0]]; // prettier-ignore

/** @param map a string of ., C, S and G for each row */
export const cliffWalkingPixels = (map: readonly string[], { at, lastAction }: TabularState): RgbFrame => {
  const columns = map[0]?.length ?? 0;
  return tiles({ rows: map.length, columns, background: LINES, cell: 42 }, (tile) => {
    fillTile(tile, COLOURS[map[tile.row]?.[tile.column] ?? "."] ?? LINES);
    if (tile.row * columns + tile.column === at) drawAgent(tile, WALKER, HEADINGS[lastAction]);
  });
};
