/** One MCAP file: head, chunks with their index records, and at the end the summary that makes it seekable. */
import { crc32 } from "node:zlib";
import { McapRecordBuilder, type McapTypes } from "@mcap/core";
import { combineCrc32 } from "./crc-combine.ts";
import { CHANNEL_ID, type PackedChunk } from "./chunk-records.ts";
import { PROFILE, SCHEMA_NAME, TOPIC, type RecordingInfo } from "./format.ts";
import { infoToMetadata, METADATA_NAME } from "./metadata.ts";
import type { Sink } from "./sink.ts";

const SCHEMA_ID = 1;

export class PartWriter {
  readonly #sink: Sink;
  readonly #records = new McapRecordBuilder();
  readonly #chunks: McapTypes.ChunkIndex[] = [];
  readonly #metadata: McapTypes.MetadataIndex;
  #offset = 0;
  #crc = 0;
  #messages = 0;
  #start = 0;
  #end = 0;

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

  /** Appends a chunk with its message index, in one write. */
  async append(chunk: PackedChunk): Promise<void> {
    const { bytes, start, end, messages } = chunk;
    const chunkStartOffset = BigInt(this.#offset);
    const chunkLength = BigInt(chunk.chunkLength);
    await this.#write(bytes, chunk.crc);
    this.#count(start, end, messages);
    this.#chunks.push({
      messageStartTime: BigInt(start),
      messageEndTime: BigInt(end),
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets: new Map([[CHANNEL_ID, chunkStartOffset + chunkLength]]),
      messageIndexLength: BigInt(bytes.length) - chunkLength,
      compression: "zstd",
      compressedSize: BigInt(chunk.compressedSize),
      uncompressedSize: BigInt(chunk.uncompressedSize),
    });
  }

  #count(start: number, end: number, messages: number): void {
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
      messageStartTime: BigInt(this.#start),
      messageEndTime: BigInt(this.#end),
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

  async #write(bytes: Uint8Array, crc = crc32(bytes)): Promise<void> {
    await this.#sink.write(bytes);
    this.#crc = combineCrc32(this.#crc, crc, bytes.length);
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
