/** One frame of the frames of several parts of a batch, in their order. Its arrays are its own. */
import { allocate, ARRAYS, batchLength, dtypeOf, elementsOf } from "../../../protocol/batch.ts";
import type { Frame, Timing } from "../../../protocol/frames.ts";
import type { NumericArray, Space } from "../../../protocol/spaces.ts";
import { maskWidth } from "../built-env.ts";
import { isArraySpace } from "../rows.ts";
import type { AnyRules } from "../rules.ts";
import { copyColumns } from "./shared-frame.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Whole {
  readonly seq: number;
  readonly index: Uint32Array | undefined;
  readonly timing: Timing;
}

/** What every frame has, for all parts: filled part by part, the first while the others are still at work. */
export class DenseColumns {
  readonly rows: number;
  readonly #rules: AnyRules;
  readonly #frame: Pick<Mutable<Frame>, "status" | "observations" | "rewards" | "terminated" | "truncated" | "mask">;

  constructor(rules: AnyRules, rows: number) {
    this.rows = rows;
    this.#rules = rules;
    const width = maskWidth(rules);
    this.#frame = {
      status: new Uint8Array(rows),
      observations: unset(rules.observation, rows) as never, // a batch of the observation space
      rewards: new Float64Array(rows),
      terminated: new Uint8Array(rows),
      truncated: new Uint8Array(rows),
      ...(width > 0 && { mask: new Uint8Array(rows * width) }),
    };
  }

  /** Copies the columns of a part whose first row is `first`. */
  put(part: Frame, first: number): void {
    const { status, observations, rewards, terminated, truncated, mask } = this.#frame;
    status.set(part.status, first);
    rewards.set(part.rewards, first);
    terminated.set(part.terminated, first);
    truncated.set(part.truncated, first);
    copyColumns(this.#rules.observation, part.observations, observations, first);
    if (mask !== undefined && part.mask !== undefined) mask.set(part.mask, first * maskWidth(this.#rules));
  }

  get columns(): Omit<Frame, "seq" | "timing"> {
    return this.#frame;
  }
}

/** @param parts at least one; @param begun columns that hold the first part already */
export function mergeFrames(
  rules: AnyRules,
  parts: readonly Frame[],
  { seq, index, timing }: Whole,
  begun?: DenseColumns,
): Frame {
  const firsts = offsets(parts.map(({ status }) => status.length));
  const rows = firsts.total;
  const dense = begun ?? new DenseColumns(rules, rows);
  for (let i = begun === undefined ? 0 : 1; i < parts.length; i++) dense.put(parts[i]!, firsts.of[i]!);
  const merged: Mutable<Frame> = { seq, ...dense.columns, timing };
  if (index !== undefined) merged.index = index;
  if (rules.infoSpace !== undefined && rules.info !== undefined)
    merged.info = joinBatches(rules.infoSpace, parts.map(({ info }) => info), rows); // prettier-ignore
  mergeSparse(merged, rules, parts, firsts.of);
  mergeParts(merged, parts, firsts.of, rows);
  return merged;
}

function mergeSparse(merged: Mutable<Frame>, rules: AnyRules, parts: readonly Frame[], of: readonly number[]): void {
  const finals = parts.map(({ final }) => final);
  if (finals.some((final) => final !== undefined)) merged.final = mergeFinals(rules, finals, of);
  const ends = parts.map(({ episode }) => episode);
  if (ends.some((episode) => episode !== undefined))
    merged.episode = {
      index: places(ends, of),
      return: join(Float64Array, ends.map((e) => e?.return ?? [])), // prettier-ignore
      length: join(Int32Array, ends.map((e) => e?.length ?? [])), // prettier-ignore
    };
  const starts = parts.map(({ seeds }) => seeds);
  if (starts.some((seeds) => seeds !== undefined))
    merged.seeds = {
      index: places(starts, of),
      episode: join(Float64Array, starts.map((s) => s?.episode ?? [])), // prettier-ignore
      seed: join(Float64Array, starts.map((s) => s?.seed ?? [])), // prettier-ignore
    };
  const errors = parts.flatMap(({ errors: some = [] }, i) => some.map((e) => ({ ...e, index: e.index + of[i]! })));
  if (errors.length > 0) merged.errors = errors;
}

function mergeFinals(
  rules: AnyRules,
  finals: readonly Frame["final"][],
  of: readonly number[],
): NonNullable<Frame["final"]> {
  const index = places(finals, of);
  const given = finals.map((final) => final?.observations);
  return {
    index,
    observations: joinBatches(rules.observation, given, index.length),
    ...(maskWidth(rules) > 0 && { mask: join(Uint8Array, finals.map((f) => f?.mask ?? [])) }), // prettier-ignore
  };
}

/** A row whose part of the batch has no such named part of the reward holds NaN, as in a batch that is whole. */
function mergeParts(merged: Mutable<Frame>, parts: readonly Frame[], of: readonly number[], rows: number): void {
  const names = new Set(parts.flatMap(({ parts: named = {} }) => Object.keys(named)));
  if (names.size === 0) return;
  const columns: Record<string, Float64Array> = {};
  for (const name of [...names].sort()) {
    const column = (columns[name] = new Float64Array(rows).fill(NaN));
    parts.forEach(({ parts: named }, i) => {
      if (named?.[name] !== undefined) column.set(named[name], of[i]);
    });
  }
  merged.parts = columns;
}

function offsets(lengths: readonly number[]): { readonly of: readonly number[]; readonly total: number } {
  let total = 0;
  const of = lengths.map((length) => (total += length) - length);
  return { of, total };
}

/** Places within the parts as places within the whole. */
function places(columns: readonly ({ readonly index: Uint32Array } | undefined)[], of: readonly number[]): Uint32Array {
  const total = columns.reduce((sum, column) => sum + (column?.index.length ?? 0), 0);
  const all = new Uint32Array(total);
  let at = 0;
  columns.forEach((column, i) => {
    if (column === undefined) return;
    const { index } = column;
    const first = of[i]!;
    for (let k = 0; k < index.length; k++) all[at++] = index[k]! + first;
  });
  return all;
}

function join<T extends NumericArray>(array: new (length: number) => T, pieces: readonly ArrayLike<number>[]): T {
  const { of, total } = offsets(pieces.map(({ length }) => length));
  const whole = new array(total);
  pieces.forEach((piece, i) => whole.set(piece, of[i]));
  return whole;
}

/** Batches that are absent have no rows. */
function joinBatches(space: Space, batches: readonly unknown[], rows: number): never {
  const whole = allocate(space, rows);
  let first = 0;
  for (const batch of batches) {
    if (batch === undefined) continue;
    copyColumns(space, batch, whole, first);
    first += batchLength(space, batch as never);
  }
  return whole as never; // the space decides at run time what its batch is
}

/** A batch with anything in it: every row of it is about to be written, and large ones take longer to zero than to write. */
function unset(space: Space, rows: number): unknown {
  if (!isArraySpace(space)) return allocate(space, rows);
  const array = ARRAYS[dtypeOf(space)];
  const { BYTES_PER_ELEMENT: width } = new array(0);
  const bytes = Buffer.allocUnsafeSlow(rows * elementsOf(space) * width);
  return new (array as unknown as new (buffer: ArrayBuffer) => NumericArray)(bytes.buffer); // all of them take a buffer
}
