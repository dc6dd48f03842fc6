/** Frames on the channel between a box's process and the judge: a 32-bit little-endian length, then that many bytes of JSON. */

/** What a box sent breaks the rules of the channel: the box is ended and its replies count as errors. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
}

export function frame(message: unknown): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32LE(length, 0);
  bytes.write(text, 4);
  return bytes;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Cuts a stream of untrusted bytes into the JSON values of its frames. Never holds more than one frame and one chunk. */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #held = 0;
  /** Length of the frame under way, once its four bytes are there. */
  #length: number | undefined;

  /** @param maxBytes longest frame that is taken, without its length field */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns the frames that `chunk` completes, parsed. @throws {ChannelError} too long, not UTF-8, not JSON */
  push(chunk: Uint8Array): unknown[] {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#held += chunk.length;
    const frames: unknown[] = [];
    for (;;) {
      this.#length ??= this.#readLength();
      if (this.#length === undefined || this.#held < this.#length) return frames;
      frames.push(parse(this.#take(this.#length)));
      this.#length = undefined;
    }
  }

  /** Bytes of a frame that has begun and is not whole. */
  get pending(): number {
    return this.#held + (this.#length === undefined ? 0 : 4);
  }

  #readLength(): number | undefined {
    if (this.#held < 4) return undefined;
    const head = this.#take(4);
    const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
    if (length > this.#maxBytes)
      throw new ChannelError(`a reply of ${length} bytes, at most ${this.#maxBytes} are taken`);
    return length;
  }

  #take(length: number): Uint8Array {
    const first = this.#chunks[0];
    const all = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#held -= length;
    this.#chunks = this.#held === 0 ? [] : [all.subarray(length)];
    return all.subarray(0, length);
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strictUtf8.decode(bytes));
  } catch {
    throw new ChannelError("a reply that is not JSON in UTF-8");
  }
}
