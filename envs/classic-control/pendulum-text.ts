/** Draws the pendulum, and the numbers. */
import { Canvas } from "./canvas.ts";
import type { PendulumState } from "./pendulum.ts";

/** Characters are about twice as high as wide. */
const WINDOW = { left: -1, right: 1, bottom: -1, top: 1, columns: 21, rows: 11 };

export function pendulumText({ theta, thetaDot, torque }: PendulumState): string {
  const canvas = new Canvas(WINDOW);
  // Angles grow against the clock.
  canvas.line([0, 0], [-Math.sin(theta), Math.cos(theta)], "*");
  canvas.point(0, 0, "O");
  const numbers = [`${theta.toFixed(3)} rad`, `${thetaDot.toFixed(3)} rad/s`, `torque ${torque.toFixed(3)} N m`];
  return `${canvas.text()}\n${numbers.join(", ")}`;
}
