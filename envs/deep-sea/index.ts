/** DeepSea: dive to the treasure in the far corner, where only one sequence of N moves leads. Source: Osband et al., Behaviour Suite for Reinforcement Learning (2020). */
import { box, defineEnv, discrete, flag, int, Rng, rules, MAX_SEED } from "dojang/env";
import { drawFrom, outcomesOf } from "../shared/tabular.ts";
import { signs } from "../shared/grid-text.ts";
import type { Colour } from "../shared/painter.ts";
import { gridPixels } from "../shared/pixels.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { deepSeaModel } from "./model.ts";

export { deepSeaModel } from "./model.ts";

interface DeepSeaState {
  /** row * size + column; size * size once the ground is passed. */
  at: number;
}

const DIVER: Colour = [240, 220, 60];
const TREASURE: Colour = [230, 150, 30];
const WATER: Colour = [20, 60, 120];
/** Above the diagonal: cells that no episode can reach. */
const ROCK: Colour = [60, 60, 60];

/** For each cell the action that means right, 0 or 1, in row order. */
export function rightActions(size: number, randomizeActions: boolean, mappingSeed: number): number[] {
  const rng = new Rng(mappingSeed);
  return Array.from({ length: size * size }, () => (randomizeActions ? rng.int(2) : 1));
}

export default defineEnv({
  id: "DeepSea-v0",
  version: "1",
  description: "Dive to a treasure that only one sequence of moves reaches, past small costs that lead away from it.",
  params: {
    size: int(10, { min: 1, max: 100, doc: "Rows, columns and steps of an episode." }),
    slippery: flag(false, { doc: "Moves to the right fail with probability 1 / size." }),
    noise: flag(false, { doc: "Adds a standard normal to the last reward in the two corners of the ground." }),
    randomizeActions: flag(true, { doc: "Draw for each cell which action means right; else it is 1." }),
    mappingSeed: int(0, { min: 0, max: MAX_SEED, doc: "Seed of that draw, the same for all instances." }),
    renderMode,
  },
  build({ size, slippery, noise, randomizeActions, mappingSeed, renderMode }) {
    const rightOf = rightActions(size, randomizeActions, mappingSeed);
    const { table } = deepSeaModel({ size, slippery, rightOf });
    const corners = [(size - 1) * size, size * size - 1];
    const colour = (at: number, y: number, x: number): Colour => {
      const cell = y * size + x;
      return cell === at ? DIVER : cell === size * size - 1 ? TREASURE : x > y ? ROCK : WATER;
    };
    const sign = (at: number, y: number, x: number): string => {
      const cell = y * size + x;
      return cell === at ? "@" : cell === size * size - 1 ? "$" : x > y ? "#" : ".";
    };
    return rules({
      action: discrete(2),
      observation: box([size, size], 0, 1, "uint8"), // 1 where the diver is; all 0 below the ground
      maxSteps: size,
      reset: (): DeepSeaState => ({ at: 0 }),
      step(state, action, rng) {
        const from = state.at;
        const outcomes = outcomesOf(table, from, action);
        const { next, reward, terminated } = outcomes.length === 1 ? outcomes[0]! : drawFrom(outcomes, rng.uniform());
        state.at = next;
        const extra = noise && corners.includes(from) ? rng.normal() : 0;
        return { state, reward: reward + extra, terminated };
      },
      observe({ at }, out) {
        if (at < size * size) out[at] = 1;
      },
      render: renderIn(renderMode, {
        text: ({ at }) => signs(size, size, (y, x) => sign(at, y, x)),
        rgb: ({ at }) => gridPixels(size, size, (y, x) => colour(at, y, x)),
      }),
    });
  },
});
