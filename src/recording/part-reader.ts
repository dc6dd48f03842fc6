/** One file of a recording: what it says about itself, then its segments, as far as they can be read. */
import { crc32 } from "node:zlib";
import { GymError } from "../../protocol/errors.ts";
import { PROFILE, type RecordingInfo, type Segment } from "./format.ts";
import {
  DamageError,
  Fields,
  McapFile,
  messagesOf,
  openChunk,
  OPCODE,
  type Damage,
  type McapRecord,
} from "./mcap-records.ts";
import { infoFromMetadata, METADATA_NAME } from "./metadata.ts";
import { decodeSegment } from "./segment-codec.ts";

/** Bounds on what one file may make a reader allocate. */
export interface ReadLimits {
  /** Most bytes of a chunk, packed or not. Default 256 MiB. */
  readonly maxChunkBytes?: number;
}

const MAX_HEAD_BYTES = 2 ** 24;

/** How far a file could be read. */
export interface PartReport {
  readonly path: string;
  readonly bytes: number;
  /** Bytes from the beginning that make sense. */
  readonly readable: number;
  /** The writer closed the file and nothing in it is damaged. */
  readonly complete: boolean;
  readonly damage?: Damage;
}

/** A segment and the chunk it stood in. */
export interface LocatedSegment {
  readonly segment: Segment;
  readonly offset: number;
}

export class PartReader {
  readonly info: RecordingInfo;
  readonly #file: McapFile;
  readonly #dataStart: number;
  readonly #headCrc: number;
  readonly #maxChunkBytes: number;
  #report: PartReport | undefined;

  private constructor(file: McapFile, info: RecordingInfo, head: { end: number; crc: number }, maxChunkBytes: number) {
    this.#file = file;
    this.info = info;
    this.#dataStart = head.end;
    this.#headCrc = head.crc;
    this.#maxChunkBytes = maxChunkBytes;
  }

  /** @throws {GymError} BAD_RECORDING when the file is missing, foreign, or cut before it says what it is. */
  static async open(path: string, { maxChunkBytes = 2 ** 28 }: ReadLimits = {}): Promise<PartReader> {
    const file = await McapFile.open(path);
    try {
      const { info, ...head } = await readHead(file);
      return new PartReader(file, info, head, maxChunkBytes);
    } catch (error) {
      await file.close();
      if (error instanceof GymError) throw new GymError("BAD_RECORDING", `${path}: ${error.message}`, {}, error);
      throw new GymError("BAD_RECORDING", `${path}: ${(error as Error).message}`, {}, error);
    }
  }

  get path(): string {
    return this.#file.path;
  }

  /** Known once `segments` has ended. */
  get report(): PartReport {
    return this.#report ?? { path: this.path, bytes: this.#file.size, readable: this.#dataStart, complete: false };
  }

  /** The segments in the order they were written; stops at the first damage, see `report`. Once only: it closes the file. */
  async *segments(): AsyncGenerator<LocatedSegment> {
    let at = this.#dataStart;
    try {
      let crc = this.#headCrc;
      for (;;) {
        const record = await this.#file.record(at, this.#maxChunkBytes);
        if (record === undefined)
          throw new DamageError("the file has no end: its writer was killed or is still at work");
        if (record.opcode === OPCODE.dataEnd) {
          checkEnd(record, crc);
          break;
        }
        if (record.opcode === OPCODE.chunk) yield* this.#chunk(record);
        crc = crc32(record.body, crc32(headOf(record), crc));
        at = record.end;
      }
      this.#end(at);
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      this.#end(at, { offset: at, reason: error.message });
    } finally {
      await this.#file.close();
    }
  }

  *#chunk({ body, offset }: McapRecord): Generator<LocatedSegment> {
    // Everything is decoded before anything is handed out: a chunk counts as a whole or not at all.
    const segments = decodeChunk(body, this.#maxChunkBytes, this.info);
    for (const segment of segments) yield { segment, offset };
  }

  #end(readable: number, damage?: Damage): void {
    const { path, size: bytes } = this.#file;
    this.#report = { path, bytes, readable, complete: damage === undefined, ...(damage && { damage }) };
  }

  /** Closes a file whose segments are not wanted. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/** @throws {DamageError} */
export function decodeChunk(body: Uint8Array, maxBytes: number, info: RecordingInfo): Segment[] {
  return [...messagesOf(openChunk(body, maxBytes))].map((message) => {
    const segment = decode(message);
    if (segment.instance < info.num) return segment;
    throw new DamageError(`a segment of instance ${segment.instance}, of ${info.num} instances`);
  });
}

function decode(message: Uint8Array): Segment {
  try {
    return decodeSegment(message);
  } catch (error) {
    throw new DamageError((error as Error).message);
  }
}

export async function readHead(file: McapFile): Promise<{ info: RecordingInfo; end: number; crc: number }> {
  let crc = crc32(await file.read(0, 8));
  for (let at = 8; ;) {
    const record = await file.record(at, MAX_HEAD_BYTES);
    if (record === undefined) throw new DamageError("the file ends before it says what it holds");
    crc = crc32(record.body, crc32(headOf(record), crc));
    at = record.end;
    const fields = new Fields(record.body);
    if (record.opcode === OPCODE.header) checkProfile(fields.text());
    else if (record.opcode === OPCODE.metadata && fields.text() === METADATA_NAME) {
      return { info: infoFromMetadata(fields.textMap()), end: at, crc };
    } else if (record.opcode === OPCODE.chunk || record.opcode === OPCODE.dataEnd) {
      throw new DamageError("the file does not say what it holds");
    }
  }
}

function checkProfile(profile: string): void {
  if (profile === PROFILE) return;
  throw new GymError("BAD_RECORDING", "MCAP profile", {
    expected: PROFILE,
    received: profile,
    hint: "This is a recording of another program.",
  });
}

function headOf({ opcode, body }: McapRecord): Uint8Array {
  const head = new DataView(new ArrayBuffer(9));
  head.setUint8(0, opcode);
  head.setBigUint64(1, BigInt(body.length), true);
  return new Uint8Array(head.buffer);
}

function checkEnd(record: McapRecord, crc: number): void {
  const expected = new Fields(record.body).u32();
  if (expected !== 0 && expected !== crc)
    throw new DamageError("the checksum of the file does not fit: something before this point was changed");
}
