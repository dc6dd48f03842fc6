/** Draws the two links and the line that the free end has to reach. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour, type Point } from "../shared/painter.ts";
import type { AcrobotState } from "./acrobot.ts";

const SIDE = 400;
/** Pixels for a metre: 4.4 m are seen, the links together are 2 m long. */
const SCALE = SIDE / 4.4;

const PAPER: Colour = [250, 250, 250];
const INK: Colour = [50, 54, 62];
const FIRST: Colour = [0, 150, 180];
const SECOND: Colour = [90, 190, 110];
const JOINT: Colour = [225, 180, 40];

/** Metres right of the fixed joint and above it. */
const pixel = (x: number, y: number): Point => [SIDE / 2 + x * SCALE, SIDE / 2 - y * SCALE];

export function acrobotPixels({ theta1, theta2 }: AcrobotState): RgbFrame {
  const painter = new Painter(SIDE, SIDE, PAPER);
  const [x, y] = [Math.sin(theta1), -Math.cos(theta1)];
  const fixed = pixel(0, 0);
  const joint = pixel(x, y);
  const end = pixel(x + Math.sin(theta1 + theta2), y - Math.cos(theta1 + theta2));
  painter.rect(0, pixel(0, 1)[1] - 1, SIDE, 2, INK);
  painter.line(fixed, joint, 16, FIRST);
  painter.line(joint, end, 16, SECOND);
  for (const point of [fixed, joint]) painter.disc(point, 9, JOINT);
  return painter.frame();
}
