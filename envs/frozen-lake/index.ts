/** FrozenLake: cross a lake of slippery ice to the goal without falling into a hole. Source: Gymnasium's toy text suite. */
import { choice, defineEnv, flag, int, list, real, record, string } from "dojang/env";
import { gridText } from "../shared/grid-text.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { tabularRules } from "../shared/tabular.ts";
import { checkMap, MAPS, randomMap } from "./maps.ts";
import { frozenLakeModel } from "./model.ts";
import { frozenLakePixels } from "./pixels.ts";

export { MAPS, randomMap } from "./maps.ts";
export { frozenLakeModel } from "./model.ts";

const ACTIONS = ["left", "down", "right", "up"];
const anyReward = { min: -1e6, max: 1e6 };

const frozenLake = (id: string, map: "4x4" | "8x8", maxSteps: number) =>
  defineEnv({
    id,
    version: "1",
    description: `Cross a ${map} lake of slippery ice to the goal without falling into a hole.`,
    params: {
      mapName: choice(map, ["4x4", "8x8", "random"], { doc: "A known map, or a random one." }),
      desc: list(string("", { maxLength: 64 }), [], {
        maxLength: 64,
        doc: "Rows of S, F, H, G; if any, they replace mapName.",
      }),
      isSlippery: flag(true, { doc: "Moves may go sideways." }),
      successRate: real(1 / 3, { min: 0, max: 1, doc: "Probability that a slippery move goes where it was meant to." }),
      rewardSchedule: record(
        { goal: real(1, anyReward), hole: real(0, anyReward), frozen: real(0, anyReward) },
        { doc: "Reward for entering a cell." },
      ),
      size: int(8, { min: 2, max: 64, doc: "Rows and columns of a random map." }),
      frozenProbability: real(0.8, { min: 0, max: 1, doc: "Share of frozen cells in a random map." }),
      mapSeed: int(0, { min: 0, max: Number.MAX_SAFE_INTEGER, doc: "Seed of a random map." }),
      renderMode,
    },
    build(params) {
      const { desc, mapName } = params;
      const rows = desc.length > 0 ? checkMap(desc) : mapName === "random" ? randomMap(params) : MAPS[mapName];
      return tabularRules({
        model: frozenLakeModel(rows, params),
        maxSteps,
        render: renderIn(params.renderMode, {
          text: ({ at, lastAction }) => gridText(rows, at, lastAction, ACTIONS),
          rgb: (state) => frozenLakePixels(rows, state),
        }),
      });
    },
  });

export default [frozenLake("FrozenLake-v1", "4x4", 100), frozenLake("FrozenLake8x8-v1", "8x8", 200)];
