/** Makes a readable, indexed file out of one whose writer was killed or whose bytes were damaged: keeps every chunk that still makes sense. */
import { rename, rm } from "node:fs/promises";
import { GymError } from "../../protocol/errors.ts";
import type { RecordingInfo, Segment } from "./format.ts";
import {
  Fields,
  DamageError,
  McapFile,
  messagesOf,
  openChunk,
  OPCODE,
  RECORD_HEAD,
  type Damage,
} from "./mcap-records.ts";
import { ChunkCollector, LEVEL, packChunk } from "./chunk-records.ts";
import { PartWriter } from "./part-writer.ts";
import { decodeChunk, readHead } from "./part-reader.ts";
import { openRecording } from "./reader.ts";
import { writerOf } from "./file-writer.ts";
import { openFileSink } from "./sink.ts";

export interface RecoverOptions {
  /** Where the readable file goes. Default: in place of the damaged one. */
  readonly output?: string;
  /** Default 256 MiB. */
  readonly maxChunkBytes?: number;
}

export interface RecoverReport {
  readonly output: string;
  readonly chunks: number;
  readonly episodes: number;
  readonly steps: number;
  /** Bytes that could not be used, and where each stretch of them begins. */
  readonly bytesLost: number;
  readonly damage: readonly Damage[];
  /** Steps that the counts of the instances show to be lost between chunks. */
  readonly missingSteps: number;
}

/** Bytes looked at together when the next chunk has to be searched for. */
const SEARCH_BYTES = 2 ** 20;
/** Where the name of the compression stands in a chunk record: head, two times, size, checksum. */
const COMPRESSION_AT = RECORD_HEAD + 8 + 8 + 8 + 4;
const ZSTD = Buffer.from([4, 0, 0, 0, ...Buffer.from("zstd")]);

/** What is written into a file that lost its name is lost. */
function refuseWhileWritten(path: string): void {
  const pid = writerOf(path);
  if (pid === undefined) return;
  throw new GymError("BAD_RECORDING", path, {
    expected: "a recording that no process writes to",
    received: `process ${pid}`,
    hint: "Its writer makes it whole when it ends in peace; until then recover into another file (--out).",
  });
}

/** Reads `path` as far and as often as it makes sense. The new file takes its name only when it is whole.
 *  @throws {GymError} BAD_RECORDING when the file is foreign, cut before it says what it holds, or, where it is to be replaced, still being written */
