/** What the page of the browser test can do: the client, bundled for a browser, plays a game. */
import { asGymError } from "../../protocol/errors.ts";
import { playGame, type Game } from "../support/play-game.ts";

/** What is left of an error once it has crossed into Node. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface Page {
  play(game: Game, token?: string): Promise<object[] | Failure>;
}

const page: Page = {
  async play(game, token) {
    try {
      return await playGame(game, token);
    } catch (error) {
      const { code, message } = asGymError(error);
      return { code, message };
    }
  },
};

Object.assign(globalThis, { page });
