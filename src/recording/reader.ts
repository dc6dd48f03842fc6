/** Reads episodes back: from a file and the numbered ones that follow it, or from everything a glob finds. */
import { glob } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { GymError } from "../../protocol/errors.ts";
import { Assembler } from "./assemble.ts";
import { episodeDigest, type RecordedEpisode } from "./episodes.ts";
import type { RecordingInfo } from "./format.ts";
import { DamageError } from "./mcap-records.ts";
import { PartReader, type PartReport, type ReadLimits } from "./part-reader.ts";
import { partPath } from "./recording-files.ts";

export interface ReadOptions extends ReadLimits {
  /** Most bytes held for episodes whose end has not been read yet. Default 1 GiB. */
  readonly maxOpenBytes?: number;
}

/** What could be read; complete once the episodes have been. */
export interface ReadReport {
  /** Every file was closed by its writer, none is damaged, and no step is missing. */
  readonly complete: boolean;
  readonly parts: readonly PartReport[];
  readonly episodes: number;
  readonly steps: number;
  /** Steps whose episode's beginning is not in the files. */
  readonly orphanSteps: number;
  /** Steps that the counts of the instances show to be missing. */
  readonly missingSteps: number;
}

/** One reading of the files, from the first to the last. */
interface Pass {
  readonly parts: readonly PartReader[];
  readonly assembler: Assembler;
  readonly damage: Map<PartReader, { offset: number; reason: string }>;
  offset: number;
  episodes: number;
  steps: number;
}

/** A recording: its files in order. Each iteration reads them from the beginning; `report` is of the last one begun. */
export class Recording implements AsyncIterable<RecordedEpisode> {
  readonly info: RecordingInfo;
  readonly #options: ReadOptions;
  #pass: Pass;
  #begun = false;

  /** @param parts of one recording, ascending */
  constructor(parts: readonly PartReader[], options: ReadOptions) {
    this.info = (parts[0] as PartReader).info;
    this.#options = options;
    this.#pass = this.#passOver(parts);
  }

  #passOver(parts: readonly PartReader[]): Pass {
    const assembler = new Assembler({ info: this.info, maxOpenBytes: this.#options.maxOpenBytes ?? 2 ** 30 });
    return { parts, assembler, damage: new Map(), offset: 0, episodes: 0, steps: 0 };
  }

  get report(): ReadReport {
    const { assembler, damage, episodes, steps } = this.#pass;
    const parts = this.#pass.parts.map((part) => reportOf(part, damage.get(part)));
    const { orphanSteps, missingSteps } = assembler;
    const complete = orphanSteps === 0 && missingSteps === 0 && parts.every((part) => part.complete);
    return { complete, parts, episodes, steps, orphanSteps, missingSteps };
  }

  /** Every episode in the order of their ends, then those that never ended. Damage does not throw: it ends the file, see `report`.
   *  @throws {GymError} BAD_RECORDING when a file that is read once more is gone */
  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedEpisode> {
    const pass = await this.#begin();
    const { assembler, damage } = pass;
    const counted = (episode: RecordedEpisode): RecordedEpisode => {
      pass.episodes++;
      pass.steps += episode.steps;
      return episode;
    };
    for (const part of pass.parts) {
      try {
        for await (const { segment, offset } of part.segments()) {
          // One generator deep: episodes may be a few steps short, and there are many.
          pass.offset = offset;
          for (const episode of assembler.add(segment)) yield counted(episode);
        }
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        damage.set(part, { offset: pass.offset, reason: error.message });
      }
    }
    for (const episode of assembler.end()) yield counted(episode);
  }

  /** The files as they were opened, or, where an iteration has had them, opened again. */
  async #begin(): Promise<Pass> {
    if (this.#begun) {
      // Who left an iteration early left files that were not read.
      await this.close();
      const paths = this.#pass.parts.map(({ path }) => path);
      this.#pass = this.#passOver(await openAll(paths, this.#options));
    }
    this.#begun = true;
    return this.#pass;
  }

