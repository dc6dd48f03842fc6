/** Acrobot: swing the free end of two links above a line with torque at the joint between them. Source: Sutton, Generalization in Reinforcement Learning (1996). */
import { box, defineEnv, discrete, rules, type AnyPlugin } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { acrobotPixels } from "./acrobot-pixels.ts";
import { acrobotText } from "./acrobot-text.ts";
import { between, boundsReader, lowHigh } from "./reset-bounds.ts";

/** Radians and radians a second. theta1 is 0 when the first link hangs down, theta2 is relative to the first link. */
export interface AcrobotState {
  theta1: number;
  theta2: number;
  dtheta1: number;
  dtheta2: number;
}

/** theta1, theta2, dtheta1, dtheta2 */
type Vector = readonly [number, number, number, number];

const GRAVITY = 9.8;
/** Both links are 1 m long and weigh 1 kg, with the centre of mass in the middle and a moment of inertia of 1 kg m². */
const CENTRE = 0.5;
const INERTIA = 1;
/** Seconds between steps. */
const DT = 0.2;
export const MAX_SPEED1 = 4 * Math.PI;
export const MAX_SPEED2 = 9 * Math.PI;

/** Time derivatives of the four numbers under a constant torque, in the form of the book by Sutton & Barto. */
export function accelerate([theta1, theta2, dtheta1, dtheta2]: Vector, torque: number): Vector {
  const cos2 = Math.cos(theta2);
  const sin2 = Math.sin(theta2);
  const d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cos2) + 2 * INERTIA;
  const d2 = CENTRE * CENTRE + CENTRE * cos2 + INERTIA;
  const phi2 = CENTRE * GRAVITY * Math.cos(theta1 + theta2 - Math.PI / 2);
  const phi1 =
    -CENTRE * dtheta2 * dtheta2 * sin2 -
    2 * CENTRE * dtheta2 * dtheta1 * sin2 +
    (CENTRE + 1) * GRAVITY * Math.cos(theta1 - Math.PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - CENTRE * dtheta1 * dtheta1 * sin2 - phi2) /
    (CENTRE * CENTRE + INERTIA - (d2 * d2) / d1);
  return [dtheta1, dtheta2, -(d2 * acceleration2 + phi1) / d1, acceleration2];
}

/** y + h k */
const moved = (y: Vector, h: number, k: Vector): Vector => [
  y[0] + h * k[0],
  y[1] + h * k[1],
  y[2] + h * k[2],
  y[3] + h * k[3],
];

/** One Runge-Kutta step of the fourth order; then angles are wrapped and speeds limited. Changes the state in place. */
export function swing(state: AcrobotState, torque: number): void {
  const y: Vector = [state.theta1, state.theta2, state.dtheta1, state.dtheta2];
  const k1 = accelerate(y, torque);
  const k2 = accelerate(moved(y, DT / 2, k1), torque);
  const k3 = accelerate(moved(y, DT / 2, k2), torque);
  const k4 = accelerate(moved(y, DT, k3), torque);
  const end = (i: 0 | 1 | 2 | 3): number => y[i] + (DT / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  state.theta1 = wrap(end(0));
  state.theta2 = wrap(end(1));
  state.dtheta1 = Math.min(Math.max(end(2), -MAX_SPEED1), MAX_SPEED1);
  state.dtheta2 = Math.min(Math.max(end(3), -MAX_SPEED2), MAX_SPEED2);
}

/** The angle in -pi .. pi. */
function wrap(angle: number): number {
  while (angle > Math.PI) angle -= 2 * Math.PI;
  while (angle < -Math.PI) angle += 2 * Math.PI;
  return angle;
}

/** Is the free end more than one link above the fixed one? */
const isAboveLine = ({ theta1, theta2 }: AcrobotState): boolean => -Math.cos(theta1) - Math.cos(theta2 + theta1) > 1;

const readStart = boundsReader("Acrobot-v1", lowHigh(-0.1, 0.1, -Math.PI, Math.PI));

const HIGH = [1, 1, 1, 1, MAX_SPEED1, MAX_SPEED2];

export const acrobot: AnyPlugin = defineEnv({
  id: "Acrobot-v1",
  version: "1",
  description: "Swing the free end of two links above a line with torque at the joint between them.",
  params: { renderMode },
  build: ({ renderMode }) =>
    rules({
      action: discrete(3), // torque -1, 0, +1 N m
      observation: box(
        [6],
        HIGH.map((bound) => -bound),
        HIGH,
      ),
      maxSteps: 500,
      reset(rng, options): AcrobotState {
        const { low, high } = readStart(options);
        // The reference rounds the start to float32 once, and no later state.
        const draw = (): number => Math.fround(between(rng, low, high));
        return { theta1: draw(), theta2: draw(), dtheta1: draw(), dtheta2: draw() };
      },
      step(state, action) {
        swing(state, action - 1);
        const terminated = isAboveLine(state);
        return { state, reward: terminated ? 0 : -1, terminated };
      },
      observe({ theta1, theta2, dtheta1, dtheta2 }, out) {
        out[0] = Math.cos(theta1);
        out[1] = Math.sin(theta1);
        out[2] = Math.cos(theta2);
        out[3] = Math.sin(theta2);
        out[4] = dtheta1;
        out[5] = dtheta2;
      },
      render: renderIn(renderMode, { text: acrobotText, rgb: acrobotPixels }),
    }),
});
