/** CliffWalking: reach the goal along a cliff; falling costs 100 and a return to the start. Source: Sutton & Barto (2018), Example 6.6. */
import { defineEnv, flag } from "dojang/env";
import { gridText } from "../shared/grid-text.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { tabularRules } from "../shared/tabular.ts";
import { cliffWalkingModel } from "./model.ts";
import { cliffWalkingPixels } from "./pixels.ts";

export { cliffWalkingModel } from "./model.ts";

const ACTIONS = ["up", "right", "down", "left"];
/** S start, G goal, C cliff. */
const ROWS = ["............", "............", "............", "SCCCCCCCCCCG"];

const cliffWalking = (id: string, slippery: boolean) =>
  defineEnv({
    id,
    version: "1",
    description: `Reach the goal along a cliff${slippery ? " on slippery ground" : ""}; falling costs 100 and a return to the start.`,
    params: {
      isSlippery: flag(slippery, {
        doc: "A move goes to either side of where it was meant to with probability 1/3 each.",
      }),
      renderMode,
    },
    // No maxSteps: there is no time limit in the source. A client that explores sets one when it makes the env.
    build: (params) =>
      tabularRules({
        model: cliffWalkingModel(params),
        render: renderIn(params.renderMode, {
          text: ({ at, lastAction }) => gridText(ROWS, at, lastAction, ACTIONS),
          rgb: (state) => cliffWalkingPixels(ROWS, state),
        }),
      }),
  });

export default [cliffWalking("CliffWalking-v1", false), cliffWalking("CliffWalkingSlippery-v1", true)];
