/** A frame in shared memory: a thread writes it, another reads it, and nothing is serialised. */
import { ARRAYS, dtypeOf, elementsOf } from "../../../protocol/batch.ts";
import type { Frame } from "../../../protocol/frames.ts";
import type { NumericArray, Space } from "../../../protocol/spaces.ts";
import { maskWidth } from "../built-env.ts";
import type { FrameColumns } from "../frame-writer.ts";
import type { Shown } from "../observation-rows.ts";
import { arrayColumns, isArraySpace, rowsFrom } from "../rows.ts";
import type { AnyRules } from "../rules.ts";

/** Columns of up to `num` rows, each on shared memory of its own. */
export interface SharedFrame extends FrameColumns {
  readonly num: number;
  /** Rows that this frame is about: rows, final observations, ended episodes, begun episodes. */
  readonly counts: Int32Array;
  readonly actions: unknown;
  /** Instances to step; all where the frame is about all. */
  readonly index: Uint32Array;
  readonly info: unknown;
  readonly final: Shown & { readonly index: Uint32Array };
  readonly ends: { readonly index: Uint32Array; readonly return: Float64Array; readonly length: Int32Array };
  readonly starts: { readonly index: Uint32Array; readonly episode: Float64Array; readonly seed: Float64Array };
}

/** Places in `counts`. */
const ROWS = 0;
const FINALS = 1;
const ENDS = 2;
const STARTS = 3;

const bytes = (n: number): Uint8Array<SharedArrayBuffer> => new Uint8Array(new SharedArrayBuffer(n));
const uint32 = (n: number): Uint32Array => new Uint32Array(new SharedArrayBuffer(4 * n));
const int32 = (n: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * n));
const float64 = (n: number): Float64Array => new Float64Array(new SharedArrayBuffer(8 * n));

/** @param rules such as `canBeSharded` lets pass */
export function allocateShared(rules: AnyRules, num: number): SharedFrame {
  const shown = (): Shown => ({
    observations: sharedBatch(rules.observation, num),
    mask: bytes(num * maskWidth(rules)),
  });
  return {
    num,
    counts: int32(4),
    actions: sharedBatch(rules.action, num),
    index: uint32(num),
    status: bytes(num),
    rewards: float64(num),
    terminated: bytes(num),
    truncated: bytes(num),
    shown: shown(),
    info: rules.infoSpace && sharedBatch(rules.infoSpace, num),
    final: { ...shown(), index: uint32(num) },
    ends: { index: uint32(num), return: float64(num), length: int32(num) },
    starts: { index: uint32(num), episode: float64(num), seed: float64(num) },
  };
}

/** A batch of a space of fixed size. */
function sharedBatch(space: Space, num: number): unknown {
  if (isArraySpace(space)) {
    const array = ARRAYS[dtypeOf(space)] as unknown as new (buffer: SharedArrayBuffer) => NumericArray; // all of them take a buffer
    const width = new ARRAYS[dtypeOf(space)](0).BYTES_PER_ELEMENT;
    return new array(new SharedArrayBuffer(num * elementsOf(space) * width));
  }
  if (space.kind === "tuple") return space.items.map((item) => sharedBatch(item, num));
  if (space.kind !== "dict") throw new RangeError(`no shared memory for ${space.kind}`);
  return Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, sharedBatch(field, num)]));
}

/** to[first ..] := from, column by column. */
export function copyColumns(space: Space, from: unknown, to: unknown, first = 0): void {
  const targets = arrayColumns(space, to);
  arrayColumns(space, from).forEach(({ array, size }, i) => targets[i]?.array.set(array, first * size));
}

/** In the thread that steps: what of the frame has a column and was not written there in the first place. */
export function writeShared(to: SharedFrame, frame: Frame, { observation, infoSpace }: AnyRules): void {
  const { final, episode, seeds } = frame;
  to.counts[ROWS] = frame.status.length;
  to.counts[FINALS] = final?.index.length ?? 0;
  to.counts[ENDS] = episode?.index.length ?? 0;
  to.counts[STARTS] = seeds?.index.length ?? 0;
  if (infoSpace !== undefined && frame.info !== undefined) copyColumns(infoSpace, frame.info, to.info);
  if (final !== undefined) {
    to.final.index.set(final.index);
    copyColumns(observation, final.observations, to.final.observations);
    if (final.mask !== undefined) to.final.mask.set(final.mask);
  }
  for (const name of ["index", "return", "length"] as const) if (episode) to.ends[name].set(episode[name]);
  for (const name of ["index", "episode", "seed"] as const) if (seeds) to.starts[name].set(seeds[name]);
}

/** In the thread that asked: the frame as views of the columns, to be merged before the next step. */
export function readShared(from: SharedFrame, rules: AnyRules): Frame {
  const [rows = 0, finals = 0, ends = 0, starts = 0] = from.counts;
  const { observation, infoSpace } = rules;
  const width = maskWidth(rules);
  const masked = (mask: Uint8Array, count: number) => width > 0 && { mask: mask.subarray(0, count * width) };
  const first = (space: Space, batch: unknown, count: number): never => rowsFrom(space, batch, 0, count) as never; // the space decides what its batch is
  const { final, ends: ended, starts: begun } = from;
  return {
    seq: 0,
    status: from.status.subarray(0, rows),
    rewards: from.rewards.subarray(0, rows),
    terminated: from.terminated.subarray(0, rows),
    truncated: from.truncated.subarray(0, rows),
    timing: { queue: 0, env: 0, encode: 0 },
    observations: first(observation, from.shown.observations, rows),
    ...masked(from.shown.mask, rows),
    ...(infoSpace && { info: first(infoSpace, from.info, rows) }),
    ...(finals > 0 && {
      final: {
        index: final.index.subarray(0, finals),
        observations: first(observation, final.observations, finals),
        ...masked(final.mask, finals),
      },
    }),
    ...(ends > 0 && {
      episode: {
        index: ended.index.subarray(0, ends),
        return: ended.return.subarray(0, ends),
        length: ended.length.subarray(0, ends),
      },
    }),
    ...(starts > 0 && {
      seeds: {
        index: begun.index.subarray(0, starts),
        episode: begun.episode.subarray(0, starts),
        seed: begun.seed.subarray(0, starts),
      },
    }),
  };
}
