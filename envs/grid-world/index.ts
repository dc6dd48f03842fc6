/** GridWorld: find a way between walls to a goal, past pits, on any map. Source: Russell & Norvig, Artificial Intelligence, section on sequential decision problems. */
import { defineEnv, int, list, real, string } from "dojang/env";
import { gridText } from "../shared/grid-text.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { tabularRules } from "../shared/tabular.ts";
import { checkMap, DEFAULT_MAP } from "./maps.ts";
import { gridWorldModel } from "./model.ts";
import { gridWorldPixels } from "./pixels.ts";

export { DEFAULT_MAP } from "./maps.ts";
export { gridWorldModel } from "./model.ts";

const ACTIONS = ["up", "right", "down", "left"];
const anyReward = { min: -1e6, max: 1e6 };

export default defineEnv({
  id: "GridWorld-v0",
  version: "1",
  description: "Find a way between walls to a goal, past pits, on any map.",
  params: {
    map: list(string("", { maxLength: 64 }), DEFAULT_MAP, {
      maxLength: 64,
      doc: "Rows of S (start), G (goal), P (pit), # (wall) and . (free).",
    }),
    slip: real(0.2, { min: 0, max: 1, doc: "Probability that a move goes to one of its sides." }),
    stepReward: real(-0.04, { ...anyReward, doc: "Reward for every step." }),
    goalReward: real(1, { ...anyReward, doc: "Added for entering a goal." }),
    pitReward: real(-1, { ...anyReward, doc: "Added for entering a pit." }),
    steps: int(100, { min: 1, max: 1_000_000, doc: "Time limit." }),
    renderMode,
  },
  build({ map, steps, renderMode, ...options }) {
    const rows = checkMap(map);
    return tabularRules({
      model: gridWorldModel(rows, options),
      maxSteps: steps,
      render: renderIn(renderMode, {
        text: ({ at, lastAction }) => gridText(rows, at, lastAction, ACTIONS),
        rgb: (state) => gridWorldPixels(rows, state),
      }),
    });
  },
});
