/** CartPole: balance a pole on a cart by pushing it left or right. Source: Barto, Sutton & Anderson (1983). */
import { box, defineEnv, discrete, flag, rules, type AnyPlugin } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { cartPoleBatch } from "./cartpole-batch.ts";
import { hasFallen, pushCart, THETA_LIMIT, X_LIMIT, type CartPoleState } from "./cartpole-physics.ts";
import { cartPolePixels } from "./cartpole-pixels.ts";
import { cartPoleText } from "./cartpole-text.ts";
import { between, boundsReader, lowHigh } from "./reset-bounds.ts";

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
        batch: cartPoleBatch(suttonBartoReward ? [-1, 0] : [1, 1], readStart(undefined)),
        render: renderIn(renderMode, { text: cartPoleText, rgb: cartPolePixels }),
      });
    },
  });

export const cartPoles: readonly AnyPlugin[] = [cartPole("CartPole-v1", 500), cartPole("CartPole-v0", 200)];
