/** Draws the cart on its track, the way the pole leans above it, and the numbers. */
import type { CartPoleState } from "./cartpole-physics.ts";

/** Metres shown to either side, and columns for one metre. */
const REACH = 2.4;
const COLUMNS = 10;

export function cartPoleText({ x, xDot, theta, thetaDot }: CartPoleState): string {
  const width = 2 * REACH * COLUMNS + 1;
  const column = Math.round((Math.min(Math.max(x, -REACH), REACH) + REACH) * COLUMNS);
  // A lean of less than a degree is drawn upright.
  const lean = theta > 0.0175 ? "/" : theta < -0.0175 ? "\\" : "|";
  const numbers = [
    `x ${x.toFixed(3)} m`,
    `${xDot.toFixed(3)} m/s`,
    `pole ${theta.toFixed(3)} rad`,
    `${thetaDot.toFixed(3)} rad/s`,
  ];
  return [put(" ", width, column, lean), put("-", width, column, "#"), numbers.join(", ")].join("\n");
}

const put = (ground: string, width: number, column: number, sign: string): string =>
  ground.repeat(column) + sign + ground.repeat(width - column - 1);
