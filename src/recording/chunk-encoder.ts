/** Frames -> closed chunks: turns what a batch runner did into segments of each instance and segments into chunks. Knows nothing of files and threads. */
import { STATUS } from "../../protocol/frames.ts";
import { toColumns } from "../../protocol/columns.ts";
import { takeRows } from "../../protocol/batch.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { FirstSeen, Start } from "./beginnings.ts";
import { ChunkCollector, LEVEL, type ClosedChunk } from "./chunk-records.ts";
import { BatchHasher } from "./digest.ts";
import { leavesOf } from "./leaves.ts";
import { SegmentStore, type Places } from "./segment-store.ts";
import { writeSegment } from "./segment-writer.ts";
import type { Taken, TakenError, TakenFrame } from "./taken.ts";

const NOTHING = {};

/** Faults after which the episode goes on as if nothing had been sent. */
const REFUSALS: ReadonlySet<string> = new Set(["RESET_NEEDED", "BAD_ACTION", "ROW_BUSY", "BUSY"]);

export interface EncoderSpec {
  /** Id of the env, for messages. */
  readonly env: string;
  readonly action: Space;
  readonly observation: Space;
  readonly num: number;
  /** Full observations, not only digests. */
  readonly observations: boolean;
  /** Flags of a legal-action mask, 0 for none. */
  readonly maskWidth: number;
  /** Messages of faults are left out. */
  readonly secret: boolean;
  /** Bytes and milliseconds after which a chunk is closed. */
  readonly chunkBytes: number;
  readonly chunkMs: number;
}

/** The level to pack chunks at. */
export const levelFor = ({ observations, action }: EncoderSpec): (typeof LEVEL)[keyof typeof LEVEL] =>
  observations || leavesOf(action).some((leaf) => leaf.array === undefined) ? LEVEL.usual : LEVEL.steps;

export class ChunkEncoder {
  readonly #spec: EncoderSpec;
  readonly #onChunk: (chunk: ClosedChunk) => void;
  readonly #store: SegmentStore;
  readonly #collector = new ChunkCollector();
  readonly #hasher: BatchHasher;
  readonly #digests: Int32Array;
  readonly #finalDigests: Int32Array;
  /** Of the first observations of episodes that begin in a frame. */
  readonly #firstDigests: Int32Array;
  readonly #places: Places;
  #sequence = 0;
  #chunkBegan = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onChunk takes each chunk when it closes: within `add`, `closeChunk`, or when its time is over */
  constructor(spec: EncoderSpec, onChunk: (chunk: ClosedChunk) => void) {
    const { num, observation } = spec;
    this.#spec = spec;
    this.#onChunk = onChunk;
    this.#store = new SegmentStore(spec);
    this.#hasher = new BatchHasher(observation);
    this.#digests = new Int32Array(num);
    this.#firstDigests = new Int32Array(num);
    this.#finalDigests = new Int32Array(num);
    this.#places = { rows: new Int32Array(num), slots: new Int32Array(num), slotOf: new Int32Array(num), count: 0 };
  }

