/** The episodes that begin in open segments, as numbers in one array: dozens begin in every frame of a large batch, and objects for them would be most of the garbage. */
import type { EpisodeStart } from "./format.ts";

/** An episode that begins. */
export type Start = Omit<EpisodeStart, "at">;

/** Where observations are recorded: a batch of one row, and its mask where the env has them. */
export interface FirstSeen {
  readonly observation: unknown;
  readonly mask?: Uint8Array;
}

/** What few beginnings have. */
type Rare = Pick<Start, "options" | "restored"> & { readonly seen?: FirstSeen | undefined };

/** Where the numbers of a beginning stand. `next` is the beginning that follows in its instance. */
const AT = { next: 0, at: 1, episode: 2, seed: 3, step: 4, digest: 5 };
const SIZE = 6;
const NONE = -1;

export class Beginnings {
  /** Of each instance: its first and last beginning, and how many there are. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #counts: Int32Array;
  #numbers = new Float64Array(SIZE * 64);
  #used = 0;
  #digests = new Int32Array(64);
  readonly #rare = new Map<number, Rare>();

  /** @param num instances */
  constructor(num: number) {
    this.#first = new Int32Array(num).fill(NONE);
    this.#last = new Int32Array(num).fill(NONE);
    this.#counts = new Int32Array(num);
  }

  count = (instance: number): number => this.#counts[instance] as number;

  /** @param at steps of the open segment that come before it @param digest that of its first observation */
  add(instance: number, at: number, start: Start, digest: number, seen?: FirstSeen): void {
    const { episode, seed, step, options, restored } = start;
    const k = this.#used;
    this.#used += SIZE;
    if (this.#used > this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[k] = NONE;
    numbers[k + AT.at] = at;
    numbers[k + AT.episode] = episode;
    numbers[k + AT.seed] = seed;
    numbers[k + AT.step] = step;
    numbers[k + AT.digest] = digest;
    const last = this.#last[instance] as number;
    if (last === NONE) this.#first[instance] = k;
    else numbers[last] = k;
    this.#last[instance] = k;
    this.#counts[instance] = (this.#counts[instance] as number) + 1;
    if (options !== undefined || restored || seen) this.#rare.set(k, { ...start, seen });
  }

  #grow(): void {
    const numbers = new Float64Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }

  /** The beginnings of an instance, in order. */
  starts(instance: number): EpisodeStart[] {
    const starts: EpisodeStart[] = [];
    for (let k = this.#first[instance] as number; k !== NONE; k = this.#at(k, AT.next)) starts.push(this.#start(k));
    return starts;
  }

  #start(k: number): EpisodeStart {
    const numbers = { episode: this.#at(k, AT.episode), seed: this.#at(k, AT.seed), at: this.#at(k, AT.at), step: this.#at(k, AT.step) }; // prettier-ignore
    const rare = this.#rare.size === 0 ? undefined : this.#rare.get(k);
    if (rare === undefined) return numbers;
    const { options, restored } = rare;
    return { ...numbers, ...(options !== undefined && { options }), ...(restored && { restored }) };
  }

  #at = (k: number, field: number): number => this.#numbers[k + field] as number;

  /** Digests of their first observations, as bytes that the next call overwrites. */
  digests(instance: number): Uint8Array {
    const words = this.count(instance);
    if (words > this.#digests.length) this.#digests = new Int32Array(2 * words);
    const digests = this.#digests;
    let i = 0;
    for (let k = this.#first[instance] as number; k !== NONE; k = this.#at(k, AT.next)) {
      digests[i++] = this.#at(k, AT.digest);
    }
    return new Uint8Array(digests.buffer, 0, 4 * words);
  }

  /** Their first observations, where these are recorded. */
  seen(instance: number): FirstSeen[] {
    const seen: FirstSeen[] = [];
    for (let k = this.#first[instance] as number; k !== NONE; k = this.#at(k, AT.next)) {
      const rare = this.#rare.get(k);
      if (rare?.seen) seen.push(rare.seen);
    }
    return seen;
  }

  /** The last one. */
  last(instance: number): EpisodeStart | undefined {
    const k = this.#last[instance] as number;
    return k === NONE ? undefined : this.#start(k);
  }

  /** Forgets those of an instance. Their room is free after `clearAll`. */
  clear(instance: number): void {
    this.#first[instance] = this.#last[instance] = NONE;
    this.#counts[instance] = 0;
  }

  /** When every instance has been cleared. */
  clearAll(): void {
    this.#used = 0;
    this.#rare.clear();
  }
}
