/** The records of one chunk: messages are collected, then packed by zstd into the bytes that go into a file. */
import { promisify } from "node:util";
import { constants, crc32, zstdCompress, zstdCompressSync, type ZstdOptions } from "node:zlib";
import { ByteWriter } from "./byte-writer.ts";
import { OPCODE } from "./mcap-records.ts";

export const CHANNEL_ID = 1;
const MIN_PIECE_BYTES = 1_024;
const NANOSECONDS = 1_000_000n;
const compress = promisify(zstdCompress);

/** A chunk that takes no more messages. */
export interface ClosedChunk {
  /** A view that is valid until the next message. */
  readonly records: Uint8Array;
  /** Least and greatest log time. */
  readonly start: number;
  readonly end: number;
  readonly messages: number;
  /** Log time and offset of each message. */
  readonly index: readonly number[];
}

/** A chunk as it goes into a file, and what the file's own index says of it. */
export interface PackedChunk extends Pick<ClosedChunk, "start" | "end" | "messages"> {
  /** The chunk record, then the message index record. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** CRC-32 of `bytes`: counted where they are packed. */
  readonly crc: number;
  readonly chunkLength: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
}

/** Collects messages until `close`. */
export class ChunkCollector {
  readonly #out = new ByteWriter();
  #index: number[] = [];
  #start = Infinity;
  #end = 0;

  get bytes(): number {
    return this.#out.length;
  }

  get messages(): number {
    return this.#index.length / 2;
  }

  /** A message record. `write` writes what it holds. */
  add(sequence: number, logTime: number, wallMs: number, write: (out: ByteWriter) => void): void {
    const out = this.#out;
    this.#index.push(logTime, out.length);
    this.#start = Math.min(this.#start, logTime);
    this.#end = Math.max(this.#end, logTime);
    out.u8(OPCODE.message);
    const lengthAt = out.length;
    out.u64(0);
    out.u16(CHANNEL_ID);
    out.u32(sequence);
    out.u64(logTime);
    // Nanoseconds since 1970 are beyond 2^53.
    out.bigU64(BigInt(Math.round(wallMs)) * NANOSECONDS);
    write(out);
    out.setU64(lengthAt, out.length - lengthAt - 8);
  }

  close(): ClosedChunk {
    const { messages } = this;
    const chunk = { records: this.#out.written, start: this.#start, end: this.#end, messages, index: this.#index };
    this.#out.clear();
    this.#index = [];
    this.#start = Infinity;
    this.#end = 0;
    return chunk;
  }
}

/** Levels of zstd. Level 3 is a third smaller than level 1 and costs four times the processor. */
export const LEVEL = {
  /** For observations, texts and what else has patterns. */
  usual: 1,
  /** For numbers of steps and digests: most of it nothing can compress. 3% larger, and a third faster. */
  steps: -2,
} as const;
type Level = (typeof LEVEL)[keyof typeof LEVEL];

/** Packs off this thread: the records must stay as they are until it is done. */
export const packChunk = async (chunk: ClosedChunk, level: Level): Promise<PackedChunk> =>
  assemble(chunk, await compress(chunk.records, zstd(chunk, level)));

/** Packs on this thread. */
export const packChunkNow = (chunk: ClosedChunk, level: Level): PackedChunk =>
  assemble(chunk, zstdCompressSync(chunk.records, zstd(chunk, level)));

const zstd = ({ records }: ClosedChunk, level: Level): ZstdOptions => ({
  // The frame's own checksum guards what is in it: MCAP's, which may be left out, takes ten times as long.
  params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  // Room for whatever comes out, as zstd bounds it: then it reads the records where they are, in one pass.
  chunkSize: records.length + (records.length >> 8) + MIN_PIECE_BYTES,
});

const NO_CRC = 0;
/** Opcode and length. */
const RECORD_HEAD = 1 + 8;
/** Times, size, checksum, name of the compression, size of what is compressed. */
const CHUNK_HEAD = 8 + 8 + 8 + 4 + (4 + 4) + 8;
/** Channel, size of the entries. */
const INDEX_HEAD = 2 + 4;
const INDEX_ENTRY = 8 + 8;

function assemble(chunk: ClosedChunk, compressed: Uint8Array): PackedChunk {
  const { records, start, end, messages, index } = chunk;
  const indexLength = INDEX_HEAD + INDEX_ENTRY * messages;
  const chunkLength = RECORD_HEAD + CHUNK_HEAD + compressed.length;
  const out = new ByteWriter(chunkLength + RECORD_HEAD + indexLength);
  out.u8(OPCODE.chunk);
  out.u64(CHUNK_HEAD + compressed.length);
  out.u64(start);
  out.u64(end);
  out.u64(records.length);
  out.u32(NO_CRC);
  out.u32(4);
  out.bytes(Buffer.from("zstd"));
  out.u64(compressed.length);
  out.bytes(compressed);
  out.u8(OPCODE.messageIndex);
  out.u64(indexLength);
  out.u16(CHANNEL_ID);
  out.u32(INDEX_ENTRY * messages);
  for (const number of index) out.u64(number);
  const { written: bytes } = out;
  const crc = crc32(bytes);
  return {
    bytes,
    crc,
    chunkLength,
    start,
    end,
    messages,
    compressedSize: compressed.length,
    uncompressedSize: records.length,
  };
}