  /** Copies what it needs of a frame. @throws {GymError} INTERNAL for a step outside an episode */
  add(record: Taken): void {
    this.#startChunk();
    const { frame, actions } = record;
    const rows = frame.status.length;
    this.#fitNamed(record, rows);
    this.#hasher.digest(frame.observations, rows, this.#digests);
    if (frame.seeds) copyRows(this.#digests, frame.seeds.index, this.#firstDigests);
    if (actions !== undefined) this.#steps(record, actions);
    for (const error of frame.errors ?? []) this.#fault(record, error);
    this.#beginnings(record);
    if (this.#store.bytes + this.#collector.bytes >= this.#spec.chunkBytes || this.#isDue()) this.closeChunk();
  }

  #steps({ frame, extras }: Taken, actions: unknown): void {
    const [store, places] = [this.#store, this.#places];
    if (frame.final) this.#lastDigests(frame.final);
    if (store.isLevelFull) this.#closeSegments();
    if (store.isEven(frame)) {
      store.putStep(frame, actions, this.#digests);
      return;
    }
    store.place(frame, places, this.#closeSegment);
    store.put(frame, actions, this.#digests, places);
    if (store.parts.size > 0) store.parts.put(frame.parts ?? NOTHING, places);
    if (extras !== undefined && store.extras.size > 0) store.extras.put(extras, places);
    if (frame.final && this.#spec.observations) this.#lastObservations(frame.final);
  }

  /** Same-step autoreset: what followed a last step is in `final`, not among the frame's observations. */
  #lastDigests({ index, observations }: NonNullable<TakenFrame["final"]>): void {
    const [digests, last] = [this.#digests, this.#finalDigests];
    this.#hasher.digest(observations, index.length, last);
    for (let i = 0; i < index.length; i++) {
      digests[index[i] as number] = last[i] as number;
    }
  }

  #lastObservations(final: NonNullable<TakenFrame["final"]>): void {
    const { rows, slots, slotOf } = this.#places;
    let count = 0;
    for (let i = 0; i < final.index.length; i++) {
      const slot = slotOf[final.index[i] as number] as number;
      if (slot < 0) continue;
      rows[count] = i;
      slots[count++] = slot;
    }
    this.#store.putObservations(final, { rows, slots, count });
  }

  #fault({ frame, actions }: Taken, error: TakenError): void {
    const { index: row, code, capsule } = error;
    if (frame.status[row] !== STATUS.fault || (capsule === undefined && REFUSALS.has(code))) return;
    const instance = frame.index === undefined ? row : (frame.index[row] as number);
    const message = this.#spec.secret ? {} : { message: error.message };
    // Without actions it is a reset or a restore that failed: the episode before it is merely cut.
    if (actions !== undefined && this.#store.isRunning(instance)) {
      this.#store.fault(instance, { code, ...message, action: this.#actionOf(actions, row) });
    } else if (capsule) {
      const { episode, seed, options } = capsule;
      this.#store.fault(instance, {
        code,
        ...message,
        reset: { episode, seed, ...(options !== undefined && { options }) },
      });
    }
  }

  #actionOf(actions: unknown, row: number): Uint8Array[] {
    const { action } = this.#spec;
    return toColumns(action, takeRows(action, actions as never, [row]), 1).map((column) => column.slice());
  }

  #beginnings({ frame, options, restored }: Taken): void {
    const { seeds } = frame;
    if (restored) {
      for (const [row, instance] of restored.index.entries()) {
        if (frame.status[row] !== STATUS.reset) continue;
        const [episode, seed, step] = [restored.episode[row], restored.seed[row], restored.firstStep[row]] as [number, number, number]; // prettier-ignore
        this.#begin(frame, row, instance, { episode, seed, step, restored: true }, this.#digests[row] as number);
      }
    }
    if (!seeds) return;
    const { index, episode, seed } = seeds;
    for (let k = 0; k < index.length; k++) {
      const row = index[k] as number;
      const instance = frame.index === undefined ? row : (frame.index[row] as number);
      const given = options?.[k];
      const start = { episode: episode[k] as number, seed: seed[k] as number, step: 0 };
      const digest = this.#firstDigests[k] as number;
      this.#begin(frame, row, instance, given === undefined ? start : { ...start, options: given }, digest);
    }
  }

  #begin(frame: TakenFrame, row: number, instance: number, start: Start, digest: number): void {
    if (this.#store.isCrowded(instance)) this.#closeSegment(instance);
    this.#store.begin(instance, start, digest, this.#spec.observations ? this.#seen(frame, row) : undefined);
  }

  /** Copies of a row's observation and mask. */
  #seen({ observations, mask }: TakenFrame, row: number): FirstSeen {
    const { observation: space } = this.#spec;
    const observation: unknown = structuredClone(takeRows(space, observations, [row]));
    const { maskWidth: width } = this.#spec;
    return { observation, ...(mask && { mask: mask.slice(row * width, (row + 1) * width) }) };
  }

  /** Columns that come and go by name: a change of names begins new segments. */
  #fitNamed({ frame, extras = NOTHING, actions }: Taken, rows: number): void {
    const { parts, extras: sent } = this.#store;
    if (actions === undefined || rows === 0) return;
    const news = Object.keys(frame.parts ?? NOTHING).filter((name) => !parts.has(name));
    const changed = !sent.fit(extras, rows);
    if (news.length === 0 && !changed) return;
    this.#closeSegments();
    if (news.length > 0) parts.add(news);
    if (changed) sent.replace(extras, rows);
  }

  #startChunk(): void {
    if (this.#chunkBegan > 0) return;
    this.#chunkBegan = Date.now();
    // Frames check the time too; the timer serves an env that nobody steps any more.
    this.#timer = setTimeout(() => this.closeChunk(), this.#spec.chunkMs).unref();
  }

  #isDue = (): boolean => Date.now() - this.#chunkBegan >= this.#spec.chunkMs;

  readonly #closeSegment = (instance: number): void => {
    const now = Date.now();
    const segment = this.#store.read(instance, [this.#chunkBegan, now]);
    this.#collector.add(this.#sequence++ >>> 0, segment.start, now, (out) => writeSegment(out, segment));
    this.#store.clear(instance);
  };

  #closeSegments(): void {
    for (let i = 0; i < this.#spec.num; i++) if (!this.#store.isEmpty(i)) this.#closeSegment(i);
    this.#store.clearAll();
  }

  /** Closes all open segments, and the chunk with them. */
  closeChunk(): void {
    clearTimeout(this.#timer);
    this.#closeSegments();
    this.#chunkBegan = 0;
    if (this.#collector.messages > 0) this.#onChunk(this.#collector.close());
  }
}

/** to[k] = from[index[k]] */
function copyRows(from: Int32Array, index: Uint32Array, to: Int32Array): void {
  for (let k = 0; k < index.length; k++) to[k] = from[index[k] as number] as number;
}
