/** Batches <-> columns of bytes, as every hot frame and every recording carries them. The layout in words is in README.md, "Columns". */
import { allocateAny, dtypeOf, elementsOf, getAny, setAny, type ArraySpace } from "./batch.ts";
import { arrayOf, BYTES, bytesOf } from "./bytes.ts";
import { GymError, type ErrorCode } from "./errors.ts";
import type { BatchOf, NumericArray, OneOf, Sequence, Space } from "./spaces.ts";

/** The columns of the first n rows of a batch. Columns of fixed-size leaves are views of the batch, unless small: send them before it changes.
 *  Lone surrogates of a text become U+FFFD, as UTF-8 cannot hold them. */
export function toColumns<S extends Space>(space: S, batch: BatchOf<S>, n: number): Uint8Array[];
// An overload: here and below a space decides at run time what its batch is.
export function toColumns(space: Space, batch: unknown, n: number): Uint8Array[] {
  const columns: Uint8Array[] = [];
  write(space, batch, n, columns);
  return columns;
}

/** The batch that n rows of columns hold. Views of the given bytes where these are aligned. Only the form is checked here: whether each value lies in the space,
 *  `contains` tells. @throws {GymError} `code`, naming the column: a wrong number of columns or bytes, offsets that fall or point outside, text that is no
 *  UTF-8, a tag without an option. */
export function fromColumns<S extends Space>(
  space: S,
  columns: readonly Uint8Array[],
  n: number,
  where: string,
  code: ErrorCode = "BAD_MESSAGE",
): BatchOf<S> {
  const reader = new ColumnReader(columns, where, code);
  const batch = read(space, n, reader);
  reader.end();
  return batch as BatchOf<S>;
}

const encoder = new TextEncoder();
// ignoreBOM keeps a leading U+FEFF, which is a character like any other here.
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

type Fields = Record<string, unknown>;

function write(space: Space, batch: unknown, n: number, columns: Uint8Array[]): void {
  switch (space.kind) {
    case "text":
      columns.push(writeTexts(batch as readonly string[], n));
      return;
    case "dict":
      for (const name in space.fields) write(space.fields[name] as Space, (batch as Fields)[name], n, columns);
      return;
    case "tuple":
      for (const [k, item] of space.items.entries()) write(item, (batch as unknown[])[k], n, columns);
      return;
    case "oneOf":
      writeChoices(space, batch as readonly Choice[], n, columns);
      return;
    case "sequence":
      writeSequences(space, batch as readonly unknown[][], n, columns);
      return;
    default:
      columns.push(bytesOf(firstElements(batch as NumericArray, n * elementsOf(space))));
  }
}

const firstElements = (array: NumericArray, count: number): NumericArray =>
  array.length === count ? array : array.subarray(0, count);

function writeTexts(texts: readonly string[], n: number): Uint8Array {
  let units = 0;
  for (let i = 0; i < n; i++) units += (texts[i] as string).length;
  const head = 4 * (n + 1);
  // A UTF-16 code unit takes at most three bytes.
  const column = new Uint8Array(head + 3 * units);
  const offsets = new Uint32Array(n + 1);
  let end = head;
  for (let i = 0; i < n; i++) {
    end += encoder.encodeInto(texts[i] as string, column.subarray(end)).written;
    offsets[i + 1] = end - head;
  }
  column.set(bytesOf(offsets));
  return column.subarray(0, end);
}

interface Choice {
  readonly tag: number;
  readonly value: unknown;
}

function writeChoices(space: OneOf, choices: readonly Choice[], n: number, columns: Uint8Array[]): void {
  const tags = new Uint8Array(n);
  const options = space.options.map((option) => allocateAny(option, n));
  for (let i = 0; i < n; i++) {
    const { tag, value } = choices[i] as Choice;
    tags[i] = tag;
    setAny(space.options[tag] as Space, options[tag], i, value);
  }
  columns.push(tags);
  space.options.forEach((option, k) => {
    write(option, options[k], n, columns);
  });
}

function writeSequences({ element }: Sequence, rows: readonly unknown[][], n: number, columns: Uint8Array[]): void {
  const offsets = new Uint32Array(n + 1);
  for (let i = 0; i < n; i++) offsets[i + 1] = (offsets[i] as number) + (rows[i] as unknown[]).length;
  const total = offsets[n] as number;
  const elements = allocateAny(element, total);
  let at = 0;
  for (let i = 0; i < n; i++) for (const value of rows[i] as unknown[]) setAny(element, elements, at++, value);
  columns.push(bytesOf(offsets));
  write(element, elements, total, columns);
}

