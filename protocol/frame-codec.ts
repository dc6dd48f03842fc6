/** Frames <-> the fields that carry them on the wire: typed arrays become little-endian bytes and back, without a copy where alignment allows. */
import { arrayOf, BYTES, bytesOf } from "./bytes.ts";
import { fromColumns, toColumns } from "./columns.ts";
import { GymError, isErrorCode } from "./errors.ts";
import type { EpisodeRows, FinalRows, Frame, RowError, SeedRows } from "./frames.ts";
import type { FrameFields, WireRowError } from "./messages.ts";
import { decodeIndex } from "./row-index.ts";
import { maskWidthOf } from "./space-values.ts";
import type { BatchOf, DType, DTypes, Space } from "./spaces.ts";

/** The spaces a frame's columns are of. The action space gives the width of the mask. */
export interface FrameSpaces<O extends Space = Space, I extends Space = Space> {
  readonly observation: O;
  readonly action: Space;
  readonly info?: I;
}

/** The wire fields of a frame. They are views of its arrays: encode them before the arrays change. */
export function encodeFrame<O extends Space, I extends Space>(
  frame: Frame<O, I>,
  spaces: FrameSpaces<O, I>,
): FrameFields {
  const {
    seq,
    index,
    status,
    mask,
    rewards,
    parts,
    terminated,
    truncated,
    final,
    episode,
    seeds,
    info,
    timing,
    errors,
  } = frame;
  // Set one by one: spreading what is not there costs more than to encode the frame of a single row.
  const fields: Mutable<FrameFields> = {
    seq,
    status,
    terminated,
    truncated,
    timing,
    observations: toColumns(spaces.observation, frame.observations, status.length),
    rewards: bytesOf(rewards),
  };
  if (index) fields.index = bytesOf(index);
  if (mask) fields.mask = mask;
  if (parts) fields.parts = mapValues(parts, bytesOf);
  if (final) fields.final = encodeFinal(final, spaces.observation);
  if (episode) fields.episode = encodeEpisode(episode);
  if (seeds) fields.seeds = encodeSeeds(seeds);
  if (info && spaces.info) fields.info = toColumns(spaces.info, info, status.length);
  if (errors) fields.errors = errors;
  return fields;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The frame that wire fields carry. `where` names the message in errors. @throws {GymError} BAD_MESSAGE when the lengths of the fields do not agree. */
export function decodeFrame<O extends Space, I extends Space>(
  fields: FrameFields,
  spaces: FrameSpaces<O, I>,
  where = "step",
): Frame<O, I> {
  const { status, mask, index, parts, final, episode, seeds, info, errors } = fields;
  const rows = status.length;
  const width = maskWidthOf(spaces.action);
  checkStatus(status, where);
  const frame: Mutable<Frame<O, I>> = {
    seq: fields.seq,
    status,
    observations: fromColumns(spaces.observation, fields.observations, rows, `${where}.observations`),
    rewards: exact("float64", fields.rewards, rows, where, "rewards"),
    terminated: exact("uint8", fields.terminated, rows, where, "terminated"),
    truncated: exact("uint8", fields.truncated, rows, where, "truncated"),
    timing: fields.timing,
  };
  if (index) frame.index = exact("uint32", index, rows, where, "index");
  if (mask) frame.mask = exact("uint8", mask, rows * width, where, "mask");
  if (parts) frame.parts = mapValues(parts, (part, name) => exact("float64", part, rows, `${where}.parts`, name));
  if (final) frame.final = decodeFinal(final, spaces.observation, rows, width, `${where}.final`);
  if (episode) frame.episode = decodeEpisode(episode, rows, `${where}.episode`);
  if (seeds) frame.seeds = decodeSeeds(seeds, rows, `${where}.seeds`);
  if (info && spaces.info) frame.info = fromColumns(spaces.info, info, rows, `${where}.info`);
  if (errors) frame.errors = errors.map((error, i) => decodeError(error, rows, `${where}.errors[${i}]`));
  return frame;
}

function encodeFinal<O extends Space>(
  { index, observations, mask }: FinalRows<O>,
  space: O,
): NonNullable<FrameFields["final"]> {
  const columns = toColumns(space, observations, index.length);
  return { index: bytesOf(index), observations: columns, ...(mask && { mask }) };
}

function decodeFinal<O extends Space>(
  { index, observations, mask }: NonNullable<FrameFields["final"]>,
  space: O,
  rows: number,
  width: number,
  where: string,
): FinalRows<O> {
  const which = decodeIndex(index, rows, `${where}.index`);
  const batch: BatchOf<O> = fromColumns(space, observations, which.length, `${where}.observations`);
  if (mask === undefined) return { index: which, observations: batch };
  return { index: which, observations: batch, mask: exact("uint8", mask, which.length * width, where, "mask") };
}

const encodeEpisode = (episode: EpisodeRows): NonNullable<FrameFields["episode"]> => ({
  index: bytesOf(episode.index),
  return: bytesOf(episode.return),
  length: bytesOf(episode.length),
});

function decodeEpisode(fields: NonNullable<FrameFields["episode"]>, rows: number, where: string): EpisodeRows {
  const index = decodeIndex(fields.index, rows, `${where}.index`);
  return {
    index,
    return: exact("float64", fields.return, index.length, where, "return"),
    length: exact("int32", fields.length, index.length, where, "length"),
  };
}

const encodeSeeds = (seeds: SeedRows): NonNullable<FrameFields["seeds"]> => ({
  index: bytesOf(seeds.index),
  episode: bytesOf(seeds.episode),
  seed: bytesOf(seeds.seed),
});

function decodeSeeds(fields: NonNullable<FrameFields["seeds"]>, rows: number, where: string): SeedRows {
  const index = decodeIndex(fields.index, rows, `${where}.index`);
  return {
    index,
    episode: exact("float64", fields.episode, index.length, where, "episode"),
    seed: exact("float64", fields.seed, index.length, where, "seed"),
  };
}

function decodeError(error: WireRowError, rows: number, where: string): RowError {
  const { code, message } = error;
  if (error.index >= rows) throw bad(`${where}.index`, `a row in 0..${rows - 1}`, error.index);
  // A newer server may have codes this client has never heard of.
  return isErrorCode(code) ? { ...error, code } : { ...error, code: "INTERNAL", message: `${code}: ${message}` };
}

function checkStatus(status: Uint8Array, where: string): void {
  for (let i = 0; i < status.length; i++) {
    if ((status[i] as number) > 3) throw bad(`${where}.status`, "values in 0..3", status[i]);
  }
}

/** `count` elements of a dtype. @throws {GymError} BAD_MESSAGE on any other number of bytes. */
function exact<D extends DType>(dtype: D, bytes: Uint8Array, count: number, where: string, name: string): DTypes[D] {
  const length = count * BYTES[dtype];
  if (bytes.length !== length) throw bad(`${where}.${name}`, `${length} bytes of ${dtype}`, bytes.length);
  return arrayOf(dtype, bytes);
}

const bad = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_MESSAGE", where, { expected, received });

const mapValues = <T, U>(map: Readonly<Record<string, T>>, make: (value: T, name: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, make(value, name)]));
