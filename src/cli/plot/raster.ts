/** A scene as pixels, smooth at the edges: each pixel takes as much of a shape's colour as the shape covers of it. */
import { strokesOf } from "./font.ts";
import type { Colour, Scene, Spot } from "./scene.ts";

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** width * height * 3 bytes */
  readonly rgb: Uint8Array;
}

/** Lines of samples in a row of pixels. */
const SAMPLES = 4;
/** Width of a letter's strokes in a text of size 1. */
const PEN = 0.1;

export function toPixels({ width, height, shapes }: Scene): Pixels {
  const canvas = new Canvas(width, height);
  for (const shape of shapes) {
    if (shape.kind === "line") canvas.stroke([shape.spots], shape.width, shape.colour);
    else if (shape.kind === "area") canvas.fill(shape.spots, shape.colour, shape.opacity);
    else canvas.stroke(strokesOf(shape), PEN * shape.size, shape.colour);
  }
  return { width, height, rgb: canvas.rgb };
}

class Canvas {
  readonly rgb: Uint8Array;
  readonly #width: number;
  readonly #height: number;
  /** share of each pixel that the shape under way covers; all 0 between two shapes */
  readonly #cover: Float32Array;
  /** pixels of it that are not 0 */
  readonly #touched: number[] = [];

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.rgb = new Uint8Array(width * height * 3).fill(255);
    this.#cover = new Float32Array(width * height);
  }

  /** Lines with round ends. Where they cross themselves they are no darker. */
  stroke(lines: readonly (readonly Spot[])[], width: number, colour: Colour): void {
    for (const spots of lines)
      for (let i = 0; i < Math.max(1, spots.length - 1); i++)
        this.#segment(spots[i] as Spot, spots[Math.min(i + 1, spots.length - 1)] as Spot, width / 2);
    this.#paint(colour, 1);
  }

  /** The inside of an outline, by the even-odd rule. */
  fill(spots: readonly Spot[], colour: Colour, opacity: number): void {
    const ys = spots.map(([, y]) => y);
    const [top, bottom] = [
      Math.max(0, Math.floor(Math.min(...ys))),
      Math.min(this.#height, Math.ceil(Math.max(...ys))),
    ];
    for (let row = top; row < bottom; row++)
      for (let k = 0; k < SAMPLES; k++) {
        const crossings = crossingsOf(spots, row + (k + 0.5) / SAMPLES);
        for (let c = 0; c + 1 < crossings.length; c += 2)
          this.#span(row, crossings[c] as number, crossings[c + 1] as number);
      }
    this.#paint(colour, opacity);
  }

  #segment([ax, ay]: Spot, [bx, by]: Spot, half: number): void {
    const reach = half + 1;
    const [left, right] = [Math.max(0, Math.floor(Math.min(ax, bx) - reach)), Math.min(this.#width, Math.ceil(Math.max(ax, bx) + reach))]; // prettier-ignore
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(ay, by) - reach)), Math.min(this.#height, Math.ceil(Math.max(ay, by) + reach))]; // prettier-ignore
    const square = (bx - ax) ** 2 + (by - ay) ** 2;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, (px * (bx - ax) + py * (by - ay)) / square));
        const distance = Math.hypot(px - along * (bx - ax), py - along * (by - ay));
        const share = Math.min(1, Math.max(0, half + 0.5 - distance));
        const pixel = y * this.#width + x;
        if (share > (this.#cover[pixel] as number)) this.#set(pixel, share);
      }
  }

  /** From x = a to x = b in one line of samples. */
  #span(row: number, a: number, b: number): void {
    for (let x = Math.max(0, Math.floor(a)); x < Math.min(this.#width, Math.ceil(b)); x++) {
      const pixel = row * this.#width + x;
      this.#set(pixel, (this.#cover[pixel] as number) + (Math.min(b, x + 1) - Math.max(a, x)) / SAMPLES);
    }
  }

  #set(pixel: number, share: number): void {
    if (this.#cover[pixel] === 0) this.#touched.push(pixel);
    this.#cover[pixel] = share;
  }

  #paint(colour: Colour, opacity: number): void {
    for (const pixel of this.#touched) {
      const share = Math.min(1, this.#cover[pixel] as number) * opacity;
      for (let k = 0; k < 3; k++) {
        const at = pixel * 3 + k;
        this.rgb[at] = Math.round((1 - share) * (this.rgb[at] as number) + share * (colour[k] as number));
      }
      this.#cover[pixel] = 0;
    }
    this.#touched.length = 0;
  }
}

/** Where the outline crosses a horizontal line, from left to right. */
function crossingsOf(spots: readonly Spot[], y: number): number[] {
  const crossings: number[] = [];
  for (const [i, [ax, ay]] of spots.entries()) {
    const [bx, by] = spots[(i + 1) % spots.length] as Spot;
    if (ay <= y !== by <= y) crossings.push(ax + ((y - ay) / (by - ay)) * (bx - ax));
  }
  return crossings.sort((a, b) => a - b);
}
