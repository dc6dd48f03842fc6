/** Teachers that know the answers of the probes and waver: a clone must do what they do most, and where they do it. */
import { rollout, type Act } from "dojang/agents";
import type { Env } from "dojang/client";
import { Rng } from "dojang/env";
import { ROOM_NAMES, ROOMS, rooms } from "./rooms.ts";
import { SLIDER_NAMES, SLIDERS, WIDTH } from "./sliders.ts";

/** The best action, one time in four any legal one. */
function guide(rng: Rng): Act {
  const choose = (at: number): number => {
    const { moves, best = 0 } = ROOMS[ROOM_NAMES[at] as (typeof ROOM_NAMES)[number]];
    const legal = [0, 1, 2].filter((action) => moves[action] !== undefined);
    return rng.int(4) === 0 ? rng.choice(legal) : best;
  };
  // A discrete space: the batch is an Int32Array.
  return ({ obs }) => ({ action: (obs as Int32Array).map(choose) });
}

/** The best push, a fifth more or less. */
function pusher(rng: Rng): Act {
  return ({ n, obs }) => ({
    action: Float32Array.from({ length: n }, (_, row) => {
      const at = (obs as Float32Array).subarray(row * WIDTH, (row + 1) * WIDTH).indexOf(1);
      const { best = 0 } = SLIDERS[SLIDER_NAMES[at] as (typeof SLIDER_NAMES)[number]];
      return 1 + 2 * Math.min(1, Math.max(-1, best + 0.2 * rng.normal()));
    }),
  });
}

/** What a teacher does in `env`. */
export const lessons = (env: Env, steps: number): ReturnType<typeof rollout> =>
  rollout(env, (env.id === rooms.id ? guide : pusher)(new Rng(3)), { steps });
