/** Walks the tokens of a MessagePack message before anything is unpacked, so that hostile bytes never reach the unpacker. Payloads of texts and bytes are skipped. */
import { GymError } from "./errors.ts";

export interface ScanLimits {
  /** Deepest nesting of arrays and maps, 1 .. 256. */
  readonly maxDepth: number;
  /** Items of all arrays and entries of all maps together. */
  readonly maxElements: number;
  /** Bytes of one map key. */
  readonly maxKeyBytes: number;
  /** Bytes of one text. */
  readonly maxTextBytes: number;
  /** Bytes of one bin. */
  readonly maxBinBytes: number;
}

export const SCAN_LIMITS: ScanLimits = {
  maxDepth: 32,
  maxElements: 262_144,
  maxKeyBytes: 256,
  maxTextBytes: 8_388_608,
  maxBinBytes: 268_435_456,
};

/** Checks that `bytes` are exactly one value: no extension types, no map key that is not a text, comes twice or is `__proto__`, no integer beyond 2^53-1, nothing
 *  over the limits, nothing cut off, nothing after the end. Texts in values are not looked at: what is no UTF-8 there reads as U+FFFD.
 *  @throws {GymError} BAD_MESSAGE, naming the byte. */
export function scan(bytes: Uint8Array, limits: Partial<ScanLimits> = {}): void {
  const walker = new Walker(bytes, { ...SCAN_LIMITS, ...limits });
  const end = walker.value(0, 0);
  if (end !== bytes.length) throw wrong(end, "the end of the message", `${bytes.length - end} more bytes`);
}

const wrong = (at: number, expected: string, received: unknown): GymError =>
  new GymError("BAD_MESSAGE", `message byte ${at}`, { expected, received });

const PROTO = new TextEncoder().encode("__proto__");
// Pairwise comparison wins below, a set above.
const FEW_KEYS = 32;
const MOST_DEPTH = 256;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One walk. `value(at)` returns where the value that begins at `at` ends. */
class Walker {
  readonly #bytes: Uint8Array;
  readonly #limits: ScanLimits;
  /** Start and length of the keys of the maps that are open. */
  readonly #keys: number[] = [];
  #elements = 0;

  constructor(bytes: Uint8Array, limits: ScanLimits) {
    this.#bytes = bytes;
    this.#limits = { ...limits, maxDepth: Math.min(limits.maxDepth, MOST_DEPTH) };
  }

  value(at: number, depth: number): number {
    const token = this.#byte(at);
    if (token < 0x80 || token >= 0xe0) return at + 1;
    if (token < 0x90) return this.#map(at, at + 1, token & 0x0f, depth);
    if (token < 0xa0) return this.#array(at, at + 1, token & 0x0f, depth);
    if (token < 0xc0) return this.#skip(at, at + 1, token & 0x1f, this.#limits.maxTextBytes, "text");
    return this.#wide(at, token, depth);
  }

