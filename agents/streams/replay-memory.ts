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

  add(batch: Transitions): void {
    const ring = (this.#rows ??= this.#allocate(batch));
    for (let row = 0; row < batch.length; row++) copyTransition(batch, row, ring, this.#added++ % this.capacity);
  }

  /** `n` transitions, each drawn from all with equal chance, with replacement: n draws. */
  sample(n: number, rng: Rng): Transitions {
    if (this.#rows === undefined || this.size === 0)
      throw new RangeError("replay: expected transitions to sample from, got none");
    const index = new Uint32Array(n);
    for (let k = 0; k < n; k++) index[k] = rng.int(this.size);
    return takeTransitions(this.#rows, index);
  }

  #allocate(batch: Transitions): Transitions {
    const ring = emptyLike(batch, this.capacity);
    const saved = this.#saved && { ...batch, ...(fieldsOf(this.#saved)["rows"] as unknown as Columned) };
    for (let row = 0; saved && row < saved.length; row++) copyTransition(saved, row, ring, row);
    this.#saved = undefined;
    return ring;
  }

  save(): Plain {
    // The spaces come with the first batch after loading; until then what was loaded is what is saved.
    if (this.#rows === undefined) return this.#saved ?? { added: 0 };
    const rows = takeTransitions(
      this.#rows,
      Uint32Array.from({ length: this.size }, (_, row) => row),
    );
    return { added: this.#added, rows: columnsOf(rows) };
  }

  load(state: Plain): void {
    this.#added = fieldsOf(state)["added"] as number;
    this.#rows = undefined;
    this.#saved = this.#added > 0 ? state : undefined;
  }
}

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

function copyTransition(from: Transitions, i: number, to: Transitions, j: number): void {
  for (const name of NUMBERS) copyNumbers(from[name], from.length, i, to[name], to.length, j);
  for (const name in to.extras) copyNumbers(from.extras[name], from.length, i, to.extras[name], to.length, j);
  for (const name of BATCHES) copyRow(spaceOf(to, name), from[name], i, to[name], j);
}

const spaceOf = ({ spaces }: Transitions, name: (typeof BATCHES)[number]): Space =>
  name === "action" ? spaces.action : spaces.observation;

function copyNumbers(
  from: NumericArray | undefined,
  fromRows: number,
  i: number,
  to: NumericArray | undefined,
  toRows: number,
  j: number,
) {
  if (!to) return;
  const size = to.length / toRows;
  if (from?.length !== size * fromRows) {
    throw new GymError("BAD_PARAM", "replay: transitions", {
      expected: "the columns of the first batch",
      received: from,
    });
  }
  for (let k = 0; k < size; k++) to[j * size + k] = from[i * size + k] as number;
}
