/** Which experts of a policy see which game: their loads after each update, which even out by biases, and their shares by game. */
import { takeRows, type BatchOf, type Space } from "dojang/protocol";
import type { Tensor } from "../nets/backend.ts";
import type { HostTensor } from "../nets/host-tensor.ts";
import type { Model } from "../nets/model.ts";
import { ExpertBalance, loadsOf } from "../nets/moe-balance.ts";
import type { MoeTorso } from "../nets/moe-torso.ts";
import { gameOfRow, gamesIn } from "./games.ts";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

interface Inputs extends Record<string, HostTensor> {
  /** [B, features] */
  readonly obs: HostTensor;
  /** [B, games] 1 for a row's game; 0 for rows that only fill up */
  readonly weights: HostTensor;
}

/** What the biases move by in an update: a run of reinforcement learning has a hundred updates, and they must be felt. */
const RATE = 0.01;

/** Rows that are looked at together: of a convolution, a thousand rows are megabytes. */
const LOOKED_AT = 1_024;

export class ExpertUse implements Saveable {
  readonly #model: Model<never>;
  readonly #torsos: readonly MoeTorso[];
  readonly #space: Space;
  readonly #loads: (inputs: Inputs) => Record<string, Float32Array>;
  readonly #balances: readonly ExpertBalance[];
  #report: Readonly<Record<string, number>> = {};

  constructor(model: Model<never>, torsos: readonly MoeTorso[], space: Space) {
    this.#model = model;
    this.#torsos = torsos;
    this.#space = space;
    this.#balances = torsos.map(({ routed, experts }) => new ExpertBalance([routed], experts, RATE));
    this.#loads = model.compile<Inputs, string>((p, { obs, weights }) => {
      const loads: Record<string, Tensor> = {};
      for (const torso of torsos) {
        const routing = torso.route(p, obs.ref);
        loads[torso.routed] = loadsOf(routing, weights.ref);
        routing.scores.dispose();
        routing.chosen.dispose();
      }
      obs.dispose();
      weights.dispose();
      return loads;
    });
  }

  /**
   * What the last update found: by layer how uneven the loads were, and where observations are records with a discrete field `game`, each expert's share
   * of each game: "actor.moe/game 0/expert 2".
   */
  get report(): Readonly<Record<string, number>> {
    return this.#report;
  }

  /** Counts the experts of `n` rows of observations and moves the biases. @param features the rows as the net reads them, and zeros after them */
  update(obs: BatchOf<Space>, n: number, features: (obs: BatchOf<Space>, rows: number) => HostTensor): void {
    const games = gamesIn(this.#space);
    const total = new Map<string, Float32Array>();
    for (let from = 0; from < n; from += LOOKED_AT) {
      const rows = Math.min(LOOKED_AT, n - from);
      const part = n <= LOOKED_AT ? obs : takeRows(this.#space, obs, range(from, rows));
      for (const [routed, loads] of Object.entries(this.#count(part, rows, features(part, rows)))) {
        const before = total.get(routed) ?? new Float32Array(loads.length);
        total.set(
          routed,
          before.map((count, i) => count + (loads[i] as number)),
        );
      }
    }
    const report: Record<string, number> = {};
    this.#torsos.forEach(({ routed, experts }, i) => {
      const own = total.get(routed) ?? new Float32Array(games * experts);
      const byGame = Array.from({ length: games }, (_, game) => own.subarray(game * experts, (game + 1) * experts));
      for (const counts of byGame) this.#balances[i]?.count(counts);
      const { max_violation } = this.#balances[i]?.update(this.#model) ?? { max_violation: NaN };
      report[`${routed}/max_violation`] = max_violation;
      if (games > 1) Object.assign(report, sharesOf(routed, byGame));
    });
    this.#report = report;
  }

  /** By layer: [games, experts] how often each expert was chosen. */
  #count(obs: BatchOf<Space>, n: number, rows: HostTensor): Record<string, Float32Array> {
    const games = gamesIn(this.#space);
    const game = gameOfRow(this.#space, obs);
    const length = rows.shape[0] ?? 0;
    const data = new Float32Array(length * games);
    for (let row = 0; row < n; row++) data[row * games + game(row)] = 1;
    return this.#loads({ obs: rows, weights: { data, shape: [length, games] } });
  }

  save(): Plain {
    return { ...this.#report };
  }

  load(state: Plain): void {
    // `save` wrote nothing but numbers.
    this.#report = fieldsOf(state) as Readonly<Record<string, number>>;
  }
}

/** Games without a row in this batch have no shares. */
function sharesOf(routed: string, byGame: readonly Float32Array[]): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const [game, counts] of byGame.entries()) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total > 0) counts.forEach((count, e) => (shares[`${routed}/game ${game}/expert ${e}`] = count / total));
  }
  return shares;
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);
