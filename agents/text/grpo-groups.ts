/** From transitions of `groupRollout` to whole groups: adds up each episode's rewards and waits until all rows of a group have ended or failed. */
import { GymError } from "dojang/protocol";
import { goesOn, type Transitions } from "../streams/transitions.ts";
import type { Transcript, Transcripts } from "./transcripts.ts";

export interface Group {
  /** [size] undiscounted return of each row's episode; NaN = it failed */
  readonly rewards: Float64Array;
  /** [size] named parts of the reward, each summed over the steps of the episode that have it; NaN = no step had */
  readonly parts: Readonly<Record<string, Float64Array>>;
  /** [size] what was said; undefined where the row failed */
  readonly transcripts: readonly (Transcript | undefined)[];
}

/** What is known of a row's episode. */
const UNSEEN = 0;
const OPEN = 1;
const OVER = 2;

interface Draft extends Group {
  readonly parts: Record<string, Float64Array>;
  readonly transcripts: (Transcript | undefined)[];
  /** [size] */
  readonly state: Uint8Array;
}

/** Rows of a group are `size` neighbouring instances, reset together; a first step, or a second end, of a row tells that a new group began. */
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

  /** The groups that this batch completes. @throws {GymError} BAD_PARAM for groups of another size, and for episodes whose answers another policy drew */
  collect(batch: Transitions): Group[] {
    const done: Group[] = [];
    for (let i = 0; i < batch.length; i++) {
      this.#check(batch.extras["groupSize"]?.[i]);
      const instance = batch.env[i] as number;
      const row = instance % this.#size;
      const draft = this.#draft(instance, batch.t[i] === 0 ? [UNSEEN] : [OPEN]);
      draft.state[row] = OPEN;
      draft.rewards[row] = (draft.rewards[row] as number) + (batch.reward[i] as number);
      for (const name in batch.parts) {
        const sums = (draft.parts[name] ??= new Float64Array(this.#size).fill(NaN));
        const [sum, part] = [sums[row] as number, batch.parts[name]?.[i] as number];
        if (!Number.isNaN(part)) sums[row] = Number.isNaN(sum) ? part : sum + part;
      }
      if (goesOn(batch, i)) continue;
      draft.transcripts[row] = this.#transcripts.take(instance, batch.episode[i] as number);
      this.#end(instance, draft, done);
    }
    for (const { index } of batch.faults) {
      const draft = this.#draft(index, [UNSEEN, OPEN]);
      draft.rewards[index % this.#size] = NaN;
      this.#end(index, draft, done);
    }
    return done;
  }

  /** Neighbours of other groups, or of none, saw other problems: they are nothing to compare an answer with. */
  #check(size: number | undefined): void {
    if (size === this.#size) return;
    throw new GymError("BAD_PARAM", "grpo: size of the rollout's groups", {
      expected: `${this.#size}, the learner's numGenerations`,
      received: size,
      hint: "Give `act` and `learn` to one groupRollout with that size.",
    });
  }

  /** The group that an instance's row belongs to, if the row's state is one of `states`; else a new one. */
  #draft(instance: number, states: readonly number[]): Draft {
    const place = Math.floor(instance / this.#size);
    const open = this.#open.get(place);
    if (open !== undefined && states.includes(open.state[instance % this.#size] as number)) return open;
    // Of another round: this one was broken off, and what is left of it is void.
    const transcripts = new Array<undefined>(this.#size).fill(undefined);
    const draft = { rewards: new Float64Array(this.#size), parts: {}, transcripts, state: new Uint8Array(this.#size) };
    this.#open.set(place, draft);
    return draft;
  }

  #end(instance: number, draft: Draft, done: Group[]): void {
    draft.state[instance % this.#size] = OVER;
    if (draft.state.some((state) => state !== OVER)) return;
    this.#open.delete(Math.floor(instance / this.#size));
    done.push(draft);
  }
}
