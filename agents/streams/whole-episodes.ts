/** Whole episodes out of a stream of time steps: what Monte Carlo learners wait for. */
import { Observable, type OperatorFunction } from "rxjs";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { columnsOf, type Columned } from "./columns-of.ts";
import { gather, type Place } from "./gather.ts";
import { goesOn, type Transitions } from "./transitions.ts";

/** Collects rows until enough episodes are over. Part of a checkpoint, or a resumed run would lose the episodes under way. */
export class WholeEpisodes implements Saveable {
  readonly #episodes: number;
  readonly #longest: number;
  /** rows of the episodes that are over, and how many these are */
  #over: Place[] = [];
  #count = 0;
  /** rows of the episodes under way, by instance */
  #under = new Map<number, Place[]>();
  #saved: Plain = null;

  /**
   * @param episodes in a batch, >= 1
   * @param longest steps after which what there is of an episode is given away as if it were over: without a limit an endless one would fill the memory
   */
  constructor(episodes: number, longest: number) {
    this.#episodes = episodes;
    this.#longest = longest;
  }

  /** Adds a batch; gives the rows of the episodes that are over, one after the other, when they are enough. */
  add(batch: Transitions): Transitions | undefined {
    this.#takeUp(batch);
    for (let row = 0; row < batch.length; row++) this.#addRow({ batch, row });
    return this.#count >= this.#episodes ? this.take() : undefined;
  }

  /** The episodes that are over, enough or not. */
  take(): Transitions | undefined {
    const places = this.#over;
    [this.#over, this.#count] = [[], 0];
    return places.length === 0 ? undefined : gather(places);
  }

  save(): Plain {
    const places = [...this.#over, ...[...this.#under.values()].flat()];
    if (places.length === 0) return this.#saved;
    return { rows: columnsOf(gather(places)), over: this.#over.length, count: this.#count };
  }

  load(state: Plain): void {
    [this.#over, this.#count] = [[], 0];
    this.#under.clear();
    this.#saved = state;
  }

  /** Rows of a checkpoint are data alone; spaces and the rest are those of the stream that goes on. */
  #takeUp(next: Transitions): void {
    if (this.#saved === null) return;
    const { rows, over, count } = fieldsOf(this.#saved);
    const batch = { ...next, ...(rows as unknown as Columned) };
    for (let row = 0; row < batch.length; row++) {
      if (row < (over as number)) this.#over.push({ batch, row });
      else this.#rowsOf(batch.env[row] as number).push({ batch, row });
    }
    this.#count = count as number;
    this.#saved = null;
  }

  #rowsOf(env: number): Place[] {
    const rows = this.#under.get(env) ?? [];
    this.#under.set(env, rows);
    return rows;
  }

  #addRow(place: Place): void {
    const { batch, row } = place;
    const env = batch.env[row] as number;
    // An episode that a fault cut short is over, too.
    if (batch.first[row] === 1) this.#end(env);
    const rows = this.#rowsOf(env);
    rows.push(place);
    if (!goesOn(batch, row) || rows.length >= this.#longest) this.#end(env);
  }

  #end(env: number): void {
    const rows = this.#under.get(env);
    if (rows === undefined) return;
    this.#under.delete(env);
    this.#over.push(...rows);
    this.#count++;
  }
}

/** Batches of the rows of whole episodes; at the end, of those that are over. */
export function wholeEpisodes(store: WholeEpisodes): OperatorFunction<Transitions, Transitions> {
  return (source) =>
    new Observable((subscriber) =>
      source.subscribe({
        next: (batch) => {
          const whole = store.add(batch);
          if (whole) subscriber.next({ ...whole, settle: batch.settle });
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          const rest = store.take();
          if (rest) subscriber.next(rest);
          subscriber.complete();
        },
      }),
    );
}
