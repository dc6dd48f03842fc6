/** MCAP records out of a file nobody vouches for: framing, bounds, checksums. Reads as far as the bytes make sense and says where they stop. */
import { open, type FileHandle } from "node:fs/promises";
import { crc32, zstdDecompressSync } from "node:zlib";
import { MCAP_MAGIC as MAGIC } from "@mcap/core";
import { GymError } from "../../protocol/errors.ts";

const MCAP_MAGIC = Uint8Array.from(MAGIC);

export const OPCODE = {
  header: 0x01,
  footer: 0x02,
  message: 0x05,
  chunk: 0x06,
  messageIndex: 0x07,
  metadata: 0x0c,
  dataEnd: 0x0f,
} as const;
/** Opcode and length. */
export const RECORD_HEAD = 9;

const READ_AHEAD = 2 ** 18;

export interface McapRecord {
  readonly opcode: number;
  /** Where it begins in the file, and where the next one does. */
  readonly offset: number;
  readonly end: number;
  readonly body: Uint8Array;
}

/** Where and why the bytes stop making sense. */
export interface Damage {
  readonly offset: number;
  readonly reason: string;
}

export class DamageError extends Error {}

/** Reads little-endian fields, never beyond the end. @throws {DamageError} */
export class Fields {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new DamageError(`a field of ${length} bytes where ${this.left} are left`);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  u16(): number {
    this.take(2);
    return this.#view.getUint16(this.at - 2, true);
  }

  u32(): number {
    this.take(4);
    return this.#view.getUint32(this.at - 4, true);
  }

  /** Lengths beyond 2^53 come out rounded, and are then refused as too long. */
  u64(): number {
    this.take(8);
    return Number(this.#view.getBigUint64(this.at - 8, true));
  }

  text(): string {
    return Buffer.from(this.take(this.u32())).toString("utf8");
  }

  textMap(): Map<string, string> {
    const fields = new Fields(this.take(this.u32()));
    const map = new Map<string, string>();
    while (fields.left > 0) map.set(fields.text(), fields.text());
    return map;
  }
}

/** An open file and how many bytes it had when it was opened: one that is still written to is read up to there. */
export class McapFile {
  readonly path: string;
  readonly size: number;
  readonly #file: FileHandle;
  #ahead = new Uint8Array(0);
  #aheadAt = 0;

  private constructor(path: string, size: number, file: FileHandle) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** @throws {GymError} BAD_RECORDING when there is no such file or it is not MCAP. */
  static async open(path: string): Promise<McapFile> {
    const handle = await open(path).catch((error: unknown) => {
      throw new GymError("BAD_RECORDING", `${path}: ${(error as Error).message}`, {}, error);
    });
    try {
      const { size } = await handle.stat();
      const file = new McapFile(path, size, handle);
      const magic = await file.read(0, MCAP_MAGIC.length);
      if (Buffer.compare(magic, MCAP_MAGIC) === 0) return file;
      throw new GymError("BAD_RECORDING", path, {
        expected: "an MCAP file",
        received: Buffer.from(magic).toString("latin1"),
        hint: "Give a recording that --record or a recorder wrote.",
      });
    } catch (error) {
      await handle.close();
      throw error instanceof GymError
        ? error
        : new GymError("BAD_RECORDING", `${path}: ${(error as Error).message}`, {}, error);
    }
  }

  /** Up to `length` bytes from `offset`: fewer at the end of the file. A view that nobody changes. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const from = offset - this.#aheadAt;
    if (from < 0 || from + wanted > this.#ahead.length) return this.#refill(offset, wanted);
    return this.#ahead.subarray(from, from + wanted);
  }

  /** Reads a stretch at once: most records are small. */
  async #refill(offset: number, wanted: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.min(Math.max(wanted, READ_AHEAD), this.size - offset));
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, at, bytes.length - at, offset + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    this.#ahead = bytes.subarray(0, at);
    this.#aheadAt = offset;
    return this.#ahead.subarray(0, wanted);
  }

  /** The record at `offset`; undefined at the very end. @throws {DamageError} when it is cut short or longer than `maxBytes`. */
  async record(offset: number, maxBytes: number): Promise<McapRecord | undefined> {
    const head = await this.read(offset, RECORD_HEAD);
    if (head.length === 0) return undefined;
    if (head.length < RECORD_HEAD) throw new DamageError("the file ends within the head of a record");
    const fields = new Fields(head);
    const opcode = fields.u8();
    const length = fields.u64();
    const end = offset + RECORD_HEAD + length;
    if (end > this.size) throw new DamageError(`a record of ${length} bytes, and the file ends before it does`);
    if (length > maxBytes) throw new DamageError(`a record of ${length} bytes, more than the limit of ${maxBytes}`);
    const body = await this.read(offset + RECORD_HEAD, length);
    if (body.length < length) throw new DamageError("the file has shrunk while it was read");
    return { opcode, offset, end, body };
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** The records of a chunk, unpacked and checked. @throws {DamageError} */
export function openChunk(body: Uint8Array, maxBytes: number): Uint8Array {
  const fields = new Fields(body);
  fields.take(16);
  const size = fields.u64();
  const crc = fields.u32();
  const compression = fields.text();
  const packed = fields.take(fields.u64());
  if (size > maxBytes) throw new DamageError(`a chunk of ${size} bytes, more than the limit of ${maxBytes}`);
  const records = unpack(compression, packed, size);
  // Where there is none, zstd has checked its own.
  if (records.length !== size || (crc !== 0 && crc32(records) !== crc))
    throw new DamageError("a chunk whose checksum does not fit");
  return records;
}

function unpack(compression: string, packed: Uint8Array, size: number): Uint8Array {
  if (compression === "") return packed;
  if (compression !== "zstd")
    throw new DamageError(`a chunk compressed by ${JSON.stringify(compression.slice(0, 20))}, not zstd`);
  try {
    return zstdDecompressSync(packed, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    throw new DamageError(`a chunk that cannot be unpacked (${(error as Error).message})`);
  }
}

/** The messages of an unpacked chunk. @throws {DamageError} */
export function* messagesOf(records: Uint8Array): Generator<Uint8Array> {
  const fields = new Fields(records);
  while (fields.left > 0) {
    const opcode = fields.u8();
    const body = fields.take(fields.u64());
    if (opcode !== OPCODE.message) continue;
    const message = new Fields(body);
    message.take(2 + 4 + 8 + 8);
    yield message.take(message.left);
  }
}
