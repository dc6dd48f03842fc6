/** From transitions to whole groups: adds up each episode's rewards and waits until all rows of a group have ended or failed. */
import { goesOn, type Transitions } from "../streams/transitions.ts";
import type { Transcript, Transcripts } from "./transcripts.ts";

export interface Group {
  /** [size] undiscounted return of each row's episode; NaN = it failed */
  readonly rewards: Float64Array;
  /** [size] named parts of the reward, summed over the episode */
  readonly parts: Readonly<Record<string, Float64Array>>;
  /** [size] what was said; undefined where the row failed */
  readonly transcripts: readonly (Transcript | undefined)[];
}

interface Draft extends Group {
  readonly parts: Record<string, Float64Array>;
  readonly transcripts: (Transcript | undefined)[];
  /** the number that all its rows' episodes have; undefined while only failures are known */
  episode: number | undefined;
  /** rows that have not ended */
  left: number;
}

/** Rows of a group are `size` neighbouring instances, reset together: their episodes have the same number. */
export class GroupCollector {
  readonly #size: number;
  readonly #transcripts: Transcripts;
  /** By place: the first instance divided by the size. */
  readonly #open = new Map<number, Draft>();

  constructor(size: number, transcripts: Transcripts) {
    this.#size = size;
    this.#transcripts = transcripts;
  }

  /** Groups that wait for some of their rows. */
  get waiting(): number {
    return this.#open.size;
  }

  /** The groups that this batch completes. @throws {GymError} BAD_PARAM for episodes whose answers another policy drew */
  collect(batch: Transitions): Group[] {
    const done: Group[] = [];
    for (let i = 0; i < batch.length; i++) {
      const instance = batch.env[i] as number;
      const row = instance % this.#size;
      const episode = batch.episode[i] as number;
      const draft = this.#draft(instance, episode);
      draft.rewards[row] = (draft.rewards[row] as number) + (batch.reward[i] as number);
      for (const name in batch.parts) {
        const sums = (draft.parts[name] ??= new Float64Array(this.#size));
        sums[row] = (sums[row] as number) + (batch.parts[name]?.[i] as number);
      }
      if (goesOn(batch, i)) continue;
      draft.transcripts[row] = this.#transcripts.take(instance, episode);
      this.#end(instance, draft, done);
    }
    for (const { index } of batch.faults) {
      const draft = this.#draft(index);
      draft.rewards[index % this.#size] = NaN;
      this.#end(index, draft, done);
    }
    return done;
  }

  #draft(instance: number, episode?: number): Draft {
    const place = Math.floor(instance / this.#size);
    const open = this.#open.get(place);
    if (open !== undefined && (episode ?? open.episode) === (open.episode ?? episode)) {
      open.episode ??= episode;
      return open;
    }
    // Of another episode: a round was broken off, and what is left of it is void.
    const transcripts = new Array<undefined>(this.#size).fill(undefined);
    const draft = { rewards: new Float64Array(this.#size), parts: {}, transcripts, episode, left: this.#size };
    this.#open.set(place, draft);
    return draft;
  }

  #end(instance: number, draft: Draft, done: Group[]): void {
    if (--draft.left > 0) return;
    this.#open.delete(Math.floor(instance / this.#size));
    done.push(draft);
  }
}