/** Hands out the columns one by one and complains with their place. */
class ColumnReader {
  readonly #columns: readonly Uint8Array[];
  readonly #where: string;
  readonly #code: ErrorCode;
  #next = 0;

  constructor(columns: readonly Uint8Array[], where: string, code: ErrorCode) {
    this.#columns = columns;
    this.#where = where;
    this.#code = code;
  }

  /** The next column, which must have `length` bytes where that is given. */
  take(length?: number): Uint8Array {
    const column = this.#columns[this.#next++];
    if (column === undefined) throw this.error("more columns", this.#columns.length, this.#where);
    if (length !== undefined && column.length !== length) throw this.error(`${length} bytes`, column.length);
    return column;
  }

  end(): void {
    if (this.#next === this.#columns.length) return;
    throw this.error(`${this.#next} columns`, this.#columns.length, this.#where);
  }

  /** What is wrong with the column last taken. */
  error(expected: string, received: unknown, where = `${this.#where}[${this.#next - 1}]`): GymError {
    return new GymError(this.#code, where, { expected, received });
  }
}

function read(space: Space, n: number, reader: ColumnReader): unknown {
  switch (space.kind) {
    case "text":
      return readTexts(n, reader);
    case "dict": {
      const fields: Fields = {};
      for (const name in space.fields) fields[name] = read(space.fields[name] as Space, n, reader);
      return fields;
    }
    case "tuple":
      return space.items.map((item) => read(item, n, reader));
    case "oneOf":
      return readChoices(space, n, reader);
    case "sequence":
      return readSequences(space, n, reader);
    default:
      return readArray(space, n, reader);
  }
}

function readArray(space: ArraySpace, n: number, reader: ColumnReader): NumericArray {
  const dtype = dtypeOf(space);
  return arrayOf(dtype, reader.take(n * elementsOf(space) * BYTES[dtype]));
}

function readTexts(n: number, reader: ColumnReader): string[] {
  const column = reader.take();
  const head = 4 * (n + 1);
  if (column.length < head) throw reader.error(`at least ${head} bytes of offsets`, column.length);
  const bytes = column.subarray(head);
  const offsets = readOffsets(column.subarray(0, head), reader, bytes.length);
  try {
    const all = strict.decode(bytes);
    // Where every character is one byte, offsets in bytes are offsets in characters.
    if (all.length === bytes.length) return Array.from({ length: n }, (_, i) => all.slice(offsets[i], offsets[i + 1]));
    return Array.from({ length: n }, (_, i) => strict.decode(bytes.subarray(offsets[i], offsets[i + 1])));
  } catch {
    throw reader.error("valid UTF-8", bytes);
  }
}

/** Offsets begin at 0, never fall, and end at `end` where that is known. */
function readOffsets(bytes: Uint8Array, reader: ColumnReader, end?: number): Uint32Array {
  const offsets = arrayOf("uint32", bytes);
  for (let i = 0; i < offsets.length; i++) {
    const least = i === 0 ? 0 : (offsets[i - 1] as number);
    const offset = offsets[i] as number;
    if (offset < least || (i === 0 && offset !== 0))
      throw reader.error("offsets that begin at 0 and never fall", offset);
  }
  const last = offsets[offsets.length - 1] as number;
  if (end !== undefined && last !== end) throw reader.error(`a last offset of ${end}`, last);
  return offsets;
}

function readChoices(space: OneOf, n: number, reader: ColumnReader): Choice[] {
  const tags = reader.take(n);
  const wrong = tags.findIndex((tag) => tag >= space.options.length);
  if (wrong >= 0) throw reader.error(`tags in 0..${space.options.length - 1}`, tags[wrong]);
  const options = space.options.map((option) => read(option, n, reader));
  return Array.from(tags, (tag, i) => ({ tag, value: getAny(space.options[tag] as Space, options[tag], i) }));
}

function readSequences({ element }: Sequence, n: number, reader: ColumnReader): unknown[][] {
  const offsets = readOffsets(reader.take(4 * (n + 1)), reader);
  const elements = read(element, offsets[n] as number, reader);
  return Array.from({ length: n }, (_, i) => {
    const row: unknown[] = [];
    for (let at = offsets[i] as number; at < (offsets[i + 1] as number); at++) row.push(getAny(element, elements, at));
    return row;
  });
}