  /** Tokens from 0xc0 on, whose length or number follows. */
  #wide(at: number, token: number, depth: number): number {
    if (token >= 0xc4 && token <= 0xc6) return this.#sized(at, 1 << (token - 0xc4), this.#limits.maxBinBytes, "bin");
    if (token >= 0xd9 && token <= 0xdb) return this.#sized(at, 1 << (token - 0xd9), this.#limits.maxTextBytes, "text");
    if (token === 0xdc || token === 0xdd) {
      const width = token === 0xdc ? 2 : 4;
      return this.#array(at, at + 1 + width, this.#number(at + 1, width), depth);
    }
    if (token === 0xde || token === 0xdf) {
      const width = token === 0xde ? 2 : 4;
      return this.#map(at, at + 1 + width, this.#number(at + 1, width), depth);
    }
    if (token === 0xc1 || (token >= 0xc7 && token <= 0xc9) || (token >= 0xd4 && token <= 0xd8)) {
      throw wrong(at, "no extension types", hex(token));
    }
    const end = at + 1 + scalarBytes(token);
    this.#need(at, end);
    if (token === 0xcf || token === 0xd3) this.#checkInteger(at, token === 0xd3);
    return end;
  }

  #sized(at: number, width: number, limit: number, what: string): number {
    return this.#skip(at, at + 1 + width, this.#number(at + 1, width), limit, what);
  }

  #skip(at: number, from: number, length: number, limit: number, what: string): number {
    if (length > limit) throw wrong(at, `a ${what} of at most ${limit} bytes`, length);
    this.#need(at, from + length);
    return from + length;
  }

  #array(at: number, from: number, length: number, depth: number): number {
    this.#enter(at, length, depth);
    let next = from;
    for (let i = 0; i < length; i++) next = this.value(next, depth + 1);
    return next;
  }

  #map(at: number, from: number, length: number, depth: number): number {
    this.#enter(at, length, depth);
    const keys = this.#keys;
    const mine = keys.length;
    const seen = length > FEW_KEYS ? new Set<string>() : undefined;
    let next = from;
    for (let i = 0; i < length; i++) {
      next = this.#key(next, mine, seen);
      next = this.value(next, depth + 1);
    }
    keys.length = mine;
    return next;
  }

  #enter(at: number, length: number, depth: number): void {
    const { maxDepth, maxElements } = this.#limits;
    if (depth >= maxDepth) throw wrong(at, `at most ${maxDepth} levels of arrays and maps`, depth + 1);
    this.#elements += length;
    if (this.#elements > maxElements) throw wrong(at, `at most ${maxElements} elements`, this.#elements);
  }

  /** Checks the key at `at` against those of the same map, which begin at `mine` in the list; returns where it ends. */
  #key(at: number, mine: number, seen: Set<string> | undefined): number {
    const token = this.#byte(at);
    const fixed = token >= 0xa0 && token < 0xc0;
    if (!fixed && !(token >= 0xd9 && token <= 0xdb)) throw wrong(at, "a text as map key", hex(token));
    const from = fixed ? at + 1 : at + 1 + (1 << (token - 0xd9));
    const length = fixed ? token & 0x1f : this.#number(at + 1, from - at - 1);
    const end = this.#skip(at, from, length, this.#limits.maxKeyBytes, "map key");
    if (length === PROTO.length && this.#same(from, PROTO, 0, length)) throw wrong(at, "no key __proto__", "__proto__");
    this.#checkText(at, from, end);
    if (seen === undefined ? this.#listed(from, length, mine) : this.#known(from, end, seen)) {
      throw wrong(at, "keys that differ", "the same key twice");
    }
    return end;
  }

  #listed(from: number, length: number, mine: number): boolean {
    const keys = this.#keys;
    for (let k = mine; k < keys.length; k += 2) {
      if (keys[k + 1] === length && this.#same(from, this.#bytes, keys[k] as number, length)) return true;
    }
    keys.push(from, length);
    return false;
  }

  #known(from: number, end: number, seen: Set<string>): boolean {
    const key = String.fromCharCode(...this.#bytes.subarray(from, end));
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  }

  #same(from: number, other: Uint8Array, at: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.#bytes[from + i] !== other[at + i]) return false;
    return true;
  }

  /** Two keys of different bytes must be different texts, so keys have to be UTF-8. */
  #checkText(at: number, from: number, end: number): void {
    for (let i = from; i < end; i++) {
      if ((this.#bytes[i] as number) < 0x80) continue;
      try {
        strict.decode(this.#bytes.subarray(from, end));
        return;
      } catch {
        throw wrong(at, "a map key in UTF-8", "other bytes");
      }
    }
  }

  #checkInteger(at: number, signed: boolean): void {
    const high = this.#number(at + 1, 4);
    const value = (signed ? high | 0 : high) * 4294967296 + this.#number(at + 5, 4);
    if (!Number.isSafeInteger(value)) throw wrong(at, "an integer within 2^53-1 of zero", `about ${value}`);
  }

  #number(at: number, width: number): number {
    this.#need(at, at + width);
    let value = 0;
    for (let i = 0; i < width; i++) value = value * 256 + (this.#bytes[at + i] as number);
    return value;
  }

  #byte(at: number): number {
    const byte = this.#bytes[at];
    if (byte === undefined) throw wrong(at, "a value", "the end of the message");
    return byte;
  }

  #need(at: number, end: number): void {
    if (end > this.#bytes.length) throw wrong(at, `${end - at} bytes`, `${this.#bytes.length - at} before the end`);
  }
}

/** Bytes after the token of nil, booleans, floats and integers. */
function scalarBytes(token: number): number {
  if (token <= 0xc3) return 0; // nil, false, true
  if (token === 0xca) return 4;
  if (token === 0xcb) return 8;
  return 1 << ((token - 0xcc) & 3); // uint 8..64 from 0xcc, int 8..64 from 0xd0
}

const hex = (token: number): string => `0x${token.toString(16)}`;