export async function recoverRecording(path: string, options: RecoverOptions = {}): Promise<RecoverReport> {
  const { output = path, maxChunkBytes = 2 ** 28 } = options;
  const scratch = `${output}.recovering`;
  if (output === path) refuseWhileWritten(path);
  const file = await McapFile.open(path);
  try {
    const { info, end } = await readHead(file).catch((error: unknown) => {
      throw new GymError("BAD_RECORDING", `${path}: ${(error as Error).message}`, {}, error);
    });
    await rm(scratch, { force: true });
    const writer = await PartWriter.begin(await openFileSink(scratch), info);
    const salvage = new Salvage(file, info, writer, maxChunkBytes);
    await salvage.run(end);
    await writer.finish();
    const { chunks, bytesLost, damage } = salvage;
    const read = await readBack(scratch);
    await rename(scratch, output);
    return { output, chunks, bytesLost, damage, ...read };
  } catch (error) {
    await rm(scratch, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Reads what was written, before it replaces anything. */
async function readBack(path: string): Promise<Pick<RecoverReport, "episodes" | "steps" | "missingSteps">> {
  const recording = await openRecording([path]);
  let [episodes, steps] = [0, 0];
  for await (const episode of recording) {
    episodes++;
    steps += episode.steps;
  }
  return { episodes, steps, missingSteps: recording.report.missingSteps };
}

/** Walks a damaged file and copies its chunks. */
class Salvage {
  readonly #file: McapFile;
  readonly #info: RecordingInfo;
  readonly #writer: PartWriter;
  readonly #maxBytes: number;
  readonly #next = new Map<number, number>();
  #sequence = 0;
  chunks = 0;
  bytesLost = 0;
  readonly damage: Damage[] = [];

  constructor(file: McapFile, info: RecordingInfo, writer: PartWriter, maxBytes: number) {
    this.#file = file;
    this.#info = info;
    this.#writer = writer;
    this.#maxBytes = maxBytes;
  }

  /** From `start`, where the records after the head begin, to the end of the data. */
  async run(start: number): Promise<void> {
    let at = start;
    while (at < this.#file.size) {
      const end = await this.#record(at);
      if (end === "done") return;
      if (typeof end === "number") {
        at = end;
        continue;
      }
      const next = (await this.#isRecord(end.next)) ?? (await this.#search(at + 1));
      this.damage.push({ offset: at, reason: end.reason });
      this.bytesLost += next - at;
      at = next;
    }
  }

  /** Copies the record at `at` where it is a chunk; where the next one begins, or why this one is none. */
  async #record(at: number): Promise<number | "done" | { reason: string; next?: number }> {
    let next: number | undefined;
    try {
      const record = await this.#file.record(at, this.#maxBytes);
      if (record === undefined || record.opcode === OPCODE.dataEnd) return "done";
      next = record.end;
      if (record.opcode === OPCODE.chunk) await this.#copy(record.body);
      else if (!PLAUSIBLE.has(record.opcode)) return { reason: `a record of unknown kind ${record.opcode}` };
      return record.end;
    } catch (error) {
      if (error instanceof DamageError) return { reason: error.message, ...(next !== undefined && { next }) };
      throw error;
    }
  }

  /** `at`, if what stands there looks like a record. */
  async #isRecord(at: number | undefined): Promise<number | undefined> {
    if (at === undefined) return undefined;
    const head = await this.#file.read(at, RECORD_HEAD);
    if (head.length < RECORD_HEAD || !(PLAUSIBLE.has(head[0] as number) || head[0] === OPCODE.dataEnd))
      return undefined;
    return at + RECORD_HEAD + new Fields(head.subarray(1)).u64() <= this.#file.size ? at : undefined;
  }

  /** Writes the chunk's messages anew. @throws {DamageError} */
  async #copy(body: Uint8Array): Promise<void> {
    const segments = decodeChunk(body, this.#maxBytes, this.#info);
    this.#checkOrder(segments);
    const collector = new ChunkCollector();
    let k = 0;
    for (const message of messagesOf(openChunk(body, this.#maxBytes))) {
      const { start, wall } = segments[k++] as Segment;
      collector.add(this.#sequence++ >>> 0, start, wall[1], (out) => out.bytes(message));
    }
    if (collector.messages > 0) await this.#writer.append(await packChunk(collector.close(), LEVEL.usual));
    this.chunks++;
  }

  /** Steps must not come twice: a chunk found by searching may be an old one. */
  #checkOrder(segments: readonly Segment[]): void {
    const next = new Map(this.#next);
    for (const { instance, start, steps } of segments) {
      if (start < (next.get(instance) ?? 0)) throw new DamageError("a chunk with steps that came before");
      next.set(instance, start + steps);
    }
    for (const [instance, step] of next) this.#next.set(instance, step);
  }

  /** Where the next chunk may begin: the name of its compression is looked for. The end of the file where there is none. */
  async #search(from: number): Promise<number> {
    for (let at = from; at < this.#file.size; at += SEARCH_BYTES) {
      const bytes = Buffer.from(await this.#file.read(at, SEARCH_BYTES + COMPRESSION_AT + ZSTD.length));
      for (let found = bytes.indexOf(ZSTD); found >= 0; found = bytes.indexOf(ZSTD, found + 1)) {
        const start = found - COMPRESSION_AT;
        if (start >= 0 && bytes[start] === OPCODE.chunk && new Fields(bytes.subarray(start + 1, start + 9)).u64() < this.#file.size) return at + start; // prettier-ignore
      }
    }
    return this.#file.size;
  }
}

/** Kinds of records that may stand between the head and the end of the data: schema, channel, chunk, message index, metadata. */
const PLAUSIBLE: ReadonlySet<number> = new Set([0x03, 0x04, 0x06, 0x07, 0x0c]);
