/** Draws that are written down: each must be asked for in its turn, of its kind and range. */
import { Rng } from "dojang/env";
import type { Game, GameState } from "../../../envs/minatar/suite.ts";

/** A uniform (`u`), or an integer below `n`. */
export type Draw = { readonly u: number } | { readonly n: number; readonly value: number };

export const u = (value: number): Draw => ({ u: value });
export const int = (n: number, value: number): Draw => ({ n, value });

export class ScriptedRng extends Rng {
  readonly #draws: readonly Draw[];
  drawn = 0;

  constructor(draws: readonly Draw[]) {
    super(0);
    this.#draws = draws;
  }

  override uniform(): number {
    const draw = this.#next("uniform()");
    if (!("u" in draw)) throw new Error(`draw ${this.drawn}: asked for uniform(), the script has int(${draw.n})`);
    return draw.u;
  }

  override int(n: number): number {
    const draw = this.#next(`int(${n})`);
    if ("u" in draw) throw new Error(`draw ${this.drawn}: asked for int(${n}), the script has uniform()`);
    if (draw.n !== n) throw new Error(`draw ${this.drawn}: asked for int(${n}), the script has int(${draw.n})`);
    return draw.value;
  }

  #next(asked: string): Draw {
    const draw = this.#draws[this.drawn++];
    if (draw === undefined) throw new Error(`draw ${this.drawn}, ${asked}, is not in the script`);
    return draw;
  }

  /** @throws when draws are left */
  finish(): void {
    if (this.drawn !== this.#draws.length) throw new Error(`${this.drawn} of ${this.#draws.length} draws were made`);
  }
}

/** A state after a reset that makes exactly these draws, with some fields changed. */
export function begin<S extends GameState>(game: Game<S>, changes: Partial<S> = {}, draws: readonly Draw[] = []): S {
  const rng = new ScriptedRng(draws);
  const state = { ...game.reset(rng), ...changes };
  rng.finish();
  return state;
}

/** One step of the game itself, without sticky actions, that makes exactly these draws. Gives the reward. */
export function turn<S extends GameState>(
  game: Game<S>,
  state: S,
  action: number,
  draws: readonly Draw[] = [],
): number {
  const rng = new ScriptedRng(draws);
  const reward = game.step(state, action, rng, true);
  rng.finish();
  return reward;
}

/** Steps that draw nothing; gives their rewards. */
export const turns = <S extends GameState>(game: Game<S>, state: S, actions: readonly number[]): number[] =>
  actions.map((action) => turn(game, state, action));

/** `count` times the same action. */
export const times = (count: number, action = 0): number[] => Array.from({ length: count }, () => action);

/** The cells that are set in a channel, as [column, row]. */
export function cellsOf<S extends GameState>(game: Game<S>, state: S, channel: string): [x: number, y: number][] {
  const { channels } = game;
  const place = channels.findIndex(({ name }) => name === channel);
  if (place < 0) throw new Error(`no channel ${channel}`);
  const out = new Uint8Array(100 * channels.length);
  game.observe(state, out);
  return Array.from({ length: 100 }, (_, cell) => cell)
    .filter((cell) => out[cell * channels.length + place] === 1)
    .map((cell) => [cell % 10, Math.floor(cell / 10)]);
}
