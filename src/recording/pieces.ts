/** Parts of segments that belong to one episode: cut out, kept, joined. */
import { arrayOf } from "../../protocol/bytes.ts";
import { fromColumns } from "../../protocol/columns.ts";
import type { NumericArray, Space } from "../../protocol/spaces.ts";
import type { RecordedEpisode } from "./episodes.ts";
import type { RecordingInfo, Segment } from "./format.ts";
import { batchBytes, concatArrays, concatBatches, copyBatch, dtypeName, sliceBatch } from "./leaves.ts";
import { DamageError } from "./mcap-records.ts";

interface Named {
  readonly array: NumericArray;
  /** Elements of a step. */
  readonly size: number;
}

/** What some consecutive steps hold, as arrays. */
interface Steps {
  readonly actions: unknown;
  readonly rewards: Float64Array;
  /** [steps] */
  readonly digests: Int32Array;
  readonly observations?: unknown;
  /** [steps * maskWidth] */
  readonly masks?: Uint8Array;
  readonly parts: ReadonlyMap<string, Named>;
  readonly extras: ReadonlyMap<string, Named>;
}

/** The columns of a segment. */
export interface Decoded extends Steps {
  /** [2 * episodes] digests of first observations */
  readonly first: Int32Array;
  readonly firstObservations?: unknown;
  readonly firstMasks?: Uint8Array;
}

/** The part of a segment that belongs to one episode. */
export interface Piece extends Steps {
  readonly steps: number;
}

/** @throws {DamageError} when the columns do not fit the space */
export function columnsOf(space: Space, columns: readonly Uint8Array[], n: number): unknown {
  try {
    return fromColumns(space, columns, n, "segment", "BAD_RECORDING");
  } catch (error) {
    throw new DamageError((error as Error).message, { cause: error });
  }
}

/** @throws {DamageError} when they do not fit the spaces */
export function decodeColumns(segment: Segment, info: RecordingInfo): Decoded {
  const { steps, episodes, parts = {}, extras = {}, observations, firstObservations } = segment;
  const { action, observation } = info;
  const begun = episodes.length;
  return {
    actions: columnsOf(action, segment.actions, steps),
    rewards: arrayOf("float64", segment.rewards),
    digests: arrayOf("int32", segment.digests),
    first: arrayOf("int32", segment.first),
    ...(observations && { observations: columnsOf(observation, observations, steps) }),
    ...(firstObservations && { firstObservations: columnsOf(observation, firstObservations, begun) }),
    ...(segment.masks && { masks: checkMasks(segment.masks, steps * info.maskWidth) }),
    ...(segment.firstMasks && { firstMasks: checkMasks(segment.firstMasks, begun * info.maskWidth) }),
    parts: new Map(Object.entries(parts).map(([name, data]) => [name, { array: arrayOf("float64", data), size: 1 }])),
    extras: new Map(
      Object.entries(extras).map(([name, { dtype, size, data }]) => [name, { array: arrayOf(dtype, data), size }]),
    ),
  };
}

function checkMasks(masks: Uint8Array, length: number): Uint8Array {
  if (masks.length === length) return masks;
  throw new DamageError(`masks of ${masks.length} bytes, not ${length}`);
}

/** Steps from .. to-1, as views. */
export const cutPiece = (
  { action, observation, maskWidth }: RecordingInfo,
  all: Decoded,
  from: number,
  to: number,
): Piece => ({
  steps: to - from,
  actions: sliceBatch(action, all.actions, from, to),
  rewards: all.rewards.subarray(from, to),
  digests: all.digests.subarray(from, to),
  ...(all.observations !== undefined && { observations: sliceBatch(observation, all.observations, from, to) }),
  ...(all.masks && { masks: all.masks.subarray(from * maskWidth, to * maskWidth) }),
  parts: mapNamed(all.parts, (array) => array.subarray(from, to)),
  extras: mapNamed(all.extras, (array, size) => array.subarray(from * size, to * size)),
});

