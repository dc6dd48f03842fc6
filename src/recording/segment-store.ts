/** The open segments of all instances: rows come in frame by frame, columns of one instance go out. */
import { toColumns } from "../../protocol/columns.ts";
import { GymError } from "../../protocol/errors.ts";
import { STATUS } from "../../protocol/frames.ts";
import { Beginnings, type FirstSeen, type Start } from "./beginnings.ts";
import { MAX_SEGMENT_STEPS, type ExtraColumn, type FaultMark, type Segment } from "./format.ts";
import { concatBatches } from "./leaves.ts";
import { ArrayColumn, rowBytesOf, SpaceColumns, type Placement } from "./store-columns.ts";
import { NamedColumns } from "./named-columns.ts";
import type { EncoderSpec } from "./chunk-encoder.ts";
import type { TakenFrame } from "./taken.ts";

/** Digest, reward and flags. */
const FIXED_ROW_BYTES = 4 + 8 + 1 + 1;
const EPISODE_BYTES = 64;

/** Which rows of a frame are steps, and their slots. */
export interface Places extends Placement {
  /** Of every row; -1 for those that are no steps. */
  readonly slotOf: Int32Array;
  count: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Observations of some rows, with their masks where the env has them. */
type Seen = Pick<TakenFrame, "observations" | "mask">;

export class SegmentStore {
  readonly #options: EncoderSpec;
  /** Steps of room for each instance. */
  readonly capacity: number;
  /** Steps in each open segment. */
  readonly #lengths: Int32Array;
  /** Steps of each instance in closed segments. */
  readonly #starts: Float64Array;
  readonly #beginnings: Beginnings;
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
  /** Zero but at the ends of episodes. */
  readonly #terminated: Uint8Array;
  readonly #truncated: Uint8Array;
  readonly #digests: ArrayColumn;
  readonly parts: NamedColumns;
  readonly extras: NamedColumns;
  readonly #rowBytes: number;
  /** Steps in every open segment; -1 where they differ. */
  #level = 0;
  /** Instances without an episode under way. */
  #stopped: number;
  /** Bytes in all open segments, roughly. */
  bytes = 0;

