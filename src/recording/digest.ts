/** Fast digests over little-endian words: 32 bits for an observation or action, 64 bits for an episode. Not cryptographic; the definition is in README.md. */
import type { ArraySpace } from "../../protocol/batch.ts";
import { bytesOf } from "../../protocol/bytes.ts";
import type { NumericArray, Space } from "../../protocol/spaces.ts";
import { columnAt, leavesOf, type ArrayLeaf, type Leaf } from "./leaves.ts";

const A0 = 0x1e3779b9;
const B0 = 0x05ebca6b;
const A_STEP = 0x2c1b3c6d;
const B_STEP = 0x297a2d39;

/** The digest of an episode as two words, high first in its text form. */
export interface Digest {
  readonly a: number;
  readonly b: number;
}

/** 16 hexadecimal digits, lane a first. */
export const digestText = ({ a, b }: Digest): string => hex(a) + hex(b);
/** 8 hexadecimal digits: the digest of an observation. */
export const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, "0");

/** Mixes all bits of a word (Wellons' lowbias32). */
function mix(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Takes values apart into words. What a word does is the digest's own matter. */
abstract class Absorber {
  abstract word(word: number): void;

  /** Bytes as little-endian words, the last one filled up with zeros. */
  bytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      // A missing byte is undefined, which the shifts read as 0: the padding.
      this.word((bytes[i] as number) | ((bytes[i + 1] as number) << 8) | ((bytes[i + 2] as number) << 16) | ((bytes[i + 3] as number) << 24)); // prettier-ignore
    }
  }

  /** A length in bytes, then UTF-8. */
  text(text: string): void {
    const bytes = Buffer.from(text, "utf8");
    this.word(bytes.length);
    this.bytes(bytes);
  }

  /** A double: its low word, then its high word. */
  double(value: number): void {
    DOUBLE[0] = value;
    this.word(DOUBLE_WORDS[0] as number);
    this.word(DOUBLE_WORDS[1] as number);
  }

  /** One value of a space. */
  value(space: Space, value: unknown): void {
    switch (space.kind) {
      case "text":
        this.text(value as string);
        return;
      case "oneOf": {
        const chosen = value as { tag: number; value: unknown };
        this.word(chosen.tag);
        this.value(space.options[chosen.tag] as Space, chosen.value);
        return;
      }
      case "sequence": {
        const items = value as readonly unknown[];
        this.word(items.length);
        for (const item of items) this.value(space.element, item);
        return;
      }
      case "dict":
        for (const name in space.fields)
          this.value(space.fields[name] as Space, (value as Record<string, unknown>)[name]);
        return;
      case "tuple":
        space.items.forEach((item, i) => {
          this.value(item, (value as readonly unknown[])[i]);
        });
        return;
      default:
        this.#array(space, value);
    }
  }

  #array(space: ArraySpace, value: unknown): void {
    if (space.kind === "discrete") this.word(value as number);
    else this.bytes(bytesOf(value as NumericArray));
  }
}

/** The digest of an episode in the making: two lanes. */
export class Hasher extends Absorber {
  #a = A0;
  #b = B0;

  word(word: number): void {
    const a = Math.imul(this.#a ^ word, A_STEP);
    const b = Math.imul(this.#b ^ word, B_STEP);
    this.#a = a ^ (a >>> 15);
    this.#b = b ^ (b >>> 13);
  }

  finish(): Digest {
    const a = mix(this.#a ^ ((this.#b << 16) | (this.#b >>> 16)));
    return { a, b: mix(this.#b ^ a) };
  }
}

/** The digest of one value in the making: lane a alone. Two values that differ in one word never have the same. */
class ValueHasher extends Absorber {
  lane = A0;

  word(word: number): void {
    const a = Math.imul(this.lane ^ word, A_STEP);
    this.lane = a ^ (a >>> 15);
  }
}

const DOUBLE = new Float64Array(1);
const DOUBLE_WORDS = new Int32Array(DOUBLE.buffer);

/** Digests whole batches of one space, column by column. */
export class BatchHasher {
  readonly #leaves: readonly Leaf[];

  constructor(space: Space) {
    this.#leaves = leavesOf(space);
  }

  /** Writes the digest of row i to out[i], for the first `rows` rows. */
  digest(batch: unknown, rows: number, out: Int32Array): void {
    const [leaf] = this.#leaves;
    if (leaf?.array && this.#leaves.length === 1 && isWords(leaf.array, columnAt(batch, leaf.path) as NumericArray)) {
      digestWords(wordsOf(columnAt(batch, leaf.path) as NumericArray), leaf.array.bytes >> 2, rows, out);
      return;
    }
    out.fill(A0, 0, rows);
    for (const leaf of this.#leaves) {
      const column = columnAt(batch, leaf.path);
      if (leaf.array) absorbArrays(leaf.array, column as NumericArray, rows, out);
      else absorbValues(leaf.space, column as readonly unknown[], rows, out);
    }
    for (let i = 0; i < rows; i++) out[i] = mix(out[i] as number);
  }
}

function absorbArrays(leaf: ArrayLeaf, column: NumericArray, rows: number, out: Int32Array): void {
  if (isWords(leaf, column)) absorbWords(wordsOf(column), leaf.bytes >> 2, rows, out);
  else {
    const bytes = bytesOf(column);
    absorbEach(rows, out, (hasher, i) => {
      hasher.bytes(bytes.subarray(i * leaf.bytes, (i + 1) * leaf.bytes));
    });
  }
}

const isWords = (leaf: ArrayLeaf, column: NumericArray): boolean =>
  leaf.bytes % 4 === 0 && column.byteOffset % 4 === 0 && column.byteLength % 4 === 0;

const wordsOf = (column: NumericArray): Int32Array =>
  new Int32Array(column.buffer, column.byteOffset, column.byteLength >> 2);

/** All of it in one pass, where there is one column: the usual case. No calls, no allocation, here and below. */
function digestWords(words: Int32Array, perRow: number, rows: number, out: Int32Array): void {
  let at = 0;
  for (let i = 0; i < rows; i++) {
    let a = A0;
    for (const end = at + perRow; at < end; at++) {
      a = Math.imul(a ^ (words[at] as number), A_STEP);
      a ^= a >>> 15;
    }
    out[i] = mix(a);
  }
}

function absorbWords(words: Int32Array, perRow: number, rows: number, out: Int32Array): void {
  let at = 0;
  for (let i = 0; i < rows; i++) {
    let a = out[i] as number;
    for (const end = at + perRow; at < end; at++) {
      a = Math.imul(a ^ (words[at] as number), A_STEP);
      a ^= a >>> 15;
    }
    out[i] = a;
  }
}

function absorbValues(space: Space, column: readonly unknown[], rows: number, out: Int32Array): void {
  absorbEach(rows, out, (hasher, i) => {
    hasher.value(space, column[i]);
  });
}

function absorbEach(rows: number, out: Int32Array, absorb: (hasher: Absorber, row: number) => void): void {
  const hasher = new ValueHasher();
  for (let i = 0; i < rows; i++) {
    hasher.lane = out[i] as number;
    absorb(hasher, i);
    out[i] = hasher.lane;
  }
}
