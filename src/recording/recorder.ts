/** Writes what a batch runner does into files: turns frames into segments, segments into chunks, chunks into bytes on disk, in order and bounded. */
import { GymError } from "../../protocol/errors.ts";
import { STATUS, type Frame, type JsonValue, type RowError } from "../../protocol/frames.ts";
import { toColumns } from "../../protocol/columns.ts";
import { takeRows } from "../../protocol/batch.ts";
import type { FrameObserver, StepRecord } from "../env/observer.ts";
import { BatchHasher } from "./digest.ts";
import { defaultChunkBytes, describeRecording, type RecorderOptions } from "./recorder-options.ts";
import { RecordingFiles } from "./recording-files.ts";
import { openFileSink } from "./sink.ts";
import { encodeSegment } from "./segment-codec.ts";
import { SegmentStore } from "./segment-store.ts";

const NOTHING = {};

/** Faults after which the episode goes on as if nothing had been sent. */
const REFUSALS: ReadonlySet<string> = new Set(["RESET_NEEDED", "BAD_ACTION", "ROW_BUSY", "BUSY"]);

/** @throws {GymError} BAD_RECORDING when the file exists or cannot be made. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const info = describeRecording(options);
  const {
    path,
    num,
    chunkBytes = defaultChunkBytes(num),
    queueBytes = 2 ** 24,
    partBytes = 2 ** 30,
    openSink = openFileSink,
  } = options;
  const files = await RecordingFiles.begin({ path, info, chunkBytes, queueBytes, partBytes, openSink });
  return new Recorder(options, files);
}

export class Recorder implements FrameObserver {
  readonly #options: RecorderOptions;
  readonly #files: RecordingFiles;
  readonly #store: SegmentStore;
  readonly #hasher: BatchHasher;
  readonly #digests: Int32Array;
  readonly #finalDigests: Int32Array;
  /** Slots of the rows that are steps, and those rows; `slotOf` is -1 for other rows. */
  readonly #slots: Int32Array;
  readonly #rows: Int32Array;
  readonly #slotOf: Int32Array;
  readonly #chunkBytes: number;
  readonly #chunkMs: number;
  #chunkBegan = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: RecorderOptions, files: RecordingFiles) {
    const { env, num, observations = false, chunkBytes = defaultChunkBytes(num), chunkMs = 1000 } = options;
    const { action, observation } = env.rules;
    this.#options = options;
    this.#files = files;
    this.#store = new SegmentStore({
      action,
      observation,
      num,
      observations,
      chunkBytes,
      maskWidth: files.info.maskWidth,
    });
    this.#hasher = new BatchHasher(observation);
    this.#digests = new Int32Array(2 * num);
    this.#finalDigests = new Int32Array(2 * num);
    this.#slots = new Int32Array(num);
    this.#rows = new Int32Array(num);
    this.#slotOf = new Int32Array(num);
    this.#chunkBytes = chunkBytes;
    this.#chunkMs = chunkMs;
  }

  /** Files written so far, in order. */
  get paths(): readonly string[] {
    return this.#files.paths;
  }

  /** Takes a frame. The promise, where there is one, settles when there is room for the next.
   *  @throws {GymError} BAD_RECORDING when the disk failed, LIMIT when extra columns are too large */
  onFrame(record: StepRecord): void | Promise<void> {
    this.#files.check();
    if (this.#closed) throw new GymError("BAD_RECORDING", `${this.paths[0] ?? ""}: recording is closed`);
    this.#startChunk();
    const { frame } = record;
    const rows = frame.status.length;
    this.#fitNamed(record, rows);
    this.#hasher.digest(frame.observations, rows, this.#digests);
    if (record.actions !== undefined) this.#steps(record, record.actions);
    else this.#slotOf.fill(-1, 0, rows);
    for (const error of frame.errors ?? []) this.#fault(record, error);
    this.#beginnings(record);
    if (this.#store.bytes + this.#files.openBytes >= this.#chunkBytes || this.#isDue()) this.#closeChunk();
    return this.#files.room();
  }

  #steps({ frame, extras }: StepRecord, actions: unknown): void {
    const count = this.#place(frame);
    const placement = { rows: this.#rows, slots: this.#slots, count };
    this.#store.put(frame, actions, this.#digests, placement);
    if (this.#store.parts.size > 0) this.#store.parts.put(frame.parts ?? NOTHING, placement);
    if (extras !== undefined && this.#store.extras.size > 0) this.#store.extras.put(extras, placement);
    if (frame.final) this.#finals(frame.final);
  }

  /** Finds a slot for each row that is a transition; returns how many there are. */
  #place({ status, index, terminated, truncated }: Frame): number {
    const store = this.#store;
    let count = 0;
    for (let row = 0; row < status.length; row++) {
      this.#slotOf[row] = -1;
      if (status[row] !== STATUS.transition) continue;
      const instance = index === undefined ? row : (index[row] as number);
      if (!store.isRunning(instance)) throw this.#confused(instance, "a step");
      if (store.isFull(instance)) this.#closeSegment(instance);
      const slot = store.nextSlot(instance);
      if (terminated[row] === 1 || truncated[row] === 1) store.end(instance);
      this.#slots[count] = slot;
      this.#rows[count++] = row;
      this.#slotOf[row] = slot;
    }
    return count;
  }

  #confused(instance: number, what: string): GymError {
    return new GymError(
      "INTERNAL",
      `recording: ${this.#options.env.id}: instance ${instance}: ${what} outside an episode`,
    );
  }

  /** Same-step autoreset: what followed a last step is in `final`, not among the frame's observations. */
  #finals(final: NonNullable<Frame["final"]>): void {
    this.#hasher.digest(final.observations, final.index.length, this.#finalDigests);
    let count = 0;
    for (const [i, row] of final.index.entries()) {
      const slot = this.#slotOf[row] as number;
      if (slot < 0) continue;
      this.#rows[count] = i;
      this.#slots[count++] = slot;
    }
    this.#store.putObservations(final, this.#finalDigests, {
      rows: this.#rows,
      slots: this.#slots,
      count,
    });
  }

  #fault({ frame, actions }: StepRecord, error: RowError): void {
    const { index: row, code, capsule } = error;
    if (frame.status[row] !== STATUS.fault || (capsule === undefined && REFUSALS.has(code))) return;
    const instance = frame.index === undefined ? row : (frame.index[row] as number);
    const { env } = this.#options;
    const message = env.secret ? {} : { message: error.message };
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
    const { action } = this.#options.env.rules;
    return toColumns(action, takeRows(action, actions as never, [row]), 1).map((column) => column.slice());
  }

  #beginnings({ frame, options, restored }: StepRecord): void {
    const { seeds } = frame;
    if (restored) {
      for (const [row, instance] of restored.index.entries()) {
        if (frame.status[row] !== STATUS.reset) continue;
        const [episode, seed, step] = [restored.episode[row], restored.seed[row], restored.firstStep[row]] as [number, number, number]; // prettier-ignore
        this.#begin(frame, row, instance, { episode, seed, step, restored: true });
      }
    }
    if (!seeds) return;
    for (const [k, row] of seeds.index.entries()) {
      const instance = frame.index === undefined ? row : (frame.index[row] as number);
      const given = options?.[k];
      const [episode, seed] = [seeds.episode[k], seeds.seed[k]] as [number, number];
      this.#begin(frame, row, instance, { episode, seed, step: 0, ...(given !== undefined && { options: given }) });
    }
  }

  #begin(
    frame: Frame,
    row: number,
    instance: number,
    start: { episode: number; seed: number; step: number; options?: JsonValue; restored?: true },
  ): void {
    // prettier-ignore
    if (this.#store.isCrowded(instance)) this.#closeSegment(instance);
    this.#store.begin(instance, {
      ...start,
      digest: [this.#digests[2 * row] as number, this.#digests[2 * row + 1] as number],
      ...(this.#options.observations && this.#seen(frame, row)),
    });
  }

  /** Copies of a row's observation and mask. */
  #seen({ observations, mask }: Frame, row: number): { observation: unknown; mask?: Uint8Array } {
    const { observation: space } = this.#options.env.rules;
    const observation: unknown = structuredClone(takeRows(space, observations, [row]));
    const { maskWidth: width } = this.#files.info;
    return { observation, ...(mask && { mask: mask.slice(row * width, (row + 1) * width) }) };
  }

  /** Columns that come and go by name: a change of names begins new segments. */
  #fitNamed({ frame, extras = NOTHING, actions }: StepRecord, rows: number): void {
    const { parts, extras: sent } = this.#store;
    if (actions === undefined) return;
    const news = Object.keys(frame.parts ?? NOTHING).filter((name) => !parts.has(name));
    const changed = !sent.fit(extras, rows);
    if (news.length === 0 && !changed) return;
    this.#closeSegments();
    if (news.length > 0) parts.add(news);
    if (changed) sent.replace(extras, rows, this.#options.maxExtrasBytes ?? 2 ** 16);
  }

  #startChunk(): void {
    if (this.#chunkBegan > 0) return;
    this.#chunkBegan = Date.now();
    // Frames check the time too; the timer serves an env that nobody steps any more.
    this.#timer = setTimeout(() => {
      this.#closeChunk();
    }, this.#chunkMs).unref();
  }

  #isDue = (): boolean => Date.now() - this.#chunkBegan >= this.#chunkMs;

  #closeSegment(instance: number): void {
    const now = Date.now();
    const segment = this.#store.read(instance, [this.#chunkBegan, now]);
    this.#files.add(segment.start, now, encodeSegment(segment));
    this.#store.clear(instance);
  }

  #closeSegments(): void {
    for (let i = 0; i < this.#options.num; i++) if (!this.#store.isEmpty(i)) this.#closeSegment(i);
    this.#store.bytes = 0;
  }

  #closeChunk(): void {
    clearTimeout(this.#timer);
    this.#closeSegments();
    this.#files.closeChunk();
    this.#chunkBegan = 0;
  }

  /** Writes what is left and the index. Later calls give the same promise.
   *  @throws {GymError} BAD_RECORDING when the disk failed and no frame has said so yet */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#closeChunk();
    await this.#files.close();
  }
}
