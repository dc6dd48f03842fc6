/** The physics of CartPole. Source: Barto, Sutton & Anderson (1983). */

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
export const TAU = 0.02;

export const X_LIMIT = 2.4;
/** 12 degrees */
export const THETA_LIMIT = (12 * 2 * Math.PI) / 360;

/** The acceleration of a cart without a pole's counter-force, in m/s^2. */
export const pullOf = (action: number, thetaDot: number, sin: number): number =>
  ((action === 1 ? FORCE : -FORCE) + POLE_MASS_LENGTH * thetaDot * thetaDot * sin) / TOTAL_MASS;

/** The pole's, in rad/s^2. */
export const thetaAccOf = (pull: number, cos: number, sin: number): number =>
  (GRAVITY * sin - cos * pull) / (LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / TOTAL_MASS));

/** The cart's, in m/s^2. */
export const xAccOf = (pull: number, thetaAcc: number, cos: number): number =>
  pull - (POLE_MASS_LENGTH * thetaAcc * cos) / TOTAL_MASS;

/** One step of Euler's method with the accelerations before the step. Changes the state in place: this is the hot path. */
export function pushCart(state: CartPoleState, action: number): void {
  const { xDot, theta, thetaDot } = state;
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const pull = pullOf(action, thetaDot, sin);
  const thetaAcc = thetaAccOf(pull, cos, sin);
  state.x += TAU * xDot;
  state.xDot += TAU * xAccOf(pull, thetaAcc, cos);
  state.theta += TAU * thetaDot;
  state.thetaDot += TAU * thetaAcc;
}

export const isBeyond = (x: number, theta: number): boolean =>
  x < -X_LIMIT || x > X_LIMIT || theta < -THETA_LIMIT || theta > THETA_LIMIT;

export const hasFallen = ({ x, theta }: CartPoleState): boolean => isBeyond(x, theta);
