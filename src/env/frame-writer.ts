/** The working buffers of one frame: rows are written in place, then read out as a `Frame` that aliases them until the next one begins. */
import { allocate, clearRow } from "../../protocol/batch.ts";
import { STATUS, type Frame, type RowError, type Timing } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { ObservationRows, type Shown } from "./observation-rows.ts";
import { PartColumns } from "./part-columns.ts";
import { firstRows, zero } from "./rows.ts";
import type { AnyRules } from "./rules.ts";
import type { StateColumns } from "./state-columns.ts";
import { makeStore, type Store } from "./store-returned.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// Before the first episode ends.
const NO_PLACES = new Uint32Array(0);
const NO_RETURNS = new Float64Array(0);
const NO_LENGTHS = new Int32Array(0);

/** Memory for the columns that every frame has. */
export interface FrameColumns {
  readonly status: Uint8Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly shown: Shown;
}

/** Where the rows of a frame are written. One writer serves one frame at a time. */
export class FrameWriter {
  readonly #num: number;
  readonly status: Uint8Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly now: ObservationRows;
  /** Last observations of episodes that were reset in the same step. */
  #last: ObservationRows | undefined;
  #parts: PartColumns | undefined;
  readonly #rules: AnyRules;
  readonly #infoSpace: Space | undefined;
  readonly #info: unknown;
  readonly #storeInfo: Store;
  readonly #finals: { count: number; readonly place: Uint32Array };
  readonly #ends: { count: number; place: Uint32Array; return: Float64Array; length: Int32Array };
  readonly #starts: { count: number; readonly place: Uint32Array; readonly episode: Float64Array; readonly seed: Float64Array }; // prettier-ignore
  #errors: RowError[] = [];

  constructor(rules: AnyRules, num: number, sameStep: boolean, memory?: FrameColumns) {
    this.#num = num;
    this.#rules = rules;
    this.status = memory?.status ?? new Uint8Array(num);
    this.rewards = memory?.rewards ?? new Float64Array(num);
    this.terminated = memory?.terminated ?? new Uint8Array(num);
    this.truncated = memory?.truncated ?? new Uint8Array(num);
    this.now = new ObservationRows(rules, num, num, memory?.shown);
    this.#infoSpace = rules.info ? rules.infoSpace : undefined;
    this.#info = this.#infoSpace && allocate(this.#infoSpace, num);
    this.#storeInfo = this.#infoSpace ? makeStore(this.#infoSpace, this.#info, "info") : () => undefined;
    this.#finals = { count: 0, place: sameStep ? new Uint32Array(num) : NO_PLACES };
    this.#ends = { count: 0, place: NO_PLACES, return: NO_RETURNS, length: NO_LENGTHS };
    this.#starts = { count: 0, place: new Uint32Array(num), episode: new Float64Array(num), seed: new Float64Array(num) }; // prettier-ignore
  }

