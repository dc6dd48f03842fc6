/** The open segments of all instances: rows come in frame by frame, columns of one instance go out. */
import { toColumns } from "../../protocol/columns.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { MAX_SEGMENT_STEPS, type EpisodeStart, type ExtraColumn, type FaultMark, type Segment } from "./format.ts";
import { concatBatches } from "./leaves.ts";
import { ArrayColumn, rowBytesOf, SpaceColumns, type Placement } from "./store-columns.ts";
import { NamedColumns } from "./named-columns.ts";

/** Digest, reward and flags. */
const FIXED_ROW_BYTES = 8 + 8 + 1 + 1;
const EPISODE_BYTES = 64;

export interface StoreOptions {
  readonly action: Space;
  readonly observation: Space;
  readonly num: number;
  readonly observations: boolean;
  /** Flags of a mask, recorded with the observations; 0 for none. */
  readonly maskWidth: number;
  /** What a chunk should hold, in bytes: open segments get that much room together. */
  readonly chunkBytes: number;
}

/** An episode that begins, with its first observation. */
export interface Beginning extends Omit<EpisodeStart, "at"> {
  readonly digest: readonly [number, number];
  /** A batch of one row, where observations are recorded. */
  readonly observation?: unknown;
  readonly mask?: Uint8Array;
}

/** Observations of some rows, with their masks where the env has them. */
type Seen = Pick<Frame, "observations" | "mask">;

