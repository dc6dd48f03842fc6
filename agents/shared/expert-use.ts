/** Which experts of a policy see which game: their loads after each update, which even out by biases, and their shares by game. */
import type { BatchOf, Space } from "dojang/protocol";
import type { Tensor } from "../nets/backend.ts";
import type { HostTensor } from "../nets/host-tensor.ts";
import type { Model } from "../nets/model.ts";
import { ExpertBalance, loadsOf } from "../nets/moe-balance.ts";
import type { MoeTorso } from "../nets/moe-torso.ts";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

interface Inputs extends Record<string, HostTensor> {
  /** [B, features] */
  readonly obs: HostTensor;
  /** [B, games] 1 for a row's game; 0 for rows that only fill up */
  readonly weights: HostTensor;
}

/** What the biases move by in an update: little, for a row that goes to another expert is suddenly treated differently. */
const RATE = 0.001;

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

  /** Counts the experts of `n` rows of observations, whose features are `rows`, and moves the biases. */
  update(obs: BatchOf<Space>, n: number, rows: HostTensor): void {
    const { games, of } = gamesOf(this.#space, obs);
    const length = rows.shape[0] ?? 0;
    const data = new Float32Array(length * games);
    for (let row = 0; row < n; row++) data[row * games + of(row)] = 1;
    const loads = this.#loads({ obs: rows, weights: { data, shape: [length, games] } });
    const report: Record<string, number> = {};
    this.#torsos.forEach(({ routed, experts }, i) => {
      const own = loads[routed] ?? new Float32Array(games * experts);
      const byGame = Array.from({ length: games }, (_, game) => own.subarray(game * experts, (game + 1) * experts));
      for (const counts of byGame) this.#balances[i]?.count(counts);
      const { max_violation } = this.#balances[i]?.update(this.#model) ?? { max_violation: NaN };
      report[`${routed}/max_violation`] = max_violation;
      if (games > 1) Object.assign(report, sharesOf(routed, byGame));
    });
    this.#report = report;
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

/** How many games there are, and which one a row is of. */
function gamesOf(space: Space, obs: BatchOf<Space>): { games: number; of(row: number): number } {
  const field = space.kind === "dict" ? space.fields["game"] : undefined;
  if (field?.kind !== "discrete") return { games: 1, of: () => 0 };
  // A batch of a dict has a column for each field; that of a discrete one is a typed array.
  const column = (obs as Readonly<Record<string, Int32Array>>)["game"] as Int32Array;
  return { games: field.n, of: (row) => (column[row] as number) - field.start };
}