  /** Empties the buffers for a frame of `rows` rows. */
  begin(rows: number): void {
    zero(this.status, rows);
    zero(this.rewards, rows);
    zero(this.terminated, rows);
    zero(this.truncated, rows);
    this.now.begin(rows);
    this.#last?.begin(this.#finals.count);
    this.#parts?.begin();
    this.#finals.count = this.#ends.count = this.#starts.count = 0;
    if (this.#errors.length > 0) this.#errors = [];
  }

  /** Named parts of the reward of row `place`. @throws {GymError} ENV_FAULT when there are too many names */
  parts(place: number, parts: Readonly<Record<string, number>>): void {
    (this.#parts ??= new PartColumns(this.#num)).write(place, parts);
  }

  /** Made for the first of them: thousands of sessions have an env each whose episodes have not ended. */
  get #finalRows(): ObservationRows {
    return (this.#last ??= new ObservationRows(this.#rules, this.#num, 0));
  }

  info(place: number, value: unknown): void {
    this.#storeInfo(place, value);
  }

  /** Writes `state` as the last observation of the episode in row `place`, ahead of the reset of the same step. */
  final(place: number, state: unknown): void {
    const finals = this.#finals;
    try {
      this.#finalRows.write(finals.count, state);
    } catch (error) {
      this.#finalRows.clear(finals.count); // for the next one
      throw error;
    }
    finals.place[finals.count++] = place;
  }

  /** The same for several instances whose states are columns. @throws what the plugin throws: then nothing is written */
  finals(columns: StateColumns, rows: Uint32Array, places: Uint32Array): void {
    const finals = this.#finals;
    this.#finalRows.writeAll(columns, rows, finals.count);
    finals.place.set(places, finals.count);
    finals.count += rows.length;
  }

  /** What the instances look like now, with their info, from the first row of the frame on. @throws what the plugin throws */
  showAll(columns: StateColumns, rows: Uint32Array): void {
    this.now.writeAll(columns, rows, 0);
    if (this.#infoSpace === undefined) return;
    const { batch } = columns;
    if (batch.info !== undefined)
      batch.info(columns.columns, rows, firstRows(this.#infoSpace, this.#info, rows.length));
    else for (let k = 0; k < rows.length; k++) this.info(k, this.#rules.info?.(columns.get(rows[k]!)));
  }

  start(place: number, episode: number, seed: number): void {
    const starts = this.#starts;
    const k = starts.count++;
    starts.place[k] = place;
    starts.episode[k] = episode;
    starts.seed[k] = seed;
  }

  end(place: number, episodeReturn: number, length: number): void {
    const ends = this.#ends;
    if (ends.place.length === 0) this.#makeEnds();
    const k = ends.count++;
    ends.place[k] = place;
    ends.return[k] = episodeReturn;
    ends.length[k] = length;
  }

  #makeEnds(): void {
    this.#ends.place = new Uint32Array(this.#num);
    this.#ends.return = new Float64Array(this.#num);
    this.#ends.length = new Int32Array(this.#num);
  }

  /** Row `place` has nothing to show: zeros and empty values. */
  blank(place: number): void {
    this.now.clear(place);
    if (this.#infoSpace !== undefined) clearRow(this.#infoSpace, this.#info as never, place);
  }

  /** Row `place` failed: no reward, no flags, no observation. */
  fail(error: RowError): void {
    const place = error.index;
    this.status[place] = error.retryable ? STATUS.retry : STATUS.fault;
    this.rewards[place] = NaN;
    this.terminated[place] = 0;
    this.truncated[place] = 0;
    this.#parts?.clear(place);
    this.blank(place);
    this.#errors.push(error);
  }

  /** By row: they may have been found in another order. */
  sortErrors(): void {
    if (this.#errors.length > 1) this.#errors.sort((a, b) => a.index - b.index);
  }

  /** The places of the rows that began an episode in this frame. */
  startPlaces(): Uint32Array {
    return this.#starts.place.subarray(0, this.#starts.count);
  }

  /** The frame of the first `rows` rows. Arrays with an element for each row alias the buffers; the others are its own. */
  read(rows: number, seq: number, index: Uint32Array | undefined, timing: Timing): Frame {
    const all = rows === this.#num;
    const frame: Mutable<Frame> = {
      seq,
      status: all ? this.status : this.status.subarray(0, rows),
      observations: this.now.observations(rows),
      rewards: all ? this.rewards : this.rewards.subarray(0, rows),
      terminated: all ? this.terminated : this.terminated.subarray(0, rows),
      truncated: all ? this.truncated : this.truncated.subarray(0, rows),
      timing,
    };
    const mask = this.now.mask(rows);
    if (mask !== undefined) frame.mask = mask;
    if (index !== undefined) frame.index = index;
    const parts = this.#parts?.read(rows);
    if (parts !== undefined) frame.parts = parts;
    if (this.#infoSpace !== undefined) frame.info = firstRows(this.#infoSpace, this.#info, rows) as never;
    this.#readSparse(frame);
    return frame;
  }

  #readSparse(frame: Mutable<Frame>): void {
    const finals = this.#finals;
    const ends = this.#ends;
    const starts = this.#starts;
    if (finals.count > 0) {
      frame.final = { index: finals.place.slice(0, finals.count), ...this.#finalRows.read(finals.count) };
    }
    if (ends.count > 0) {
      const { count, place, return: returns, length } = ends;
      frame.episode = { index: place.slice(0, count), return: returns.slice(0, count), length: length.slice(0, count) };
    }
    if (starts.count > 0) {
      const { count, place, episode, seed } = starts;
      frame.seeds = { index: place.slice(0, count), episode: episode.slice(0, count), seed: seed.slice(0, count) };
    }
    if (this.#errors.length > 0) frame.errors = this.#errors;
  }
}
