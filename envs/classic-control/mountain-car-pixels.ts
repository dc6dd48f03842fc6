/** Draws the valley, the flag at the goal and the car on the slope. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour, type Point } from "../shared/painter.ts";
import { height } from "./mountain-car-text.ts";
import type { MountainCarState } from "./mountain-car.ts";

const WIDTH = 480;
const HEIGHT = 320;
/** Metres: the walls of the track. */
const LEFT = -1.2;
const RIGHT = 0.6;
/** Pixels for a metre. */
const SCALE = WIDTH / (RIGHT - LEFT);
const WHEEL = 7;

const SKY: Colour = [225, 238, 250];
const GROUND: Colour = [120, 135, 95];
const INK: Colour = [50, 54, 62];
const BODY: Colour = [200, 80, 60];
const FLAG: Colour = [230, 190, 40];

/** The pixel of a place along the track, `up` pixels above the ground. */
const above = (position: number, up: number): Point => [
  (position - LEFT) * SCALE,
  HEIGHT - height(position) * SCALE - up,
];

export function mountainCarPixels({ position }: MountainCarState, goal: number): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, SKY);
  for (let x = 0; x < WIDTH; x++) {
    const [, top] = above(LEFT + (x + 0.5) / SCALE, 0);
    painter.rect(x, top, 1, HEIGHT - top, GROUND);
  }
  const [poleX, foot] = above(goal, 0);
  painter.rect(poleX - 1, foot - 50, 2, 50, INK);
  painter.rect(poleX + 1, foot - 50, 22, 14, FLAG);
  drawCar(painter, position);
  return painter.frame();
}

/** Two wheels on the ground and a body along the slope. */
function drawCar(painter: Painter, position: number): void {
  const slope = Math.atan(1.35 * Math.cos(3 * position));
  const [x, y] = above(position, WHEEL);
  const along = (by: number, up: number): Point => [
    x + by * Math.cos(slope) - up * Math.sin(slope),
    y - by * Math.sin(slope) - up * Math.cos(slope),
  ];
  painter.line(along(-15, 9), along(15, 9), 14, BODY);
  for (const by of [-13, 13]) painter.disc(along(by, 0), WHEEL, INK);
}