/** A copy with arrays of its own. */
export const keepPiece = ({ action, observation }: RecordingInfo, piece: Piece): Piece => ({
  steps: piece.steps,
  actions: copyBatch(action, piece.actions),
  rewards: piece.rewards.slice(),
  digests: piece.digests.slice(),
  ...(piece.observations !== undefined && { observations: copyBatch(observation, piece.observations) }),
  ...(piece.masks && { masks: piece.masks.slice() }),
  parts: mapNamed(piece.parts, (array) => array.slice()),
  extras: mapNamed(piece.extras, (array) => array.slice()),
});

const mapNamed = (
  named: ReadonlyMap<string, Named>,
  change: (array: NumericArray, size: number) => NumericArray,
): ReadonlyMap<string, Named> =>
  named.size === 0
    ? named
    : new Map([...named].map(([name, { array, size }]) => [name, { array: change(array, size), size }]));

/** Bytes a piece takes, roughly where values are no arrays. */
export function pieceBytes({ action, observation }: RecordingInfo, piece: Piece): number {
  const seen = piece.observations === undefined ? 0 : batchBytes(observation, piece.observations);
  const observed = seen + (piece.masks?.length ?? 0);
  let bytes = 12 * piece.steps + batchBytes(action, piece.actions) + observed;
  for (const { array } of [...piece.parts.values(), ...piece.extras.values()]) bytes += array.byteLength;
  return bytes;
}

type Joined = Pick<
  RecordedEpisode,
  "actions" | "rewards" | "obsDigests" | "observations" | "masks" | "parts" | "extras"
>;

export function joinPieces({ action, observation }: RecordingInfo, pieces: readonly Piece[]): Joined {
  const observed = pieces.length > 0 && pieces.every((piece) => piece.observations !== undefined);
  const masks = observed ? pieces.flatMap((piece) => piece.masks ?? []) : [];
  const parts = joinParts(pieces);
  const extras = joinExtras(pieces);
  return {
    actions: concatBatches(action, pieces.map((piece) => piece.actions)), // prettier-ignore
    rewards: concatArrays("float64", pieces.map((piece) => piece.rewards)) as Float64Array, // prettier-ignore
    obsDigests: concatArrays("int32", pieces.map((piece) => piece.digests)) as Int32Array, // prettier-ignore
    ...(observed && { observations: concatBatches(observation, pieces.map((piece) => piece.observations)) }), // prettier-ignore
    ...(masks.length > 0 && { masks: concatArrays("uint8", masks) as Uint8Array }),
    ...(parts && { parts }),
    ...(extras && { extras }),
  };
}

/** A part that came up later in the episode is NaN before. */
function joinParts(pieces: readonly Piece[]): Record<string, Float64Array> | undefined {
  if (pieces.every((piece) => piece.parts.size === 0)) return undefined;
  const names = new Set(pieces.flatMap((piece) => [...piece.parts.keys()]));
  const columnOf = (piece: Piece, name: string): NumericArray =>
    piece.parts.get(name)?.array ?? new Float64Array(piece.steps).fill(NaN);
  const join = (name: string): Float64Array => concatArrays("float64", pieces.map((piece) => columnOf(piece, name))) as Float64Array; // prettier-ignore
  return Object.fromEntries([...names].map((name) => [name, join(name)]));
}

/** An extra column that not every step of the episode has is left out. */
function joinExtras(pieces: readonly Piece[]): Record<string, NumericArray> | undefined {
  const joined: [string, NumericArray][] = [];
  for (const [name, { array, size }] of pieces[0]?.extras ?? []) {
    const arrays = pieces.flatMap((piece) => {
      const extra = piece.extras.get(name);
      return extra?.size === size && extra.array.constructor === array.constructor ? [extra.array] : [];
    });
    if (arrays.length === pieces.length) joined.push([name, concatArrays(dtypeName(array), arrays)]);
  }
  return joined.length === 0 ? undefined : Object.fromEntries(joined);
}
