/** Frames in memory that two threads share: columns one after the other, each an element count and its elements, aligned to 8 bytes. */
import { ARRAYS } from "../../protocol/batch.ts";
import { BYTES } from "../../protocol/bytes.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { DType, NumericArray } from "../../protocol/spaces.ts";
import { columnAt, dtypeName, leavesOf, type ArrayLeaf, type Leaf } from "./leaves.ts";
import type { EncoderSpec } from "./chunk-encoder.ts";
import type { Taken, TakenError } from "./taken.ts";

/** What few frames have and columns cannot hold; travels beside the block. */
export interface FrameNote {
  /** Number of its frame in the block, from 0. */
  readonly frame: number;
  readonly errors?: readonly TakenError[];
  readonly options?: readonly (JsonValue | undefined)[];
  readonly restored?: Taken["restored"];
  /** Names of the columns of parts, and names and element types of extra columns, in their order in the block. */
  readonly parts?: readonly string[];
  readonly extras?: readonly (readonly [name: string, dtype: DType])[];
}

/** In place of the number of elements: the frame has no such column. */
export const ABSENT = -1;
/** What a frame begins with. Those without actions (resets, restores) have no columns that come with them. */
export const WITHOUT_ACTIONS = 0;
const WITH_ACTIONS = 1;
/** A count, padded. */
export const COLUMN_HEAD = 8;

export const aligned = (bytes: number): number => (bytes + 7) & ~7;

/** Whether blocks can hold frames of these spaces: every leaf has a fixed size. */
export const fitsBlocks = ({ action, observation }: Pick<EncoderSpec, "action" | "observation">): boolean =>
  [...leavesOf(action), ...leavesOf(observation)].every((leaf) => leaf.array !== undefined);

/** Bytes of a frame of all rows as a block holds it, roughly. */
export function frameBytes({ action, observation, num }: EncoderSpec): number {
  const columns = [...leavesOf(action), ...leavesOf(observation)];
  return num * columns.reduce((sum, { array }) => sum + (array?.bytes ?? 0), 8 + 1 + 1 + 1);
}

/** A shared buffer as arrays of every element type. */
export class Block {
  readonly buffer: SharedArrayBuffer;
  readonly of: Readonly<Record<DType, NumericArray>>;
  readonly heads: Int32Array;

  constructor(bytes: number) {
    this.buffer = new SharedArrayBuffer(aligned(bytes));
    this.heads = new Int32Array(this.buffer);
    const views = Object.entries(ARRAYS).map(([dtype, array]) => [
      dtype,
      new (array as unknown as OnShared)(this.buffer),
    ]); // the table's type knows lengths only
    this.of = Object.fromEntries(views) as Record<DType, NumericArray>;
  }
}

type OnShared = new (buffer: SharedArrayBuffer) => NumericArray;

/** Writes frames into a block, one after the other. */
export class BlockWriter {
  readonly #actions: readonly Leaf[];
  readonly #observations: readonly Leaf[];
  readonly #masks: boolean;
  #block: Block | undefined;
  #at = 0;
  /** What the columns of the last frame took, or would have taken. */
  needed = 0;
  frames = 0;
  notes: FrameNote[] = [];

  constructor(spec: EncoderSpec) {
    this.#actions = leavesOf(spec.action);
    this.#observations = leavesOf(spec.observation);
    this.#masks = spec.observations && spec.maskWidth > 0;
  }

  begin(block: Block): void {
    this.#block = block;
    this.#at = this.frames = 0;
    if (this.notes.length > 0) this.notes = [];
  }

  /** Whether another frame like the last one fits. */
  get hasRoom(): boolean {
    return this.#at + this.needed <= (this.#block?.buffer.byteLength ?? 0);
  }

  /** False, and nothing is written, when the frame does not fit: `needed` says what it takes. */
  add(record: Taken): boolean {
    const block = this.#block as Block; // `begin` comes first
    const from = this.#at;
    this.#frame(block, record);
    this.needed = this.#at - from;
    if (this.#at > block.buffer.byteLength) {
      this.#at = from;
      return false;
    }
    const note = noteOf(record, this.frames++);
    if (note) this.notes.push(note);
    return true;
  }

  #frame(block: Block, { frame, actions, extras }: Taken): void {
    const { status, final, seeds, parts } = frame;
    const rows = status.length;
    this.#head(block, actions === undefined ? WITHOUT_ACTIONS : WITH_ACTIONS);
    this.#put(block, "uint8", status);
    this.#put(block, "uint32", frame.index);
    this.#put(block, "float64", frame.rewards);
    this.#put(block, "uint8", frame.terminated);
    this.#put(block, "uint8", frame.truncated);
    this.#seen(block, frame, rows);
    this.#put(block, "uint32", final?.index);
    if (final) this.#seen(block, final, final.index.length);
    this.#put(block, "uint32", seeds?.index);
    this.#put(block, "float64", seeds?.episode);
    this.#put(block, "float64", seeds?.seed);
    if (actions === undefined) return;
    this.#batch(block, this.#actions, actions, rows);
    for (const name in parts) this.#put(block, "float64", parts[name]);
    for (const name in extras) this.#put(block, dtypeName(extras[name] as NumericArray), extras[name]);
  }

  #head(block: Block, kind: number): void {
    const at = this.#at;
    this.#at = at + COLUMN_HEAD;
    if (this.#at <= block.buffer.byteLength) block.heads[at >> 2] = kind;
  }

  #seen(block: Block, seen: Pick<Taken["frame"], "observations" | "mask">, rows: number): void {
    this.#batch(block, this.#observations, seen.observations, rows);
    if (this.#masks) this.#put(block, "uint8", seen.mask);
  }

  #batch(block: Block, leaves: readonly Leaf[], batch: unknown, rows: number): void {
    for (const { path, array } of leaves) {
      const { dtype, size } = array as ArrayLeaf; // `fitsBlocks` was asked
      const column = columnAt(batch, path) as NumericArray;
      this.#put(block, dtype, column.length === rows * size ? column : column.subarray(0, rows * size));
    }
  }

  /** Arrays are set as arrays of their own type: to ask a small one for its buffer costs more than to copy it. */
  #put(block: Block, dtype: DType, array: NumericArray | undefined): void {
    const at = this.#at;
    const from = at + COLUMN_HEAD;
    this.#at = from + (array === undefined ? 0 : aligned(array.byteLength));
    if (this.#at > block.buffer.byteLength) return;
    block.heads[at >> 2] = array?.length ?? ABSENT;
    if (array !== undefined) block.of[dtype].set(array, from / BYTES[dtype]);
  }
}

/** Undefined for most frames. */
function noteOf({ frame, actions, options, restored, extras }: Taken, number: number): FrameNote | undefined {
  const { errors, parts } = frame;
  const given = options?.some((option) => option !== undefined) === true;
  if (!errors && !given && !restored && !parts && !extras) return undefined;
  return {
    frame: number,
    ...(errors && { errors: errors.map(bare) }),
    ...(given && { options }),
    ...(restored && { restored }),
    ...(parts && actions !== undefined && { parts: Object.keys(parts) }),
    ...(extras && actions !== undefined && { extras: Object.entries(extras).map(([name, array]) => [name, dtypeName(array)] as const) }), // prettier-ignore
  };
}

/** Only what is recorded: to clone a view is to clone the buffer behind it. */
function bare({ index, code, message, capsule }: TakenError): TakenError {
  if (!capsule) return { index, code, message };
  const { episode, seed, options } = capsule;
  return { index, code, message, capsule: { episode, seed, ...(options !== undefined && { options }) } };
}
