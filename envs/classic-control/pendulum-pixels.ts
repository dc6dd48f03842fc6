/** Draws the pendulum, and the last torque as an arrow around its axle. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour, type Point } from "../shared/painter.ts";
import type { PendulumState } from "./pendulum.ts";

const SIDE = 400;
/** Pixels for a metre; the pendulum is 1 m long. */
const SCALE = 150;
/** Pixels from the axle to the arrow, and the angle it covers for each N m. */
const RADIUS = 50;
const TURN = 1;

const PAPER: Colour = [250, 250, 250];
const ROD: Colour = [204, 77, 77];
const INK: Colour = [50, 54, 62];
const ARROW: Colour = [60, 120, 220];

/** The pixel that is `radius` from the axle; 0 is upright, angles grow against the clock. */
const around = (angle: number, radius: number): Point => [
  SIDE / 2 - radius * Math.sin(angle),
  SIDE / 2 - radius * Math.cos(angle),
];

export function pendulumPixels({ theta, torque }: PendulumState): RgbFrame {
  const painter = new Painter(SIDE, SIDE, PAPER);
  painter.line(around(theta, 0), around(theta, SCALE), 28, ROD);
  painter.disc(around(0, 0), 7, INK);
  if (torque !== 0) drawTorque(painter, torque * TURN);
  return painter.frame();
}

/** An arc from above the axle, with a head at its end. */
function drawTorque(painter: Painter, angle: number): void {
  const parts = Math.ceil(Math.abs(angle) * 12);
  for (let i = 0; i < parts; i++)
    painter.line(around((angle * i) / parts, RADIUS), around((angle * (i + 1)) / parts, RADIUS), 4, ARROW);
  for (const radius of [RADIUS - 9, RADIUS + 9])
    painter.line(around(angle, RADIUS), around(angle - Math.sign(angle) * 0.2, radius), 4, ARROW);
}