/** What a segment tells of a beginning, apart from what its columns hold. */
interface Opened {
  readonly start: EpisodeStart;
  readonly beginning: Beginning;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class SegmentStore {
  readonly #options: StoreOptions;
  /** Steps of room for each instance. */
  readonly capacity: number;
  /** Steps in each open segment. */
  readonly #lengths: Int32Array;
  /** Steps of each instance in closed segments. */
  readonly #starts: Float64Array;
  readonly #beginnings: Opened[][];
  readonly #faults: FaultMark[][];
  /** The episode under way when the open segment began (-1: none) and the steps it had. */
  readonly #openEpisode: Float64Array;
  readonly #openStep: Float64Array;
  /** Whether an episode is under way now. */
  readonly #running: Uint8Array;
  readonly #actions: SpaceColumns;
  readonly #observations: SpaceColumns | undefined;
  readonly #masks: ArrayColumn | undefined;
  readonly #rewards: ArrayColumn;
  readonly #terminated: ArrayColumn;
  readonly #truncated: ArrayColumn;
  readonly #digests: ArrayColumn;
  readonly parts: NamedColumns;
  readonly extras: NamedColumns;
  readonly #rowBytes: number;
  /** Bytes in all open segments, roughly. */
  bytes = 0;

  constructor(options: StoreOptions) {
    const { num, action, observation, chunkBytes } = options;
    this.#options = options;
    const observed = options.observations ? rowBytesOf(observation) + options.maskWidth : 0;
    this.#rowBytes = FIXED_ROW_BYTES + rowBytesOf(action) + observed;
    this.capacity = Math.min(MAX_SEGMENT_STEPS, Math.max(1, Math.ceil(chunkBytes / (num * this.#rowBytes))));
    const slots = num * this.capacity;
    this.#lengths = new Int32Array(num);
    this.#starts = new Float64Array(num);
    this.#beginnings = Array.from({ length: num }, () => []);
    this.#faults = Array.from({ length: num }, () => []);
    this.#openEpisode = new Float64Array(num).fill(-1);
    this.#openStep = new Float64Array(num);
    this.#running = new Uint8Array(num);
    this.#actions = new SpaceColumns(action, slots);
    this.#observations = options.observations ? new SpaceColumns(observation, slots) : undefined;
    this.#masks =
      observed > 0 && options.maskWidth > 0 ? new ArrayColumn("uint8", options.maskWidth, slots) : undefined;
    this.#rewards = new ArrayColumn("float64", 1, slots);
    this.#terminated = new ArrayColumn("uint8", 1, slots);
    this.#truncated = new ArrayColumn("uint8", 1, slots);
    this.#digests = new ArrayColumn("int32", 2, slots);
    this.parts = new NamedColumns(slots);
    this.extras = new NamedColumns(slots);
  }

  isRunning = (instance: number): boolean => this.#running[instance] === 1;

  isFull = (instance: number): boolean => this.#lengths[instance] === this.capacity;

  /** Whether the open segment holds as many beginnings as a segment may. */
  isCrowded = (instance: number): boolean => (this.#beginnings[instance] as Opened[]).length >= MAX_SEGMENT_STEPS;

  isEmpty(instance: number): boolean {
    return (
      this.#lengths[instance] === 0 && this.#beginnings[instance]?.length === 0 && this.#faults[instance]?.length === 0
    );
  }

  /** Takes the next slot of an instance, which must not be full. */
  nextSlot(instance: number): number {
    const length = this.#lengths[instance] as number;
    this.#lengths[instance] = length + 1;
    return instance * this.capacity + length;
  }

  /** Fills in the columns of slots that were taken. */
  put(frame: Frame, actions: unknown, digests: Int32Array, placement: Placement): void {
    this.bytes += placement.count * (this.#rowBytes + this.parts.rowBytes + this.extras.rowBytes);
    this.bytes += this.#actions.put(actions, placement);
    this.#rewards.put(frame.rewards, placement);
    this.#terminated.put(frame.terminated, placement);
    this.#truncated.put(frame.truncated, placement);
    this.putObservations(frame, digests, placement);
  }

  /** What followed the steps in those slots. */
  putObservations(seen: Seen, digests: Int32Array, placement: Placement): void {
    this.#digests.put(digests, placement);
    if (this.#observations) this.bytes += this.#observations.put(seen.observations, placement);
    if (this.#masks && seen.mask) this.#masks.put(seen.mask, placement);
  }

  end(instance: number): void {
    this.#running[instance] = 0;
  }

  begin(instance: number, beginning: Beginning): void {
    this.#running[instance] = 1;
    const { episode, seed, step, options, restored } = beginning;
    const start: Mutable<EpisodeStart> = { episode, seed, step, at: this.#lengths[instance] as number };
    if (options !== undefined) start.options = options;
    if (restored) start.restored = restored;
    this.#beginnings[instance]?.push({ start, beginning });
    const optionBytes = options === undefined ? 0 : JSON.stringify(options).length;
    this.bytes += EPISODE_BYTES + optionBytes + (this.#observations ? this.#observations.rowBytes : 0);
  }

  fault(instance: number, mark: Omit<FaultMark, "at" | "begun">): void {
    this.#running[instance] = 0;
    const begun = (this.#beginnings[instance] as Opened[]).length;
    this.#faults[instance]?.push({ ...mark, at: this.#lengths[instance] as number, begun });
    this.bytes += EPISODE_BYTES + (mark.message?.length ?? 0);
  }

  /** The open segment of an instance. Its columns are views: encode it before the next row comes. Then call `clear`. */
  read(instance: number, wall: readonly [number, number]): Segment {
    const steps = this.#lengths[instance] as number;
    const slot = instance * this.capacity;
    const opened = this.#beginnings[instance] as Opened[];
    const faults = this.#faults[instance] as FaultMark[];
    const open = this.#openEpisode[instance] as number;
    return {
      instance,
      start: this.#starts[instance] as number,
      steps,
      wall,
      open: open < 0 ? null : { episode: open, step: this.#openStep[instance] as number },
      episodes: opened.map(({ start }) => start),
      ...this.#readFirst(opened),
      actions: this.#actions.read(slot, steps),
      rewards: this.#rewards.view(slot, steps),
      terminated: this.#terminated.view(slot, steps),
      truncated: this.#truncated.view(slot, steps),
      digests: this.#digests.view(slot, steps),
      ...(this.#observations && { observations: this.#observations.read(slot, steps) }),
      ...(this.#masks && { masks: this.#masks.view(slot, steps) }),
      ...(this.parts.size > 0 && { parts: this.parts.read(slot, steps, (_, data): Uint8Array => data) }),
      ...(this.extras.size > 0 && { extras: this.extras.read(slot, steps, describe) }),
      ...(faults.length > 0 && { faults }),
    };
  }

  #readFirst(opened: readonly Opened[]): Pick<Segment, "first" | "firstObservations" | "firstMasks"> {
    const words = new Int32Array(2 * opened.length);
    for (const [i, { beginning }] of opened.entries()) [words[2 * i], words[2 * i + 1]] = beginning.digest;
    const first = new Uint8Array(words.buffer);
    if (!this.#observations || opened.length === 0) return { first };
    const { observation } = this.#options;
    const beginnings = opened.map(({ beginning }) => beginning);
    const rows = concatBatches(observation, beginnings.map((beginning) => beginning.observation)); // prettier-ignore
    const firstObservations = toColumns(observation, rows as never, beginnings.length);
    if (!this.#masks) return { first, firstObservations };
    const firstMasks = new Uint8Array(Buffer.concat(beginnings.map(({ mask }) => mask as Uint8Array)));
    return { first, firstObservations, firstMasks };
  }

  /** Begins the next segment of an instance where this one ends. */
  clear(instance: number): void {
    const steps = this.#lengths[instance] as number;
    const last = this.#beginnings[instance]?.at(-1)?.start;
    this.#starts[instance] = (this.#starts[instance] as number) + steps;
    if (this.#running[instance] === 0) this.#openEpisode[instance] = -1;
    else if (last) {
      this.#openEpisode[instance] = last.episode;
      this.#openStep[instance] = last.step + steps - last.at;
    } else this.#openStep[instance] = (this.#openStep[instance] as number) + steps;
    this.#lengths[instance] = 0;
    if (last) this.#beginnings[instance] = [];
    if (this.#faults[instance]?.length) this.#faults[instance] = [];
  }
}

const describe = (column: ArrayColumn, data: Uint8Array): ExtraColumn => ({
  dtype: column.dtype,
  size: column.size,
  data,
});
