/** Writes what a batch runner does into files, in order and bounded: frames go to an encoder, its chunks to the disk. */
import { GymError } from "../../protocol/errors.ts";
import type { FrameObserver, StepRecord } from "../env/observer.ts";
import type { EncoderSpec } from "./chunk-encoder.ts";
import { encodeHere, type FrameEncoder } from "./encoders.ts";
import { fitsBlocks, frameBytes } from "./frame-block.ts";
import { NamedLimits } from "./named-limits.ts";
import { defaultChunkBytes, describeRecording, type RecorderOptions } from "./recorder-options.ts";
import { RecordingFiles } from "./recording-files.ts";
import { openFileSink } from "./sink.ts";
import { ThreadEncoder } from "./thread-encoder.ts";

/** Frames of so many bytes are worth handing over: below, copying and waking cost about what they save. */
const THREAD_FRAME_BYTES = 2 ** 12;
/** Frames handed over at once: few wakings, and not yet more than caches hold. */
const BLOCK_FRAMES = 16;
const BLOCK_BYTES = [2 ** 16, 2 ** 20] as const;
const HAND_OVER_MS = 50;
/** Share of `queueBytes` that may be with the thread: frames take more room than the chunks they become. */
const THREAD_SHARE = 1 / 4;

/** @throws {GymError} BAD_RECORDING when the file exists or cannot be made. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const info = describeRecording(options);
  const { path, queueBytes = 2 ** 24, partBytes = 2 ** 30, openSink = openFileSink } = options;
  const files = await RecordingFiles.begin({ path, info, queueBytes, partBytes, openSink });
  return new Recorder(options, files);
}

export class Recorder implements FrameObserver {
  readonly #files: RecordingFiles;
  readonly #encoder: FrameEncoder;
  readonly #limits: NamedLimits;
  #closed: Promise<void> | undefined;

  constructor(options: RecorderOptions, files: RecordingFiles) {
    this.#files = files;
    this.#encoder = makeEncoder(options, files);
    this.#limits = new NamedLimits(options.maxExtrasBytes ?? 2 ** 16);
  }

  /** Files written so far, in order. */
  get paths(): readonly string[] {
    return this.#files.paths;
  }

  /** Takes a frame. The promise, where there is one, settles when there is room for the next.
   *  @throws {GymError} BAD_RECORDING when the disk or the recording thread failed, LIMIT when extra columns are too large */
  onFrame(record: StepRecord): void | Promise<void> {
    this.#files.check();
    if (this.#closed) throw new GymError("BAD_RECORDING", `${this.paths[0] ?? ""}: recording is closed`);
    this.#limits.check(record);
    const wait = this.#encoder.add(record);
    return wait === undefined ? this.#files.room() : this.#wait(wait);
  }

  async #wait(encoder: Promise<void>): Promise<void> {
    await encoder;
    this.#files.check();
    await this.#files.room();
  }

  /** Writes what is left and the index. Later calls give the same promise.
   *  @throws {GymError} BAD_RECORDING when the disk or the recording thread failed and no frame has said so yet */
  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    try {
      await this.#encoder.close();
    } finally {
      await this.#files.close();
    }
  }
}

function makeEncoder(options: RecorderOptions, files: RecordingFiles): FrameEncoder {
  const { env, num, observations = false, chunkBytes = defaultChunkBytes(num), chunkMs = 1_000 } = options;
  const { action, observation } = env.rules;
  const { secret, maskWidth } = files.info;
  const spec: EncoderSpec = { env: env.id, action, observation, num, observations, maskWidth, secret, chunkBytes, chunkMs }; // prettier-ignore
  const bytes = frameBytes(spec);
  const { thread = bytes >= THREAD_FRAME_BYTES, queueBytes = 2 ** 24 } = options;
  if (!thread || !fitsBlocks(spec)) return encodeHere(spec, files);
  const [least, most] = BLOCK_BYTES;
  const blockBytes = Math.min(most, Math.max(least, BLOCK_FRAMES * bytes));
  const handOverMs = Math.min(HAND_OVER_MS, chunkMs);
  return new ThreadEncoder(spec, files, { blockBytes, queueBytes: queueBytes * THREAD_SHARE, handOverMs });
}