  constructor(options: EncoderSpec) {
    const { num, action, observation, chunkBytes } = options;
    this.#options = options;
    const observed = options.observations ? rowBytesOf(observation) + options.maskWidth : 0;
    this.#rowBytes = FIXED_ROW_BYTES + rowBytesOf(action) + observed;
    this.capacity = Math.min(MAX_SEGMENT_STEPS, Math.max(1, Math.ceil(chunkBytes / (num * this.#rowBytes))));
    const slots = num * this.capacity;
    this.#lengths = new Int32Array(num);
    this.#starts = new Float64Array(num);
    this.#beginnings = new Beginnings(num);
    this.#faults = Array.from({ length: num }, () => []);
    this.#openEpisode = new Float64Array(num).fill(-1);
    this.#openStep = new Float64Array(num);
    this.#running = new Uint8Array(num);
    this.#actions = new SpaceColumns(action, slots);
    this.#observations = options.observations ? new SpaceColumns(observation, slots) : undefined;
    this.#masks =
      observed > 0 && options.maskWidth > 0 ? new ArrayColumn("uint8", options.maskWidth, slots) : undefined;
    this.#rewards = new ArrayColumn("float64", 1, slots);
    this.#terminated = new Uint8Array(slots);
    this.#truncated = new Uint8Array(slots);
    this.#digests = new ArrayColumn("int32", 1, slots);
    this.#stopped = num;
    this.parts = new NamedColumns(slots);
    this.extras = new NamedColumns(slots);
  }

  /** Whether a frame steps every instance, and none has more steps than another: then `putStep` may take it.
   *  Not where observations are recorded, of which those of last steps come apart from the others. */
  isEven({ status, index }: TakenFrame): boolean {
    if (index !== undefined || this.#level < 0 || this.#stopped > 0 || status.length !== this.#lengths.length)
      return false;
    if (this.#observations || this.parts.size > 0 || this.extras.size > 0 || !this.#actions.allArrays) return false;
    return isZero(status);
  }

  /** Whether every segment is full. */
  get isLevelFull(): boolean {
    return this.#level === this.capacity;
  }

  /** Takes a step of every instance. */
  putStep(frame: TakenFrame, actions: unknown, digests: Int32Array): void {
    const [step, lengths, { capacity }] = [this.#level, this.#lengths, this];
    this.#level++;
    for (let i = 0; i < lengths.length; i++) lengths[i] = this.#level;
    forEachSet(frame.terminated, (i) => this.#end(i, this.#terminated, i * capacity + step));
    forEachSet(frame.truncated, (i) => this.#end(i, this.#truncated, i * capacity + step));
    this.#rewards.putStep(frame.rewards, step, capacity);
    this.#digests.putStep(digests, step, capacity);
    this.#actions.putStep(actions, step, capacity);
    this.bytes += lengths.length * this.#rowBytes;
  }

  #end(instance: number, flags: Uint8Array, slot: number): void {
    flags[slot] = 1;
    this.#stop(instance);
  }

  #stop(instance: number): void {
    if (this.#running[instance] === 0) return;
    this.#running[instance] = 0;
    this.#stopped++;
  }

  isRunning = (instance: number): boolean => this.#running[instance] === 1;

  /** Whether the open segment holds as many beginnings as a segment may. */
  isCrowded = (instance: number): boolean => this.#beginnings.count(instance) >= MAX_SEGMENT_STEPS;

  isEmpty = (instance: number): boolean =>
    this.#lengths[instance] === 0 && this.#beginnings.count(instance) === 0 && this.#faults[instance]?.length === 0;

  /** Takes a slot for each row that is a transition, and writes its flags.
   *  @param close closes and clears the segment of an instance that has no room left
   *  @throws {GymError} INTERNAL for a step outside an episode */
  place({ status, index, terminated, truncated }: TakenFrame, places: Places, close: (instance: number) => void): void {
    const [lengths, running, { capacity }] = [this.#lengths, this.#running, this];
    const { rows, slots, slotOf } = places;
    this.#level = -1;
    let count = 0;
    for (let row = 0; row < status.length; row++) {
      slotOf[row] = -1;
      if (status[row] !== STATUS.transition) continue;
      const instance = index === undefined ? row : (index[row] as number);
      if (running[instance] !== 1) throw new GymError("INTERNAL", `recording: ${this.#options.env}: instance ${instance}: a step outside an episode`); // prettier-ignore
      if (lengths[instance] === capacity) close(instance);
      const length = lengths[instance] as number;
      const slot = instance * capacity + length;
      lengths[instance] = length + 1;
      if (terminated[row] === 1) this.#terminated[slot] = 1;
      if (truncated[row] === 1) this.#truncated[slot] = 1;
      if (terminated[row] === 1 || truncated[row] === 1) this.#stop(instance);
      slotOf[row] = slot;
      rows[count] = row;
      slots[count++] = slot;
    }
    places.count = count;
  }

  /** Fills in the columns of slots that were taken. */
  put(frame: TakenFrame, actions: unknown, digests: Int32Array, placement: Placement): void {
    this.bytes += placement.count * (this.#rowBytes + this.parts.rowBytes + this.extras.rowBytes);
    this.bytes += this.#actions.put(actions, placement);
    this.#rewards.put(frame.rewards, placement);
    this.#digests.put(digests, placement);
    this.putObservations(frame, placement);
  }

  /** What followed the steps in those slots. */
  putObservations(seen: Seen, placement: Placement): void {
    if (this.#observations) this.bytes += this.#observations.put(seen.observations, placement);
    if (this.#masks && seen.mask) this.#masks.put(seen.mask, placement);
  }

  begin(instance: number, start: Start, digest: number, seen: FirstSeen | undefined): void {
    if (this.#running[instance] === 0) this.#stopped--;
    this.#running[instance] = 1;
    this.#beginnings.add(instance, this.#lengths[instance] as number, start, digest, seen);
    this.bytes += EPISODE_BYTES + (this.#observations ? this.#observations.rowBytes : 0);
    if (start.options !== undefined) this.bytes += JSON.stringify(start.options).length;
  }

  fault(instance: number, mark: Omit<FaultMark, "at" | "begun">): void {
    this.#stop(instance);
    const begun = this.#beginnings.count(instance);
    this.#faults[instance]?.push({ ...mark, at: this.#lengths[instance] as number, begun });
    this.bytes += EPISODE_BYTES + (mark.message?.length ?? 0);
  }

  /** The open segment of an instance. Its columns are views: write it before the next row comes. Then call `clear`. */
  read(instance: number, wall: readonly [number, number]): Segment {
    const steps = this.#lengths[instance] as number;
    const slot = instance * this.capacity;
    const faults = this.#faults[instance] as FaultMark[];
    const open = this.#openEpisode[instance] as number;
    const segment: Mutable<Segment> = {
      instance,
      start: this.#starts[instance] as number,
      steps,
      wall,
      open: open < 0 ? null : { episode: open, step: this.#openStep[instance] as number },
      episodes: this.#beginnings.starts(instance),
      first: this.#beginnings.digests(instance),
      actions: this.#actions.read(slot, steps),
      rewards: this.#rewards.view(slot, steps),
      terminated: this.#terminated.subarray(slot, slot + steps),
      truncated: this.#truncated.subarray(slot, slot + steps),
      digests: this.#digests.view(slot, steps),
    };
    if (this.#observations) segment.observations = this.#observations.read(slot, steps);
    if (this.#observations && segment.episodes.length > 0) this.#readFirst(segment);
    if (this.#masks) segment.masks = this.#masks.view(slot, steps);
    if (this.parts.size > 0) segment.parts = this.parts.read(slot, steps, (_, data): Uint8Array => data);
    if (this.extras.size > 0) segment.extras = this.extras.read(slot, steps, describe);
    if (faults.length > 0) segment.faults = faults;
    return segment;
  }

  #readFirst(segment: Mutable<Segment>): void {
    const { observation } = this.#options;
    const seen = this.#beginnings.seen(segment.instance);
    const rows = concatBatches(observation, seen.map((row) => row.observation)); // prettier-ignore
    segment.firstObservations = toColumns(observation, rows as never, seen.length);
    if (this.#masks) segment.firstMasks = new Uint8Array(Buffer.concat(seen.map(({ mask }) => mask as Uint8Array)));
  }

  /** Begins the next segment of an instance where this one ends. */
  clear(instance: number): void {
    const steps = this.#lengths[instance] as number;
    const last = this.#beginnings.last(instance);
    this.#starts[instance] = (this.#starts[instance] as number) + steps;
    if (this.#running[instance] === 0) this.#openEpisode[instance] = -1;
    else if (last) {
      this.#openEpisode[instance] = last.episode;
      this.#openStep[instance] = last.step + steps - last.at;
    } else this.#openStep[instance] = (this.#openStep[instance] as number) + steps;
    const slot = instance * this.capacity;
    this.#terminated.fill(0, slot, slot + steps);
    this.#truncated.fill(0, slot, slot + steps);
    this.#lengths[instance] = 0;
    this.#level = -1;
    this.#beginnings.clear(instance);
    if (this.#faults[instance]?.length) this.#faults[instance] = [];
  }

  /** When every instance has been cleared. */
  clearAll(): void {
    this.#beginnings.clearAll();
    this.#level = 0;
    this.bytes = 0;
  }
}

const describe = (column: ArrayColumn, data: Uint8Array): ExtraColumn => ({
  dtype: column.dtype,
  size: column.size,
  data,
});

/** Whether all bytes are 0. */
function isZero(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}

function forEachSet(flags: Uint8Array, visit: (row: number) => void): void {
  for (let i = flags.indexOf(1); i >= 0; i = flags.indexOf(1, i + 1)) visit(i);
}
