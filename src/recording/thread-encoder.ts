/** Copies frames into shared memory and lets the recording thread do the rest: what the thread that steps pays for a recording. */
import type { EncoderSpec } from "./chunk-encoder.ts";
import type { ChunkTaker, FrameEncoder } from "./encoders.ts";
import { Block, BlockWriter } from "./frame-block.ts";
import { recordingThread, type FromThread, type RecordingThread } from "./recording-thread.ts";
import type { Taken } from "./taken.ts";

export interface ThreadLimits {
  /** Bytes of frames handed over at once. */
  readonly blockBytes: number;
  /** Bytes of blocks that may be with the thread before steps wait. */
  readonly queueBytes: number;
  /** Milliseconds after which frames are handed over although their block is not full. */
  readonly handOverMs: number;
}

export class ThreadEncoder implements FrameEncoder {
  readonly #limits: ThreadLimits;
  readonly #chunks: ChunkTaker;
  readonly #thread: RecordingThread;
  readonly #id: number;
  readonly #writer: BlockWriter;
  /** By number; those beyond `#known` the thread has not been given yet. */
  readonly #blocks: Block[] = [];
  readonly #free: number[] = [];
  #known = 0;
  #filling: number | undefined;
  #bytesAway = 0;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #gone = false;
  readonly #ended = Promise.withResolvers<undefined>();

  constructor(spec: EncoderSpec, chunks: ChunkTaker, limits: ThreadLimits) {
    this.#limits = limits;
    this.#chunks = chunks;
    this.#writer = new BlockWriter(spec);
    this.#thread = recordingThread();
    this.#id = this.#thread.begin(spec, {
      onMessage: (message) => this.#hear(message),
      onGone: (error) => this.#lose(error),
    });
  }

  add(record: Taken): void | Promise<void> {
    if (this.#gone) return undefined; // the files know why
    const writer = this.#writer;
    if (this.#filling === undefined) this.#open(0);
    while (!writer.add(record)) {
      this.#handOver();
      this.#open(writer.needed);
    }
    if (!writer.hasRoom) this.#handOver();
    return this.#room();
  }

  /** A free block of at least so many bytes, else a new one. */
  #open(bytes: number): void {
    const place = this.#free.findLastIndex((number) => this.#bytesOf(number) >= bytes);
    const [found] = place < 0 ? [] : this.#free.splice(place, 1);
    const number = found ?? this.#blocks.push(new Block(Math.max(bytes, this.#limits.blockBytes))) - 1;
    this.#filling = number;
    this.#writer.begin(this.#blocks[number] as Block);
    this.#timer = setTimeout(() => this.#handOver(), this.#limits.handOverMs).unref();
  }

  #bytesOf = (number: number): number => this.#blocks[number]?.buffer.byteLength ?? 0;

  #handOver(): void {
    const { frames, notes } = this.#writer;
    const block = this.#filling;
    if (block === undefined) return;
    clearTimeout(this.#timer);
    this.#filling = undefined;
    if (frames === 0) {
      this.#free.push(block);
      return;
    }
    const buffer = block < this.#known ? undefined : this.#blocks[block]?.buffer;
    this.#known = Math.max(this.#known, block + 1);
    this.#bytesAway += this.#bytesOf(block);
    this.#thread.tell({ op: "block", id: this.#id, block, frames, notes, ...(buffer && { buffer }) });
  }

  #room(): void | Promise<void> {
    if (this.#bytesAway <= this.#limits.queueBytes) return undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#waiters.push(() => resolve(undefined));
    return this.#held(promise);
  }

  #hear(message: FromThread): void {
    if (message.op === "chunk") this.#chunks.push(message.chunk.bytes.length, () => message.chunk);
    else if (message.op === "done") this.#takeBack(message.block);
    else if (message.op === "failed") this.#chunks.fail(new Error(message.message));
    else this.#ended.resolve(undefined);
  }

  #takeBack(block: number): void {
    this.#free.push(block);
    this.#bytesAway -= this.#bytesOf(block);
    if (this.#bytesAway <= this.#limits.queueBytes) for (const wake of this.#waiters.splice(0)) wake();
  }

  #lose(error: Error): void {
    this.#gone = true;
    clearTimeout(this.#timer);
    this.#chunks.fail(error);
    for (const wake of this.#waiters.splice(0)) wake();
    this.#ended.resolve(undefined);
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    this.#handOver();
    this.#thread.tell({ op: "end", id: this.#id });
    await this.#held(this.#ended.promise);
    this.#thread.forget(this.#id);
  }

  /** The process lives on until the thread has answered. */
  async #held(answer: Promise<void>): Promise<void> {
    this.#thread.hold();
    await answer;
    this.#thread.release();
  }
}
