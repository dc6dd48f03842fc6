/** The files of a recording: chunks queue up for the disk, are written in order, and spill into the next file at a given size. */
import { GymError, asGymError } from "../../protocol/errors.ts";
import type { RecordingInfo } from "./format.ts";
import type { PackedChunk } from "./chunk-records.ts";
import { PartWriter } from "./part-writer.ts";
import type { OpenSink } from "./sink.ts";
import { WriteQueue } from "./write-queue.ts";

export interface FilesOptions {
  readonly path: string;
  readonly info: RecordingInfo;
  readonly queueBytes: number;
  readonly partBytes: number;
  readonly openSink: OpenSink;
}

/** The name of part n of a recording: x.mcap, x.2.mcap, x.3.mcap ... */
export const partPath = (path: string, part: number): string =>
  part === 1 ? path : `${path.replace(/\.mcap$/, "")}.${part}.mcap`;

export class RecordingFiles {
  readonly #options: FilesOptions;
  readonly #queue: WriteQueue;
  readonly paths: string[];
  #part: PartWriter;
  #reported = false;

  private constructor(options: FilesOptions, part: PartWriter) {
    this.#options = options;
    this.#queue = new WriteQueue(options.queueBytes);
    this.#part = part;
    this.paths = [options.path];
  }

  /** @throws {GymError} BAD_RECORDING when the first file exists or cannot be made. */
  static async begin(options: FilesOptions): Promise<RecordingFiles> {
    return new RecordingFiles(options, await beginPart(options, 1));
  }

  get info(): RecordingInfo {
    return this.#options.info;
  }

  /** Queues a chunk of `bytes` for the disk; `pack` gives it when its turn has come. */
  push(bytes: number, pack: () => PackedChunk | Promise<PackedChunk>): void {
    this.#queue.push({
      bytes,
      run: async () => {
        await this.#part.append(await pack());
        if (this.#part.bytes >= this.#options.partBytes) await this.#nextPart();
      },
    });
  }

  /** Gives up: nothing more is written, and whoever asks is told why. */
  fail(error: unknown): void {
    this.#queue.fail(error);
  }

  async #nextPart(): Promise<void> {
    await this.#part.finish();
    const number = this.paths.length + 1;
    this.#part = await beginPart(this.#options, number);
    this.paths.push(partPath(this.#options.path, number));
  }

  /** @throws {GymError} BAD_RECORDING when writing has failed. */
  check(): void {
    if (this.#queue.error !== undefined) throw this.#report();
  }

  /** Settles when the disk has caught up; undefined while it is not behind. */
  room(): Promise<void> | undefined {
    return this.#queue.room()?.catch(() => {
      throw this.#report();
    });
  }

  #report(): GymError {
    this.#reported = true;
    const path = this.paths.at(-1) ?? this.#options.path;
    const error = asGymError(this.#queue.error, "BAD_RECORDING", `${path}: cannot write`);
    return new GymError(
      "BAD_RECORDING",
      error.message,
      { hint: "What was written before can be read and recovered." },
      error.cause,
    );
  }

  /** Writes what is queued, then the summary. @throws {GymError} BAD_RECORDING unless the failure was reported before. */
  async close(): Promise<void> {
    this.#queue.push({ bytes: 0, run: () => this.#part.finish() });
    await this.#queue.idle();
    if (this.#queue.error === undefined) return;
    await this.#part.abandon().catch(() => undefined);
    if (!this.#reported) throw this.#report();
  }
}

async function beginPart({ path, info, openSink }: FilesOptions, part: number): Promise<PartWriter> {
  const file = partPath(path, part);
  try {
    return await PartWriter.begin(await openSink(file), { ...info, part });
  } catch (error) {
    const exists = (error as { code?: unknown } | null)?.code === "EEXIST";
    if (exists) throw new GymError("BAD_RECORDING", `${file}: there is a file of this name`, { hint: "Recordings are never overwritten: name another." }); // prettier-ignore
    throw asGymError(error, "BAD_RECORDING", `${file}: cannot begin a recording`);
  }
}
