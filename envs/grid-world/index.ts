/** GridWorld: find a way between walls to a goal, past pits, on any map. Source: Russell & Norvig, Artificial Intelligence, section on sequential decision problems. */
import { defineEnv, int, list, real, string } from "dojang/env";
import { gridText } from "../shared/grid-text.ts";
import { gridPixels, renderMode, type Colour } from "../shared/pixels.ts";
import { tabularRules } from "../shared/tabular.ts";
import { checkMap, DEFAULT_MAP } from "./maps.ts";
import { gridWorldModel } from "./model.ts";

export { DEFAULT_MAP } from "./maps.ts";
export { gridWorldModel } from "./model.ts";

const ACTIONS = ["up", "right", "down", "left"];
const anyReward = { min: -1e6, max: 1e6 };

const AGENT: Colour = [60, 120, 220];
const FREE: Colour = [235, 235, 235];
const COLOURS: Readonly<Record<string, Colour>> = { "#": [60, 60, 60], G: [70, 170, 90], P: [200, 60, 60] };

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
    const columns = rows[0]!.length;
    const rules = tabularRules({
      model: gridWorldModel(rows, options),
      maxSteps: steps,
      render: ({ at, lastAction }) => gridText(rows, at, lastAction, ACTIONS),
    });
    if (renderMode === "text") return rules;
    const colour = (at: number, y: number, x: number): Colour =>
      y * columns + x === at ? AGENT : (COLOURS[rows[y]![x]!] ?? FREE);
    return {
      ...rules,
      render: ({ at }: { at: number }) => gridPixels(rows.length, columns, (y, x) => colour(at, y, x)),
    };
  },
});
