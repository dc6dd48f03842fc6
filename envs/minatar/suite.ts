/** Makes the plugins of a MinAtar game: spaces, params, sticky actions, pictures. Source: Young & Tian (2019), arXiv 1903.03176. */
import { box, defineEnv, dict, discrete, flag, real, rules, type AnyPlugin, type Rng } from "dojang/env";
import type { Box, Dict, Discrete } from "dojang/env";
import { renderIn, renderMode, type RenderMode } from "../shared/render-mode.ts";
import { ALL_ACTIONS, SIZE } from "./board.ts";
import { rgbPicture, textPicture, type Channel } from "./picture.ts";
import { executedAction, type Remembers } from "./sticky.ts";

export interface GameState extends Remembers {
  /** A terminal condition was met. It does not cut its step short. */
  over: boolean;
}

export interface RampedState extends GameState {
  /** How often the game has become harder. */
  rampLevel: number;
}

/** One game: plain functions of a state that `step` changes in place. */
export interface Game<S extends GameState> {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The layers of the observation, in order. */
  readonly channels: readonly Channel[];
  /** Of the six actions, those that do something, no-op first. */
  readonly minimalActions: readonly number[];
  /** Where the game becomes harder with time: the highest level, and the level of a state. */
  readonly ramp?: { readonly max: number; level(state: S): number };
  reset(rng: Rng): S;
  /** Gives the reward. `action` is one of the six; `ramping`: the game may become harder. */
  step(state: S, action: number, rng: Rng, ramping: boolean): number;
  /** Sets elements of `out`, [row, column, channel] in row-major order and all 0 before, to 1. */
  observe(state: S, out: Uint8Array): void;
}

interface Options {
  readonly stickyActionProb: number;
  readonly difficultyRamping: boolean;
  readonly renderMode: RenderMode;
}

type RampInfo = Dict<{ readonly rampLevel: Discrete }>;

/** Two plugins: v0 with all six actions, v1 with the minimal set. */
export const gamePlugins = <S extends GameState>(game: Game<S>): AnyPlugin[] => [
  plugin(game, "v0", ALL_ACTIONS),
  plugin(game, "v1", game.minimalActions),
];

const plugin = <S extends GameState>(game: Game<S>, version: string, actions: readonly number[]) =>
  defineEnv({
    id: `MinAtar/${game.name}-${version}`,
    version: "1",
    description: game.description,
    params: {
      stickyActionProb: real(0.1, { min: 0, max: 1, doc: "Probability that the last action is executed again." }),
      difficultyRamping: flag(true, { doc: "The game becomes harder with time (not Breakout, not Freeway)." }),
      renderMode,
    },
    build: (options) => gameRules(game, actions, options),
  });

function gameRules<S extends GameState>(game: Game<S>, actions: readonly number[], options: Options) {
  const { channels } = game;
  const { stickyActionProb, difficultyRamping } = options;
  const observationOf = (state: S): Uint8Array => {
    const observation = new Uint8Array(SIZE * SIZE * channels.length);
    game.observe(state, observation);
    return observation;
  };
  return rules<S, Discrete, Box<"uint8">, RampInfo>({
    action: discrete(actions.length),
    observation: box([SIZE, SIZE, channels.length], 0, 1, "uint8"),
    reset: game.reset,
    step(state, action, rng) {
      const executed = executedAction(state, actions[action]!, stickyActionProb, rng);
      const reward = game.step(state, executed, rng, difficultyRamping);
      return { state, reward, terminated: state.over };
    },
    observe: game.observe,
    render: renderIn<S>(options.renderMode, {
      text: (state) => textPicture(channels, observationOf(state)),
      rgb: (state) => rgbPicture(channels, observationOf(state)),
    }),
    ...(game.ramp && rampInfo(game.ramp)),
  });
}

/** The level as info. Its objects are made once: they are asked for at every step. */
function rampInfo<S>({ max, level }: { readonly max: number; level(state: S): number }) {
  const infos = Array.from({ length: max + 1 }, (_, rampLevel) => ({ rampLevel }));
  return { infoSpace: dict({ rampLevel: discrete(max + 1) }), info: (state: S) => infos[level(state)]! };
}
