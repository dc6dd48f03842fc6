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

export const hasFallen = ({ x, theta }: CartPoleState): boolean =>
  x < -X_LIMIT || x > X_LIMIT || theta < -THETA_LIMIT || theta > THETA_LIMIT;
