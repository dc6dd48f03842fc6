/** Several MinAtar games as one environment: each episode is one of them, on a board with a layer for every channel of the largest. */
import { box, choice, defineEnv, dict, discrete, flag, list, real, rules, type Rng, type AnyPlugin } from "dojang/env";
import type { Box, Dict, Discrete } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { renderIn, renderMode, type RenderMode } from "../shared/render-mode.ts";
import { ALL_ACTIONS, SIZE } from "./board.ts";
import { rgbPicture, textPicture } from "./picture.ts";
import { executedAction } from "./sticky.ts";
import type { Game, GameState } from "./suite.ts";

const ID = "MinAtar/Games-v0";
const CELLS = SIZE * SIZE;

interface State {
  /** Place in the list of games. */
  readonly game: number;
  /** That game's own state. */
  readonly board: GameState;
}

interface Options {
  readonly games: readonly string[];
  readonly stickyActionProb: number;
  readonly difficultyRamping: boolean;
  readonly renderMode: RenderMode;
}

type Observation = Dict<{ readonly game: Discrete; readonly grid: Box<"uint8"> }>;

/** The plugin that plays any of `all`. */
export const severalGames = (all: readonly Game<GameState>[]): AnyPlugin =>
  defineEnv({
    id: ID,
    version: "1",
    description: "Several MinAtar games at once: each episode is one of them.",
    params: {
      games: list(choice("Breakout", namesOf(all)), ["Breakout", "Asterix", "Freeway"], {
        maxLength: all.length,
        doc: "The games; their places in this list are what the observation calls them.",
      }),
      stickyActionProb: real(0.1, { min: 0, max: 1, doc: "Probability that the last action is executed again." }),
      difficultyRamping: flag(true, { doc: "The games become harder with time (not Breakout, not Freeway)." }),
      renderMode,
    },
    build: (options) => gamesRules(gamesNamed(all, options.games), options),
  });

const namesOf = (games: readonly Game<GameState>[]): string[] => games.map(({ name }) => name);

/** @throws {GymError} BAD_PARAM for no game, and for one that is named twice */
function gamesNamed(all: readonly Game<GameState>[], names: readonly string[]): Game<GameState>[] {
  if (names.length > 0 && new Set(names).size === names.length)
    return names.flatMap((name) => all.filter((game) => game.name === name));
  throw new GymError("BAD_PARAM", `${ID}: param games`, {
    expected: "at least one game, and each once",
    received: names,
  });
}

function gamesRules(games: readonly Game<GameState>[], options: Options) {
  const { stickyActionProb, difficultyRamping } = options;
  const channels = Math.max(...games.map((game) => game.channels.length));
  const of = ({ game }: State): Game<GameState> => games[game] as Game<GameState>;
  return rules<State, Discrete, Observation>({
    action: discrete(ALL_ACTIONS.length),
    observation: dict({ game: discrete(games.length), grid: box([SIZE, SIZE, channels], 0, 1, "uint8") }),
    reset(rng, given) {
      const game = gameOf(given, games.length, rng);
      return { game, board: (games[game] as Game<GameState>).reset(rng) };
    },
    step(state, action, rng) {
      const executed = executedAction(state.board, ALL_ACTIONS[action] as number, stickyActionProb, rng);
      const reward = of(state).step(state.board, executed, rng, difficultyRamping);
      return { state, reward, terminated: state.board.over };
    },
    observe(state, { grid }) {
      widen(boardOf(of(state), state.board), grid, channels);
      return { game: state.game };
    },
    render: renderIn<State>(options.renderMode, {
      text: (state) => `${of(state).name}\n${textPicture(of(state).channels, boardOf(of(state), state.board))}`,
      rgb: (state) => rgbPicture(of(state).channels, boardOf(of(state), state.board)),
    }),
  });
}

/** The game that a reset asks for, or one drawn. @throws {GymError} BAD_OPTIONS for options other than `{game}` with a game's place */
function gameOf(options: JsonValue | undefined, count: number, rng: Rng): number {
  if (options === undefined || options === null) return rng.int(count);
  if (typeof options === "object" && !Array.isArray(options)) {
    const { game, ...rest } = options as Readonly<Record<string, JsonValue>>;
    const isAlone = Object.keys(rest).length === 0;
    if (isAlone && typeof game === "number" && Number.isInteger(game) && game >= 0 && game < count) return game;
  }
  throw new GymError("BAD_OPTIONS", `${ID}: reset options`, {
    expected: `{game: 0 .. ${count - 1}}`,
    received: options,
  });
}

/** What the game itself shows: [row, column, channel] with its own channels. */
function boardOf(game: Game<GameState>, state: GameState): Uint8Array {
  const board = new Uint8Array(CELLS * game.channels.length);
  game.observe(state, board);
  return board;
}

/** `board` with `channels` layers, of which those that it lacks stay 0. */
function widen(board: Uint8Array, out: Uint8Array, channels: number): void {
  const own = board.length / CELLS;
  for (let at = 0; at < board.length; at++)
    if (board[at] !== 0) out[Math.floor(at / own) * channels + (at % own)] = board[at] as number;
}
