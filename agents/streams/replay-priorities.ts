/** Prioritised replay (Schaul et al., 2016, arXiv:1511.05952): P(i) = p_i^alpha / sum p^alpha by a sum tree, and the weights that undo its bias. */
import type { Rng } from "dojang/env";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";

/** Added to errors, so that no transition is lost for ever. */
const EPSILON = 1e-6;

/** A binary tree over `capacity` places whose leaves are p^alpha and whose nodes are the sums of their two children. */
export class Priorities implements Saveable {
  readonly #alpha: number;
  /** Leaves of a full tree: the next power of two. */
  readonly #leaves: number;
  /** Node k has the children 2k and 2k + 1; the root is 1. */
  #tree: Float64Array;
  /** The greatest p^alpha so far: what new transitions get. */
  #greatest = 1;
  /** Places in use. */
  #size = 0;

  /** @param alpha 0: all places alike; 1: in proportion to their errors */
  constructor(capacity: number, alpha: number) {
    this.#alpha = alpha;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.#tree = new Float64Array(2 * this.#leaves);
  }

  /** New transitions: as likely as the likeliest so far. */
  add(places: Uint32Array): void {
    for (const place of places) {
      this.#set(place, this.#greatest);
      this.#size = Math.max(this.#size, place + 1);
    }
  }

  /** p = |error| + epsilon */
  update(places: Uint32Array, errors: ArrayLike<number>): void {
    places.forEach((place, k) => {
      const weight = (Math.abs(errors[k] as number) + EPSILON) ** this.#alpha;
      this.#greatest = Math.max(this.#greatest, weight);
      this.#set(place, weight);
    });
  }

  /** P(i) */
  chance(place: number): number {
    return (this.#tree[this.#leaves + place] as number) / (this.#tree[1] as number);
  }

  /** `n` places, one from each of n equal parts of the sum: n draws. */
  draw(n: number, rng: Rng): Uint32Array {
    if (this.#size === 0) throw new RangeError("replay: expected transitions to sample from, got none");
    return Uint32Array.from({ length: n }, (_, k) => this.#find(((k + rng.uniform()) / n) * (this.#tree[1] as number)));
  }

  /** w_i = (N P(i))^-beta, over the greatest of them */
  weights(places: Uint32Array, beta: number): Float32Array {
    const weights = Float64Array.from(places, (place) => (this.#size * this.chance(place)) ** -beta);
    const greatest = weights.reduce((max, weight) => Math.max(max, weight), 0);
    return Float32Array.from(weights, (weight) => weight / greatest);
  }

  #set(place: number, weight: number): void {
    let node = this.#leaves + place;
    this.#tree[node] = weight;
    // Sums are taken anew from the children, never changed by differences: no error adds up.
    for (node >>= 1; node >= 1; node >>= 1)
      this.#tree[node] = (this.#tree[2 * node] as number) + (this.#tree[2 * node + 1] as number);
  }

  /** The place in which a running sum of the leaves passes `mass`. */
  #find(mass: number): number {
    let node = 1;
    let left = mass;
    while (node < this.#leaves) {
      const lower = this.#tree[2 * node] as number;
      const goesUp = left >= lower && (this.#tree[2 * node + 1] as number) > 0;
      node = 2 * node + (goesUp ? 1 : 0);
      if (goesUp) left -= lower;
    }
    return node - this.#leaves;
  }

  save(): Plain {
    return {
      leaves: this.#tree.slice(this.#leaves, this.#leaves + this.#size),
      greatest: this.#greatest,
    };
  }

  load(state: Plain): void {
    const { leaves, greatest } = fieldsOf(state) as { leaves: Float64Array; greatest: number };
    this.#tree = new Float64Array(2 * this.#leaves);
    this.#tree.set(leaves, this.#leaves);
    for (let node = this.#leaves - 1; node >= 1; node--)
      this.#tree[node] = (this.#tree[2 * node] as number) + (this.#tree[2 * node + 1] as number);
    this.#size = leaves.length;
    this.#greatest = greatest;
  }
}
