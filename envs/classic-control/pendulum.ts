/** Pendulum: swing a pendulum upright and hold it there with little torque. Source: the classic control suite of Gymnasium. */
import { box, defineEnv, real, rules, type AnyPlugin } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { pendulumPixels } from "./pendulum-pixels.ts";
import { pendulumText } from "./pendulum-text.ts";
import { between, boundsReader } from "./reset-bounds.ts";

export interface PendulumState {
  /** Radians, 0 upright; counts whole turns. */
  theta: number;
  /** Radians a second. */
  thetaDot: number;
  /** The last torque, N m; only the picture needs it. */
  torque: number;
}

/** Mass 1 kg, length 1 m. */
const MASS = 1;
const LENGTH = 1;
/** Seconds between steps. */
const DT = 0.05;
export const MAX_SPEED = 8;
export const MAX_TORQUE = 2;

/** The angle in -pi .. pi, pi itself becoming -pi. */
export function normalised(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}

/** Cost of a state and a torque: squared distance from upright, speed and effort. */
export function costOf({ theta, thetaDot }: PendulumState, torque: number): number {
  const angle = normalised(theta);
  return angle * angle + 0.1 * thetaDot * thetaDot + 0.001 * torque * torque;
}

/** One step with the new speed in the new angle (semi-implicit Euler). Changes the state in place. */
export function turn(state: PendulumState, torque: number, g: number): void {
  const acceleration = ((3 * g) / (2 * LENGTH)) * Math.sin(state.theta) + (3 / (MASS * LENGTH * LENGTH)) * torque;
  state.thetaDot = clip(state.thetaDot + acceleration * DT, MAX_SPEED);
  state.theta += state.thetaDot * DT;
  state.torque = torque;
}

const clip = (value: number, most: number): number => Math.min(Math.max(value, -most), most);

/** Half widths of the draws of theta and thetaDot, under their names in Gymnasium. */
const readStart = boundsReader("Pendulum-v1", {
  xInit: { init: Math.PI, min: 0, max: 4 * Math.PI },
  yInit: { init: 1, min: 0, max: MAX_SPEED },
});

export const pendulum: AnyPlugin = defineEnv({
  id: "Pendulum-v1",
  version: "1",
  description: "Swing a pendulum upright and hold it there with little torque.",
  params: { g: real(10, { min: 0, max: 100, doc: "Gravity, m/s²." }), renderMode },
  build: ({ g, renderMode }) =>
    rules({
      action: box([1], -MAX_TORQUE, MAX_TORQUE),
      observation: box([3], [-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]),
      maxSteps: 200,
      reset(rng, options): PendulumState {
        const { xInit, yInit } = readStart(options);
        return { theta: between(rng, -xInit, xInit), thetaDot: between(rng, -yInit, yInit), torque: 0 };
      },
      step(state, action) {
        const torque = clip(action[0]!, MAX_TORQUE);
        const cost = costOf(state, torque);
        turn(state, torque, g);
        return { state, reward: -cost, terminated: false };
      },
      observe({ theta, thetaDot }, out) {
        out[0] = Math.cos(theta);
        out[1] = Math.sin(theta);
        out[2] = thetaDot;
      },
      render: renderIn(renderMode, { text: pendulumText, rgb: pendulumPixels }),
    }),
});
