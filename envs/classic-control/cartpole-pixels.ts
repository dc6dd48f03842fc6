/** Draws the cart with its pole on the track, between the two posts that it must not pass. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour } from "../shared/painter.ts";
import type { CartPoleState } from "./cartpole-physics.ts";

const WIDTH = 480;
const HEIGHT = 240;
/** Pixels for a metre: 5 m are seen. */
const SCALE = 96;
/** Height of the track above the lower edge of the picture, in pixels. */
const TRACK = 60;
/** Metres from the middle to a post. */
const POST = 2.4;
const CART = { width: 50, height: 30 };
/** Metres from the axle to the pole's end. */
const POLE = 1;

const SKY: Colour = [250, 250, 250];
const INK: Colour = [50, 54, 62];
const RED: Colour = [200, 70, 70];
const WOOD: Colour = [202, 152, 101];
const STEEL: Colour = [129, 132, 203];

export function cartPolePixels({ x, theta }: CartPoleState): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, SKY);
  const track = HEIGHT - TRACK;
  painter.rect(0, track, WIDTH, 2, INK);
  for (const post of [-POST, POST]) painter.rect(WIDTH / 2 + post * SCALE - 2, track - 14, 4, 28, RED);
  const middle = WIDTH / 2 + x * SCALE;
  const axle = [middle, track - 0.7 * CART.height] as const;
  painter.rect(middle - CART.width / 2, track - CART.height / 2, CART.width, CART.height, INK);
  const end = [axle[0] + POLE * SCALE * Math.sin(theta), axle[1] - POLE * SCALE * Math.cos(theta)] as const;
  painter.line(axle, end, 9, WOOD);
  painter.disc(axle, 5, STEEL);
  return painter.frame();
}
