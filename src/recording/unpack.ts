/** Reads the part of MessagePack that recordings use, from bytes nobody vouches for: no extensions, bounded depth, every length checked, `bin` without a copy. */

const MAX_DEPTH = 32;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The one value in `bytes`; maps become plain objects. @throws {RangeError} on anything else. */
export function unpack(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new RangeError(`msgpack: ${bytes.length - reader.at} bytes after the end`);
  return value;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new RangeError(`msgpack: nested deeper than ${MAX_DEPTH}`);
    const token = this.#uint(1);
    if (token < 0x80) return token;
    if (token < 0x90) return this.#map(token & 0x0f, depth);
    if (token < 0xa0) return this.#array(token & 0x0f, depth);
    if (token < 0xc0) return this.#text(token & 0x1f);
    if (token >= 0xe0) return token - 0x100;
    return this.#long(token, depth);
  }

  #long(token: number, depth: number): unknown {
    switch (token) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return token === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#uint(1 << (token - 0xc4)));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(1 << (token - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(2 << (token - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(2 << (token - 0xde)), depth);
      default:
        return this.#number(token);
    }
  }

  #number(token: number): number {
    const at = this.at;
    switch (token) {
      case 0xca:
        this.#take(4);
        return this.#view.getFloat32(at);
      case 0xcb:
        this.#take(8);
        return this.#view.getFloat64(at);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (token - 0xcc));
      case 0xcf:
        this.#take(8);
        return safe(this.#view.getBigUint64(at));
      case 0xd0:
        this.#take(1);
        return this.#view.getInt8(at);
      case 0xd1:
        this.#take(2);
        return this.#view.getInt16(at);
      case 0xd2:
        this.#take(4);
        return this.#view.getInt32(at);
      case 0xd3:
        this.#take(8);
        return safe(this.#view.getBigInt64(at));
      default:
        throw new RangeError(`msgpack: token 0x${token.toString(16)} is not used in recordings`);
    }
  }

  #take(length: number): Uint8Array {
    const left = this.#bytes.length - this.at;
    if (length > left) throw new RangeError(`msgpack: a value of ${length} bytes where ${left} are left`);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #uint(width: number): number {
    const at = this.at;
    this.#take(width);
    if (width === 1) return this.#view.getUint8(at);
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #text(length: number): string {
    return utf8.decode(this.#take(length));
  }

  #array(length: number, depth: number): unknown[] {
    // An element takes a byte at least, so a length beyond what is left is a lie: refused before anything is allocated.
    if (length > this.#bytes.length - this.at)
      throw new RangeError(`msgpack: an array of ${length} elements is cut short`);
    return Array.from({ length }, () => this.value(depth + 1));
  }

  #map(length: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const key = this.value(MAX_DEPTH);
      if (typeof key !== "string") throw new RangeError("msgpack: a map key that is no text");
      const value = this.value(depth + 1);
      // Plain assignment to this one name would set the prototype.
      if (key === "__proto__") Object.defineProperty(map, key, { value, enumerable: true });
      else map[key] = value;
    }
    return map;
  }
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError("msgpack: an integer beyond 2^53");
  }
  return Number(value);
}
