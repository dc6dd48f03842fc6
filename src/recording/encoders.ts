/** Where frames become chunks: on the thread that steps, or on the recording thread (thread-encoder.ts). */
import { ChunkEncoder, levelFor, type EncoderSpec } from "./chunk-encoder.ts";
import { packChunk, type PackedChunk } from "./chunk-records.ts";
import type { Taken } from "./taken.ts";

export interface FrameEncoder {
  /** Copies what it needs of a frame. A promise, which never rejects, asks to wait before the next one. */
  add(record: Taken): void | Promise<void>;
  /** Settles when every chunk has been given out, or never will be. */
  close(): Promise<void>;
}

/** Where chunks go, in order. */
export interface ChunkTaker {
  /** @param bytes what waits in memory until `pack` is called and its chunk is written */
  push(bytes: number, pack: () => PackedChunk | Promise<PackedChunk>): void;
  fail(error: unknown): void;
}

export function encodeHere(spec: EncoderSpec, chunks: ChunkTaker): FrameEncoder {
  const level = levelFor(spec);
  const encoder = new ChunkEncoder(spec, (closed) => {
    const chunk = { ...closed, records: closed.records.slice() };
    chunks.push(chunk.records.length, () => packChunk(chunk, level));
  });
  return {
    add: (record) => encoder.add(record),
    close: () => Promise.try(() => encoder.closeChunk()),
  };
}
