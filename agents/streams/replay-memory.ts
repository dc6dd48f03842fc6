/** Experience replay (Lin, 1992): the last transitions of a stream in typed arrays, sampled uniformly with a seeded generator. */
import type { Rng } from "dojang/env";
import { allocate, copyRow, GymError, type NumericArray, type Space } from "dojang/protocol";
import type { Plain, Saveable } from "../shared/plain.ts";
import { fieldsOf } from "../shared/plain.ts";
import { BATCHES, columnsOf, NUMBERS, type Columned } from "./columns-of.ts";
import { takeTransitions, type Columns, type Transitions } from "./transitions.ts";

/** A ring of `capacity` transitions; the oldest make room. Memory is taken once, at the first transition. */
export class ReplayMemory implements Saveable {
  readonly capacity: number;
  /** Transitions that came in and were not yet answered by a sample: see `replayBuffer`. */
  owed = 0;
  #rows: Transitions | undefined;
  #saved: Plain | undefined;
  /** Transitions ever added. */
  #added = 0;

  /** @throws {GymError} BAD_PARAM unless `capacity` is an integer >= 1 */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new GymError("BAD_PARAM", "replay: capacity", { expected: "an integer >= 1", received: capacity });
    }
    this.capacity = capacity;
  }

  /** Transitions that can be sampled. */
  get size(): number {
    return Math.min(this.#added, this.capacity);
  }

  /** @returns the places that the rows were put in, in their order */
  add(batch: Transitions): Uint32Array {
    const ring = (this.#rows ??= this.#allocate(batch));
    const places = Uint32Array.from({ length: batch.length }, (_, row) => (this.#added + row) % this.capacity);
    copyTransitions(batch, ring, places);
    this.#added += batch.length;
    return places;
  }

  /** `n` places, each drawn from all with equal chance, with replacement: n draws. */
  draw(n: number, rng: Rng): Uint32Array {
    if (this.size === 0) throw new RangeError("replay: expected transitions to sample from, got none");
    return Uint32Array.from({ length: n }, () => rng.int(this.size));
  }

  /** The transitions in these places. */
  take(places: Uint32Array): Transitions {
    if (this.#rows === undefined) throw new RangeError("replay: expected transitions to take, got none");
    return takeTransitions(this.#rows, places);
  }

  /** `n` transitions, each drawn from all with equal chance, with replacement: n draws. */
  sample(n: number, rng: Rng): Transitions {
    return this.take(this.draw(n, rng));
  }

  #allocate(batch: Transitions): Transitions {
    const ring = emptyLike(batch, this.capacity);
    const saved = this.#saved && { ...batch, ...(fieldsOf(this.#saved)["rows"] as unknown as Columned) };
    if (saved) copyTransitions(saved, ring, firstPlaces(saved.length));
    this.#saved = undefined;
    return ring;
  }

  save(): Plain {
    // The spaces come with the first batch after loading; until then what was loaded is what is saved.
    if (this.#rows === undefined) return this.#saved ?? { added: 0, owed: this.owed };
    return { added: this.#added, owed: this.owed, rows: columnsOf(this.take(firstPlaces(this.size))) };
  }

  load(state: Plain): void {
    const { added, owed } = fieldsOf(state);
    this.#added = added as number;
    this.owed = owed as number;
    this.#rows = undefined;
    this.#saved = this.#added > 0 ? state : undefined;
  }
}

const firstPlaces = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, place) => place);

function emptyLike(batch: Transitions, rows: number): Transitions {
  const { observation, action } = batch.spaces;
  const empty = <T extends NumericArray>(column: T): T =>
    new (column.constructor as new (length: number) => T)((column.length / batch.length) * rows);
  const all = (columns: Columns): Columns =>
    Object.fromEntries(Object.entries(columns).map(([name, c]) => [name, empty(c)]));
  const { parts: _parts, ...rest } = batch;
  const numbers = Object.fromEntries(NUMBERS.flatMap((name) => (batch[name] ? [[name, empty(batch[name])]] : [])));
  const spaces = {
    obs: allocate(observation, rows),
    action: allocate(action, rows),
    next: allocate(observation, rows),
  };
  return { ...rest, ...numbers, ...spaces, length: rows, extras: all(batch.extras), faults: [] };
}

/** to[places[row]] = from[row], for every row and column. */
function copyTransitions(from: Transitions, to: Transitions, places: Uint32Array): void {
  for (const name of NUMBERS) copyNumbers(from[name], to[name], to.length, places);
  for (const name in to.extras) copyNumbers(from.extras[name], to.extras[name], to.length, places);
  for (const name of BATCHES) {
    const [ours, theirs] = [to[name], from[name]];
    if (ArrayBuffer.isView(ours)) copyNumbers(theirs as NumericArray, ours, to.length, places);
    else places.forEach((place, row) => copyRow(spaceOf(to, name), theirs, row, ours, place)); // prettier-ignore
  }
}

const spaceOf = ({ spaces }: Transitions, name: (typeof BATCHES)[number]): Space =>
  name === "action" ? spaces.action : spaces.observation;

/** @param rows that `to` has */
function copyNumbers(
  from: NumericArray | undefined,
  to: NumericArray | undefined,
  rows: number,
  places: Uint32Array,
): void {
  if (!to) return;
  const size = to.length / rows;
  if (from?.length !== size * places.length) {
    throw new GymError("BAD_PARAM", "replay: transitions", {
      expected: "the columns of the first batch",
      received: from,
    });
  }
  for (let row = 0; row < places.length; row++) {
    const at = (places[row] as number) * size;
    for (let k = 0; k < size; k++) to[at + k] = from[row * size + k] as number;
  }
}
