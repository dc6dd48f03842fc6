/** The members of one generation of an evolution strategy: perturbed weights in mirrored pairs, who plays which of them, and what became of them. */
import type { Rng } from "dojang/env";
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

/** What one instance plays, from the first step of an episode to the last. */
export interface Seat {
  readonly generation: number;
  readonly member: number;
  readonly weights: Float32Array;
}

export interface PopulationOptions {
  /** Members, an even number: pairs of +noise and -noise. */
  readonly size: number;
  /** Deviation of the noise on each weight. */
  readonly sigma: number;
  /** Episodes that each member plays, at least. */
  readonly episodes: number;
  readonly rng: Rng;
}

export class Population implements Saveable {
  readonly #options: PopulationOptions;
  /** The middle of the population. Whoever moves it begins a new generation with `renew`. */
  readonly #centre: () => Float32Array;
  #generation = 0;
  /** one vector for each pair */
  #noise: Float32Array[] = [];
  /** by member: sum of returns, and episodes */
  #sums: Float64Array;
  #counts: Int32Array;
  readonly #seats = new Map<number, Seat>();

  constructor(options: PopulationOptions, centre: () => Float32Array) {
    this.#options = options;
    this.#centre = centre;
    this.#sums = new Float64Array(options.size);
    this.#counts = new Int32Array(options.size);
    this.#draw();
  }

  get generation(): number {
    return this.#generation;
  }

  /** The seat of an instance; a new one where an episode begins. */
  seat(env: number, begins: boolean): Seat {
    const held = this.#seats.get(env);
    if (held !== undefined && !begins) return held;
    this.#seats.delete(env);
    const member = this.#neediest();
    const seat = { generation: this.#generation, member, weights: this.#weightsOf(member) };
    this.#seats.set(env, seat);
    return seat;
  }

  /** Books an episode. Those of a generation that is over say nothing about this one. @returns whether all members have played enough */
  book(generation: number, member: number, total: number): boolean {
    if (generation !== this.#generation) return false;
    (this.#sums[member] as number) += total;
    (this.#counts[member] as number)++;
    return this.#counts.every((count) => count >= this.#options.episodes);
  }

  /** Mean return of each member. */
  fitness(): Float64Array {
    return this.#sums.map((sum, member) => sum / (this.#counts[member] as number));
  }

  /** The estimated direction in which shaped fitness grows: 1 / (size sigma) times the sum of weight times noise over all members. */
  slope(): Float32Array {
    const { size, sigma } = this.#options;
    const ranks = centredRanks(this.fitness());
    const slope = new Float32Array(this.#centre().length);
    for (const [pair, noise] of this.#noise.entries()) {
      const weight = ((ranks[2 * pair] as number) - (ranks[2 * pair + 1] as number)) / (size * sigma);
      for (let i = 0; i < slope.length; i++) (slope[i] as number) += weight * (noise[i] as number);
    }
    return slope;
  }

  /** Begins the next generation around the centre as it is now. Episodes under way are played to their ends as they began. */
  renew(): void {
    this.#generation++;
    this.#sums.fill(0);
    this.#counts.fill(0);
    this.#draw();
  }

  save(): Plain {
    // Seats of this generation follow from centre and noise.
    const seats = [...this.#seats].map(([env, { generation, member, weights }]) => [
      ...[env, generation, member],
      generation === this.#generation ? null : weights.slice(),
    ]);
    const [sums, counts] = [this.#sums.slice(), this.#counts.slice()];
    return { generation: this.#generation, noise: this.#noise.map((one) => one.slice()), sums, counts, seats };
  }

  /** The centre must have been loaded before. */
  load(state: Plain): void {
    const { generation, noise, sums, counts, seats } = fieldsOf(state);
    this.#generation = generation as number;
    this.#noise = (noise as readonly Float32Array[]).map((one) => one.slice());
    [this.#sums, this.#counts] = [(sums as Float64Array).slice(), (counts as Int32Array).slice()];
    this.#seats.clear();
    for (const [env, of, member, weights] of seats as readonly [number, number, number, Float32Array | null][])
      this.#seats.set(env, { generation: of, member, weights: weights?.slice() ?? this.#weightsOf(member) });
  }

  #draw(): void {
    const { size, rng } = this.#options;
    const { length } = this.#centre();
    this.#noise = Array.from({ length: size / 2 }, () => Float32Array.from({ length }, () => rng.normal()));
  }

  #weightsOf(member: number): Float32Array {
    const noise = this.#noise[member >> 1] as Float32Array;
    const scale = member % 2 === 0 ? this.#options.sigma : -this.#options.sigma;
    return this.#centre().map((value, i) => value + scale * (noise[i] as number));
  }

  /** The member with the fewest episodes played and under way. */
  #neediest(): number {
    const played = this.#counts.slice();
    for (const { generation, member } of this.#seats.values())
      if (generation === this.#generation) (played[member] as number)++;
    return played.indexOf(Math.min(...played));
  }
}

/** Ranks from -0.5 for the worst to 0.5 for the best; equals share theirs. Outliers count no more than any other. */
function centredRanks(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).toSorted((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let i = from; i < to; i++) ranks[order[i] as number] = (from + to - 1) / 2 / (order.length - 1) - 0.5;
    from = to;
  }
  return ranks;
}