  /** Closes the files of a recording that is not iterated. */
  async close(): Promise<void> {
    await Promise.all(this.#pass.parts.map((part) => part.close()));
  }
}

const reportOf = (part: PartReader, damage: PartReport["damage"]): PartReport =>
  damage === undefined ? part.report : { ...part.report, readable: damage.offset, complete: false, damage };

/** Opens a recording by its first file (numbered files after it are joined) or by a list of its files.
 *  @throws {GymError} BAD_RECORDING when a file is missing, foreign, cut before it says what it is, or of another recording */
export async function openRecording(paths: string | readonly string[], options: ReadOptions = {}): Promise<Recording> {
  const parts = typeof paths === "string" ? await openWithFollowers(paths, options) : await openAll(paths, options);
  const recordings = new Set(parts.map(({ info }) => info.recording));
  if (recordings.size === 1) return new Recording(inOrder(parts), options);
  await Promise.all(parts.map((part) => part.close()));
  throw new GymError("BAD_RECORDING", "files", { expected: "files of one recording", received: recordings.size });
}

async function openWithFollowers(path: string, options: ReadOptions): Promise<PartReader[]> {
  const first = await PartReader.open(path, options);
  const parts = [first];
  if (first.info.part !== 1) return parts;
  for (let number = 2; existsSync(partPath(path, number)); number++) {
    const part = await PartReader.open(partPath(path, number), options).catch(() => undefined);
    if (part?.info.recording === first.info.recording) parts.push(part);
    else await part?.close();
  }
  return parts;
}

async function openAll(paths: readonly string[], options: ReadOptions): Promise<PartReader[]> {
  const parts: PartReader[] = [];
  try {
    for (const path of paths) parts.push(await PartReader.open(path, options));
    if (parts.length > 0) return parts;
    throw new GymError("BAD_RECORDING", "files", { expected: "at least one", received: paths });
  } catch (error) {
    await Promise.all(parts.map((part) => part.close()));
    throw error;
  }
}

const inOrder = (parts: readonly PartReader[]): PartReader[] => [...parts].sort((a, b) => a.info.part - b.info.part);

export interface RecordingsOptions extends ReadOptions {
  /** Told of each recording once it has been read. Default: a process warning where it is not complete. */
  readonly onReport?: (info: RecordingInfo, report: ReadReport) => void;
}

/** The episodes of all files that the patterns find, recording by recording in the order of the file names.
 *  @throws {GymError} BAD_RECORDING when nothing is found or a file is no recording */
export async function* recordings(
  patterns: string | readonly string[],
  options: RecordingsOptions = {},
): AsyncGenerator<RecordedEpisode> {
  const { onReport = warn } = options;
  for (const paths of await group(patterns, options)) {
    const recording = await openRecording(paths, options);
    try {
      yield* recording;
    } finally {
      // Who leaves early leaves files that were not read yet.
      await recording.close();
    }
    onReport(recording.info, recording.report);
  }
}

/** The files that the patterns find, by recording. */
async function group(patterns: string | readonly string[], options: ReadOptions): Promise<string[][]> {
  const paths: string[] = [];
  for await (const path of glob(patterns)) paths.push(path);
  paths.sort();
  if (paths.length === 0)
    throw new GymError("BAD_RECORDING", "recordings", { expected: "a file that matches", received: patterns });
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const part = await PartReader.open(path, options);
    await part.close();
    const known = groups.get(part.info.recording);
    if (known) known.push(path);
    else groups.set(part.info.recording, [path]);
  }
  return [...groups.values()];
}

function warn(info: RecordingInfo, report: ReadReport): void {
  if (report.complete) return;
  const damaged = report.parts.find((part) => part.damage);
  const where = damaged?.damage
    ? `${damaged.path} is readable up to byte ${damaged.damage.offset}: ${damaged.damage.reason}`
    : `steps are missing`;
  process.emitWarning(`recording of ${info.env}: ${where}`, { code: "DOJANG_RECORDING" });
}

/** SHA-256 over the digests of all episodes, sorted by instance and number: equal for equal contents, however these were cut into chunks and files. */
export async function contentDigest(recording: AsyncIterable<RecordedEpisode>): Promise<string> {
  const rows: { instance: number; episode: number; bytes: Uint8Array }[] = [];
  for await (const episode of recording)
    rows.push({ instance: episode.instance, episode: episode.episode, bytes: rowOf(episode) });
  // The sort is stable: episodes of one number (one restored, one not) stay in the order of their steps.
  rows.sort((a, b) => a.instance - b.instance || a.episode - b.episode);
  const hash = createHash("sha256");
  for (const { bytes } of rows) hash.update(bytes);
  return hash.digest("hex");
}

/** instance u32, episode f64, digest 2 * u32; little-endian. */
function rowOf(episode: RecordedEpisode): Uint8Array {
  const view = new DataView(new ArrayBuffer(20));
  const { a, b } = episodeDigest(episode);
  view.setUint32(0, episode.instance, true);
  view.setFloat64(4, episode.episode, true);
  view.setInt32(12, a, true);
  view.setInt32(16, b, true);
  return new Uint8Array(view.buffer);
}
