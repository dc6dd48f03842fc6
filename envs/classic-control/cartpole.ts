/** CartPole: balance a pole on a cart by pushing it left or right. Source: Barto, Sutton & Anderson (1983). */
import { box, defineEnv, discrete, flag, rules, type AnyPlugin } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { cartPolePixels } from "./cartpole-pixels.ts";
import { cartPoleText } from "./cartpole-text.ts";
import { between, boundsReader, lowHigh } from "./reset-bounds.ts";

/** Metres, metres a second, radians (0 upright), radians a second. */
export interface CartPoleState {
  x: number;
  xDot: number;
  theta: number;
  thetaDot: number;
}

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const TOTAL_MASS = POLE_MASS + 1;
/** Half of the pole's length. */
const LENGTH = 0.5;
const POLE_MASS_LENGTH = POLE_MASS * LENGTH;
/** Newtons. */
const FORCE = 10;
/** Seconds between steps. */
const TAU = 0.02;

export const X_LIMIT = 2.4;
/** 12 degrees */
export const THETA_LIMIT = (12 * 2 * Math.PI) / 360;

/** One step of Euler's method with the accelerations before the step. Changes the state in place: this is the hot path. */
export function pushCart(state: CartPoleState, action: number): void {
  const { xDot, theta, thetaDot } = state;
  const force = action === 1 ? FORCE : -FORCE;
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const pull = (force + POLE_MASS_LENGTH * thetaDot * thetaDot * sin) / TOTAL_MASS;
  const thetaAcc = (GRAVITY * sin - cos * pull) / (LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / TOTAL_MASS));
  const xAcc = pull - (POLE_MASS_LENGTH * thetaAcc * cos) / TOTAL_MASS;
  state.x += TAU * xDot;
  state.xDot += TAU * xAcc;
  state.theta += TAU * thetaDot;
  state.thetaDot += TAU * thetaAcc;
}

const hasFallen = ({ x, theta }: CartPoleState): boolean =>
  x < -X_LIMIT || x > X_LIMIT || theta < -THETA_LIMIT || theta > THETA_LIMIT;

/** Of all four numbers; wider bounds would leave the observation space. */
const START = lowHigh(-0.05, 0.05, -2 * THETA_LIMIT, 2 * THETA_LIMIT);

/** Twice the limits for positions: the last observation of an episode lies beyond them. */
const HIGH = [2 * X_LIMIT, Infinity, 2 * THETA_LIMIT, Infinity];

const cartPole = (id: string, maxSteps: number) =>
  defineEnv({
    id,
    version: "1",
    description: `Balance a pole on a cart for ${maxSteps} steps by pushing it left or right.`,
    params: {
      suttonBartoReward: flag(false, { doc: "0 for each step and -1 for the fall, instead of 1 for each step." }),
      renderMode,
    },
    build({ suttonBartoReward, renderMode }) {
      const readStart = boundsReader(id, START);
      return rules({
        action: discrete(2), // 0 left, 1 right
        observation: box(
          [4],
          HIGH.map((bound) => -bound),
          HIGH,
        ),
        maxSteps,
        reset(rng, options): CartPoleState {
          const { low, high } = readStart(options);
          const draw = (): number => between(rng, low, high);
          return { x: draw(), xDot: draw(), theta: draw(), thetaDot: draw() };
        },
        step(state, action) {
          pushCart(state, action);
          const terminated = hasFallen(state);
          return { state, reward: suttonBartoReward ? (terminated ? -1 : 0) : 1, terminated };
        },
        observe(state, out) {
          out[0] = state.x;
          out[1] = state.xDot;
          out[2] = state.theta;
          out[3] = state.thetaDot;
        },
        render: renderIn(renderMode, { text: cartPoleText, rgb: cartPolePixels }),
      });
    },
  });

export const cartPoles: readonly AnyPlugin[] = [cartPole("CartPole-v1", 500), cartPole("CartPole-v0", 200)];
