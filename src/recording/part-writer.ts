/** One MCAP file: head, zstd chunks with their index records, and at the end the summary that makes it seekable. */
import { promisify } from "node:util";
import { constants, crc32, zstdCompress } from "node:zlib";
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from "@mcap/core";
import { PROFILE, SCHEMA_NAME, TOPIC, type RecordingInfo } from "./format.ts";
import { infoToMetadata, METADATA_NAME } from "./metadata.ts";
import type { Sink } from "./sink.ts";

const CHANNEL_ID = 1;
const SCHEMA_ID = 1;
/** Level 1 of 22: a third of the size costs four times the processor. */
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const MIN_PIECE_BYTES = 1_024;
const compress = promisify(zstdCompress);

/** A chunk that takes no more messages. */
export interface ClosedChunk {
  readonly records: Uint8Array;
  readonly start: bigint;
  readonly end: bigint;
  readonly messages: number;
  /** Log time and offset of each message. */
  readonly index: readonly [bigint, bigint][];
}

/** Collects messages until `close`. */
export class ChunkCollector {
  readonly #builder = new McapChunkBuilder({ useMessageIndex: true });

  get bytes(): number {
    return this.#builder.byteLength;
  }

  get messages(): number {
    return this.#builder.numMessages;
  }

  /** Copies `data`. */
  add(sequence: number, logTime: number, wallMs: number, data: Uint8Array): void {
    const publishTime = BigInt(Math.round(wallMs)) * 1_000_000n;
    this.#builder.addMessage({ channelId: CHANNEL_ID, sequence, logTime: BigInt(logTime), publishTime, data });
  }

  close(): ClosedChunk {
    const { messageStartTime: start, messageEndTime: end, numMessages: messages } = this.#builder;
    const index = [...this.#builder.indices].flatMap(({ records }) => records);
    const chunk = { records: this.#builder.buffer, start, end, messages, index };
    this.#builder.reset();
    return chunk;
  }
}

export class PartWriter {
  readonly #sink: Sink;
  readonly #records = new McapRecordBuilder();
  readonly #chunks: McapTypes.ChunkIndex[] = [];
  readonly #metadata: McapTypes.MetadataIndex;
  #offset = 0;
  #crc = 0;
  #messages = 0;
  #start = 0n;
  #end = 0n;

  private constructor(sink: Sink, metadata: McapTypes.MetadataIndex) {
    this.#sink = sink;
    this.#metadata = metadata;
  }

  /** Writes the head at once, so that even a file killed young says what it is. */
  static async begin(sink: Sink, info: RecordingInfo): Promise<PartWriter> {
    const records = new McapRecordBuilder();
    records.writeMagic();
    records.writeHeader({ profile: PROFILE, library: `dojang ${info.dojang}` });
    const offset = BigInt(records.length);
    const length = records.writeMetadata({ name: METADATA_NAME, metadata: infoToMetadata(info) });
    writeChannel(records);
    const writer = new PartWriter(sink, { offset, length, name: METADATA_NAME });
    await writer.#write(records.buffer);
    return writer;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#offset;
  }

  /** Compresses and appends a chunk with its message index, in one write. */
  async chunk({ records, start, end, messages, index }: ClosedChunk): Promise<void> {
    // Room for all of it at once: each piece of output is a turn of the event loop.
    const compressed = await compress(records, { ...ZSTD, chunkSize: Math.max(MIN_PIECE_BYTES, records.length) });
    const builder = this.#records;
    const chunkStartOffset = BigInt(this.#offset);
    const chunkLength = builder.writeChunk({
      messageStartTime: start,
      messageEndTime: end,
      uncompressedSize: BigInt(records.length),
      uncompressedCrc: crc32(records),
      compression: "zstd",
      records: compressed,
    });
    const messageIndexLength = builder.writeMessageIndex({
      channelId: CHANNEL_ID,
      records: index as [bigint, bigint][],
    });
    this.#chunks.push({
      messageStartTime: start,
      messageEndTime: end,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets: new Map([[CHANNEL_ID, chunkStartOffset + chunkLength]]),
      messageIndexLength,
      compression: "zstd",
      compressedSize: BigInt(compressed.length),
      uncompressedSize: BigInt(records.length),
    });
    this.#count(start, end, messages);
    await this.#flush();
  }

  #count(start: bigint, end: bigint, messages: number): void {
    if (this.#messages === 0 || start < this.#start) this.#start = start;
    if (end > this.#end) this.#end = end;
    this.#messages += messages;
  }

  /** Writes the summary and the footer, and closes the file. */
  async finish(): Promise<void> {
    const builder = this.#records;
    builder.writeDataEnd({ dataSectionCrc: this.#crc });
    await this.#flush();
    const summaryStart = BigInt(this.#offset);
    this.#writeSummary();
    const summary = builder.buffer;
    builder.reset();
    builder.writeFooter({ summaryStart, summaryOffsetStart: 0n, summaryCrc: 0 });
    // The checksum covers the summary and the footer up to the checksum itself.
    const summaryCrc = crc32(builder.buffer.subarray(0, 1 + 8 + 8 + 8), crc32(summary));
    builder.reset();
    builder.writeFooter({ summaryStart, summaryOffsetStart: 0n, summaryCrc });
    builder.writeMagic();
    await this.#write(Buffer.concat([summary, builder.buffer]));
    builder.reset();
    await this.#sink.close();
  }

  #writeSummary(): void {
    const builder = this.#records;
    writeChannel(builder);
    builder.writeStatistics({
      messageCount: BigInt(this.#messages),
      schemaCount: 1,
      channelCount: 1,
      attachmentCount: 0,
      metadataCount: 1,
      chunkCount: this.#chunks.length,
      messageStartTime: this.#start,
      messageEndTime: this.#end,
      channelMessageCounts: new Map([[CHANNEL_ID, BigInt(this.#messages)]]),
    });
    builder.writeMetadataIndex(this.#metadata);
    for (const chunk of this.#chunks) builder.writeChunkIndex(chunk);
  }

  /** Gives the file up without a summary. */
  abandon(): Promise<void> {
    return this.#sink.close();
  }

  async #flush(): Promise<void> {
    const bytes = this.#records.buffer;
    this.#records.reset();
    await this.#write(bytes);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.#sink.write(bytes);
    this.#crc = crc32(bytes, this.#crc);
    this.#offset += bytes.length;
  }
}

function writeChannel(records: McapRecordBuilder): void {
  records.writeSchema({ id: SCHEMA_ID, name: SCHEMA_NAME, encoding: "", data: new Uint8Array() });
  records.writeChannel({
    id: CHANNEL_ID,
    schemaId: SCHEMA_ID,
    topic: TOPIC,
    messageEncoding: "msgpack",
    metadata: new Map(),
  });
}
