/** A growing buffer for the records of a chunk: MCAP's little-endian fields and MessagePack values, written straight to where they stay. */
import "../../protocol/no-native.ts"; // before msgpackr: imports are evaluated in this order
import { Packr } from "msgpackr";

const MIB = 2 ** 20;
const WORD = 2 ** 32;
const encoder = new TextEncoder();
// useRecords: an extension nobody else reads. useToJSON: reset options may hold a field of that name.
const packr = new Packr({ useRecords: false, useToJSON: false, variableMapSize: true });

/** A text of at most 31 bytes as MessagePack, for names that are written often. */
export function packedName(name: string): Uint8Array {
  const bytes = encoder.encode(name);
  return Uint8Array.of(0xa0 | bytes.length, ...bytes);
}

/** Bytes in a buffer of their own, not cleared. */
const unset = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);

export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  /** Bytes written. */
  length = 0;

  /** @param bytes room to begin with */
  constructor(bytes = 2 ** 12) {
    this.#bytes = unset(bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written, as a view: valid until the next byte. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** Takes `count` bytes; where they begin. */
  #take(count: number): number {
    const at = this.length;
    this.length = at + count;
    if (this.length > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    // Twice as much, but not far beyond what large chunks need.
    const bytes = unset(Math.max(this.length, Math.min(2 * this.#bytes.length, this.#bytes.length + 4 * MIB)));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  u8(value: number): void {
    const at = this.#take(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
  }

  /** An integer in 0..2^53-1. */
  u64(value: number): void {
    const at = this.#take(8);
    this.setU64(at, value);
  }

  bigU64(value: bigint): void {
    const at = this.#take(8);
    this.#view.setBigUint64(at, value, true);
  }

  setU64(at: number, value: number): void {
    this.#view.setUint32(at, value >>> 0, true);
    this.#view.setUint32(at + 4, Math.floor(value / WORD), true);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#take(bytes.length);
    // Names are short, and a call of `set` costs more than they do.
    if (bytes.length > 24) this.#bytes.set(bytes, at);
    else for (let i = 0; i < bytes.length; i++) this.#bytes[at + i] = bytes[i] as number;
  }

  // From here on MessagePack, whose numbers are big-endian.

  map(fields: number): void {
    this.#sized(fields, 0x80, 15, 0xde);
  }

  list(items: number): void {
    this.#sized(items, 0x90, 15, 0xdc);
  }

  nil(): void {
    this.u8(0xc0);
  }

  /** An integer in 0..2^53-1. */
  uint(value: number): void {
    if (value < 128) this.u8(value);
    else if (value < 2 ** 16) this.#tagged16(0xcd, value);
    else if (value < WORD) this.#tagged32(0xce, value);
    else this.double(value);
  }

  double(value: number): void {
    const at = this.#take(9);
    this.#bytes[at] = 0xcb;
    this.#view.setFloat64(at + 1, value);
  }

  binary(bytes: Uint8Array): void {
    if (bytes.length < 256) {
      this.u8(0xc4);
      this.u8(bytes.length);
    } else if (bytes.length < 2 ** 16) this.#tagged16(0xc5, bytes.length);
    else this.#tagged32(0xc6, bytes.length);
    this.bytes(bytes);
  }

  /** Anything else: what is rare may cost more. */
  value(value: unknown): void {
    this.bytes(packr.pack(value));
  }

  /** A size of at most `most` goes into the tag itself. */
  #sized(size: number, tag: number, most: number, tag16: number): void {
    if (size <= most) this.u8(tag | size);
    else if (size < 2 ** 16) this.#tagged16(tag16, size);
    else this.#tagged32(tag16 + 1, size);
  }

  #tagged16(tag: number, value: number): void {
    const at = this.#take(3);
    this.#bytes[at] = tag;
    this.#view.setUint16(at + 1, value);
  }

  #tagged32(tag: number, value: number): void {
    const at = this.#take(5);
    this.#bytes[at] = tag;
    this.#view.setUint32(at + 1, value);
  }
}
