/** Draws on RGB pixels: rectangles, lines, discs and text. Edges of lines and discs are smoothed. */
import type { RgbFrame } from "dojang/env";
import { GLYPH, hasInk } from "./font.ts";

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels from the left and from the top; (0, 0) is the corner of the first pixel, not its middle. */
export type Point = readonly [x: number, y: number];

/** Pixels from one character to the next, and from one line to the next, at size 1. */
export const TEXT = { advance: GLYPH.columns + 1, line: GLYPH.rows + 2 } as const;

/** What lies outside of the picture is left out; sizes are in pixels. */
export class Painter {
  readonly width: number;
  readonly height: number;
  readonly #rgb: Uint8Array;

  constructor(width: number, height: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.#rgb = new Uint8Array(width * height * 3);
    this.rect(0, 0, width, height, background);
  }

  /** Filled; its edges are rounded to whole pixels. */
  rect(left: number, top: number, width: number, height: number, colour: Colour): void {
    const [x0, x1] = [clamp(Math.round(left), this.width), clamp(Math.round(left + width), this.width)];
    const [y0, y1] = [clamp(Math.round(top), this.height), clamp(Math.round(top + height), this.height)];
    if (x0 >= x1 || y0 >= y1) return;
    const start = (y0 * this.width + x0) * 3;
    const end = start + (x1 - x0) * 3;
    for (let i = start; i < end; i++) this.#rgb[i] = colour[(i - start) % 3]!;
    // Further rows are copies of the first.
    for (let y = y0 + 1; y < y1; y++) this.#rgb.copyWithin((y * this.width + x0) * 3, start, end);
  }

  /** Only the edge of a rectangle, `thickness` pixels wide and inside of it. */
  outline(left: number, top: number, width: number, height: number, thickness: number, colour: Colour): void {
    this.rect(left, top, width, thickness, colour);
    this.rect(left, top + height - thickness, width, thickness, colour);
    this.rect(left, top, thickness, height, colour);
    this.rect(left + width - thickness, top, thickness, height, colour);
  }

  /** A straight line with round ends. */
  line(from: Point, to: Point, thickness: number, colour: Colour): void {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const squared = dx * dx + dy * dy;
    const reach = thickness / 2 + 1;
    const low: Point = [Math.min(from[0], to[0]) - reach, Math.min(from[1], to[1]) - reach];
    const high: Point = [Math.max(from[0], to[0]) + reach, Math.max(from[1], to[1]) + reach];
    this.#blend(low, high, colour, (x, y) => {
      // The nearest point of the line to the pixel, as a share of its length.
      const along = squared === 0 ? 0 : ((x - from[0]) * dx + (y - from[1]) * dy) / squared;
      const share = Math.min(Math.max(along, 0), 1);
      return distance(x - from[0] - share * dx, y - from[1] - share * dy) - thickness / 2;
    });
  }

  /** Filled. */
  disc(centre: Point, radius: number, colour: Colour): void {
    this.line(centre, centre, 2 * radius, colour);
  }

  /** Characters of 5 x 8 pixels times `size`; a new line begins after each "\n". */
  text(left: number, top: number, words: string, colour: Colour, size = 2): void {
    words.split("\n").forEach((line, row) => {
      Array.from(line).forEach((character, i) => {
        this.#character(left + i * TEXT.advance * size, top + row * TEXT.line * size, character, colour, size);
      });
    });
  }

  /** The picture; the painter is not to be used after. */
  frame(): RgbFrame {
    return { width: this.width, height: this.height, rgb: this.#rgb };
  }

  #character(left: number, top: number, character: string, colour: Colour, size: number): void {
    for (let row = 0; row < GLYPH.rows; row++)
      for (let column = 0; column < GLYPH.columns; column++)
        if (hasInk(character, column, row)) this.rect(left + column * size, top + row * size, size, size, colour);
  }

  /** Mixes the colour in between two corners. @param outside signed distance to the edge of what is drawn, in pixels, below 0 inside */
  #blend(low: Point, high: Point, colour: Colour, outside: (x: number, y: number) => number): void {
    const x1 = clamp(Math.ceil(high[0]), this.width);
    const y1 = clamp(Math.ceil(high[1]), this.height);
    for (let y = clamp(Math.floor(low[1]), this.height); y < y1; y++)
      for (let x = clamp(Math.floor(low[0]), this.width); x < x1; x++) {
        const share = Math.min(Math.max(0.5 - outside(x + 0.5, y + 0.5), 0), 1);
        if (share > 0) this.#mix((y * this.width + x) * 3, colour, share);
      }
  }

  #mix(at: number, colour: Colour, share: number): void {
    for (let i = 0; i < 3; i++) {
      const old = this.#rgb[at + i]!;
      this.#rgb[at + i] = Math.round(old + share * (colour[i]! - old));
    }
  }
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

const distance = (dx: number, dy: number): number => Math.sqrt(dx * dx + dy * dy);
