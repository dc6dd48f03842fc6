/** Draws the taxi's town: stations in their colours, walls, the passenger, a frame around where they want to go. */
import type { RgbFrame } from "dojang/env";
import type { Colour, Painter } from "../shared/painter.ts";
import { fillTile, inTile, tiles, type Tile } from "../shared/pixels.ts";
import { decodeTaxi, IN_TAXI, STATIONS, wallRightOf, type TaxiPlaces } from "./model.ts";

const SIZE = 5;
const CELL = 64;
const STREET: Colour = [205, 205, 200];
const LINES: Colour = [185, 185, 180];
const WALL: Colour = [60, 60, 60];
const INK: Colour = [40, 40, 40];
const CAB: Colour = [250, 170, 20];
const PASSENGER: Colour = [190, 60, 170];
const GOAL: Colour = [190, 60, 170];
const NAMES = ["R", "G", "Y", "B"];
const COLOURS: readonly Colour[] = [[225, 120, 115], [130, 195, 130], [235, 225, 130], [130, 160, 225]]; // prettier-ignore

export function taxiPixels(state: number): RgbFrame {
  const places = decodeTaxi(state);
  return tiles({ rows: SIZE, columns: SIZE, background: LINES, cell: CELL }, (tile) => {
    drawCell(tile, places);
    if (tile.row === places.row && tile.column === places.column) drawTaxi(tile, places.passenger === IN_TAXI);
    // Walls lie on the border to the cell at the left, which is drawn already.
    if (tile.column > 0 && wallRightOf(tile.row, tile.column - 1)) drawWall(tile.painter, tile);
  });
}

function drawCell(tile: Tile, { passenger, destination }: TaxiPlaces): void {
  const { painter, x, y, side } = tile;
  const station = STATIONS.indexOf(tile.row * SIZE + tile.column);
  fillTile(tile, COLOURS[station] ?? STREET);
  if (station === -1) return;
  painter.text(x + 6, y + 6, NAMES[station] ?? "", INK);
  if (station === destination) painter.outline(x, y, side - 1, side - 1, 4, GOAL);
  if (station === passenger) drawPassenger(tile, 0.8, 0.24);
}

function drawTaxi(tile: Tile, occupied: boolean): void {
  const { painter } = tile;
  painter.line(inTile(tile, [0.32, 0.5]), inTile(tile, [0.68, 0.5]), 22, CAB);
  painter.line(inTile(tile, [0.25, 0.58]), inTile(tile, [0.75, 0.58]), 14, CAB);
  for (const at of [0.32, 0.68]) painter.disc(inTile(tile, [at, 0.7]), 6, INK);
  if (occupied) drawPassenger(tile, 0.5, 0.46);
}

const drawPassenger = (tile: Tile, x: number, y: number): void => {
  tile.painter.disc(inTile(tile, [x, y]), 7, PASSENGER);
};

const drawWall = (painter: Painter, { x, y, side }: Tile): void => {
  painter.rect(x - 3, y, 5, side, WALL);
};
