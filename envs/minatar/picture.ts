/** Pictures of a board: a letter or a coloured square for each cell. */
import type { RgbFrame } from "dojang/env";
import { SIZE } from "./board.ts";

/** One layer of the observation. */
export interface Channel {
  readonly name: string;
  /** One letter for text. */
  readonly glyph: string;
  /** 0xRRGGBB */
  readonly colour: number;
  /** Drawn only where there is nothing else: trails. */
  readonly faint?: boolean;
}

/** Sides of a cell in pixels. */
const CELL = 16;

/** 0xRRGGBB of an empty cell. */
const EMPTY = 0x10141c;

/** The topmost channel of each cell, row by row; undefined where it is empty. */
function topmost(channels: readonly Channel[], observation: Uint8Array): (Channel | undefined)[] {
  return Array.from({ length: SIZE * SIZE }, (_, cell) => {
    const there = channels.filter((_, i) => observation[cell * channels.length + i] === 1);
    return there.find(({ faint }) => faint !== true) ?? there[0];
  });
}

/** Ten lines of ten letters, a dot for an empty cell. */
export function textPicture(channels: readonly Channel[], observation: Uint8Array): string {
  const letters = topmost(channels, observation).map((channel) => channel?.glyph ?? ".");
  return Array.from({ length: SIZE }, (_, y) => letters.slice(y * SIZE, (y + 1) * SIZE).join("")).join("\n");
}

/** 160 x 160 pixels. */
export function rgbPicture(channels: readonly Channel[], observation: Uint8Array): RgbFrame {
  const side = SIZE * CELL;
  const colours = topmost(channels, observation).map((channel) => channel?.colour ?? EMPTY);
  const rgb = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const x = Math.floor((pixel % side) / CELL);
    const y = Math.floor(pixel / side / CELL);
    const colour = colours[y * SIZE + x] ?? EMPTY;
    rgb[3 * pixel] = colour >> 16;
    rgb[3 * pixel + 1] = (colour >> 8) & 255;
    rgb[3 * pixel + 2] = colour & 255;
  }
  return { width: side, height: side, rgb };
}
