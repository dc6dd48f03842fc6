/** Games for clients to play alike: seeds and actions are drawn once, for all of them. */
import { Rng } from "../../src/env/index.ts";
import type { Game } from "./play-game.ts";

const ACTIONS: Readonly<Record<string, number>> = {
  "FrozenLake-v1": 4,
  "Taxi-v4": 6,
  "CartPole-v1": 2,
  "Blackjack-v1": 2,
};

export interface GameSize {
  readonly num?: number;
  readonly steps?: number;
}

/** A game of random actions. @param mode of autoreset, as Gymnasium names it */
export function drawGame(env: string, mode: string, { num = 5, steps = 80 }: GameSize = {}): Game {
  const rng = new Rng(steps);
  const actions = Array.from({ length: steps }, () => Array.from({ length: num }, () => rng.int(ACTIONS[env]!)));
  const seeds = Array.from({ length: num }, (_, i) => (i === 0 ? Number.MAX_SAFE_INTEGER : rng.int(1_000_000)));
  return { url: "", env, num, mode, make: { seed: 11, maxSteps: 20 }, seeds, actions };
}
