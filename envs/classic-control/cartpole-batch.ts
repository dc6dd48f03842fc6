/** CartPole's batch rules: the carts as four columns, moved by the same physics. */
import type { BatchRules, Box, Discrete, Space } from "dojang/env";
import { isBeyond, pullOf, TAU, thetaAccOf, xAccOf, type CartPoleState } from "./cartpole-physics.ts";
import { between } from "./reset-bounds.ts";

interface Carts {
  readonly x: Float64Array;
  readonly xDot: Float64Array;
  readonly theta: Float64Array;
  readonly thetaDot: Float64Array;
}

/** @param rewardOf pay for a step, by whether the pole fell in it; @param start bounds of the first numbers */
export const cartPoleBatch = (
  [onFall, onStep]: readonly [onFall: number, onStep: number],
  { low, high }: { readonly low: number; readonly high: number },
): BatchRules<CartPoleState, Discrete, Box<"float32">, Space, Carts> => ({
  columns: (num) => ({
    x: new Float64Array(num),
    xDot: new Float64Array(num),
    theta: new Float64Array(num),
    thetaDot: new Float64Array(num),
  }),
  load,
  save: ({ x, xDot, theta, thetaDot }, row) => ({
    x: x[row]!,
    xDot: xDot[row]!,
    theta: theta[row]!,
    thetaDot: thetaDot[row]!,
  }),
  reset({ x, xDot, theta, thetaDot }, row, rng) {
    x[row] = between(rng, low, high);
    xDot[row] = between(rng, low, high);
    theta[row] = between(rng, low, high);
    thetaDot[row] = between(rng, low, high);
  },
  step({ x: xs, xDot: xDots, theta: thetas, thetaDot: thetaDots }, { rows, actions, rewards, terminated }) {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const xDot = xDots[row]!;
      const angle = thetas[row]!;
      const thetaDot = thetaDots[row]!;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      const pull = pullOf(actions[k]!, thetaDot, sin);
      const thetaAcc = thetaAccOf(pull, cos, sin);
      const x = xs[row]! + TAU * xDot;
      const theta = angle + TAU * thetaDot;
      xs[row] = x;
      xDots[row] = xDot + TAU * xAccOf(pull, thetaAcc, cos);
      thetas[row] = theta;
      thetaDots[row] = thetaDot + TAU * thetaAcc;
      const fell = isBeyond(x, theta);
      rewards[k] = fell ? onFall : onStep;
      terminated[k] = fell ? 1 : 0;
    }
  },
  observe({ x, xDot, theta, thetaDot }, rows, out) {
    for (let k = 0, at = 0; k < rows.length; k++, at += 4) {
      const row = rows[k]!;
      out[at] = x[row]!;
      out[at + 1] = xDot[row]!;
      out[at + 2] = theta[row]!;
      out[at + 3] = thetaDot[row]!;
    }
  },
});

function load({ x, xDot, theta, thetaDot }: Carts, row: number, state: CartPoleState): void {
  x[row] = state.x;
  xDot[row] = state.xDot;
  theta[row] = state.theta;
  thetaDot[row] = state.thetaDot;
}
