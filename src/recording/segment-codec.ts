/** MessagePack -> segments. Trusts nothing: every field and length is checked before it is used. */
import "../../protocol/no-native.ts"; // before msgpackr: imports are evaluated in this order
import { Unpackr } from "msgpackr";
import { BYTES } from "../../protocol/bytes.ts";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { DType } from "../../protocol/spaces.ts";
import { MAX_SEGMENT_STEPS, type EpisodeStart, type ExtraColumn, type FaultMark, type Segment } from "./format.ts";
import { scan } from "../../protocol/scan.ts";

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

/** Reset options count towards it; the chunk's size bounds the rest. */
const LIMITS = { maxElements: 2 ** 24 };

/** @throws {GymError} BAD_RECORDING, naming the first field that is wrong. */
export function decodeSegment(message: Uint8Array): Segment {
  const fields = record(parse(message), "segment");
  const steps = count(fields["steps"], "steps", MAX_SEGMENT_STEPS);
  const wall = list(fields["wall"], "wall");
  if (wall.length !== 2) throw bad("wall", "two times", wall);
  const episodes = list(fields["episodes"], "episodes").map((start) => episodeStart(start, steps));
  return {
    instance: count(fields["instance"], "instance"),
    start: count(fields["start"], "start"),
    steps,
    wall: [finite(wall[0], "wall"), finite(wall[1], "wall")],
    open: fields["open"] === null ? null : openEpisode(fields["open"]),
    episodes: inOrder(episodes, "episodes"),
    first: binary(fields["first"], "first", 4 * episodes.length),
    actions: columns(fields["actions"], "actions"),
    rewards: binary(fields["rewards"], "rewards", 8 * steps),
    terminated: binary(fields["terminated"], "terminated", steps),
    truncated: binary(fields["truncated"], "truncated", steps),
    digests: binary(fields["digests"], "digests", 4 * steps),
    ...optional("firstObservations", fields["firstObservations"], (value) => columns(value, "firstObservations")),
    ...optional("observations", fields["observations"], (value) => columns(value, "observations")),
    ...optional("firstMasks", fields["firstMasks"], (value) => bytes(value, "firstMasks")),
    ...optional("masks", fields["masks"], (value) => bytes(value, "masks")),
    ...optional("parts", fields["parts"], (value) => each(value, "parts", (part) => binary(part, "parts", 8 * steps))),
    ...optional("extras", fields["extras"], (value) => each(value, "extras", (extra) => extraColumn(extra, steps))),
    ...optional("faults", fields["faults"], (value) => inOrder(list(value, "faults").map((mark) => faultMark(mark, steps)), "faults")), // prettier-ignore
  };
}

function parse(message: Uint8Array): unknown {
  try {
    scan(message, LIMITS);
    // A view of our own: msgpackr leaves a property on what it reads, and gives Buffers where it reads a Buffer.
    return unpackr.unpack(new Uint8Array(message.buffer, message.byteOffset, message.byteLength));
  } catch (error) {
    throw new GymError("BAD_RECORDING", `segment: ${(error as Error).message}`, {}, error);
  }
}

function episodeStart(value: unknown, steps: number): EpisodeStart {
  const fields = record(value, "episodes");
  return {
    episode: count(fields["episode"], "episodes.episode"),
    seed: count(fields["seed"], "episodes.seed"),
    at: count(fields["at"], "episodes.at", steps),
    step: count(fields["step"], "episodes.step"),
    ...optional("options", fields["options"], json),
    ...(fields["restored"] === true && { restored: true as const }),
  };
}

function openEpisode(value: unknown): { episode: number; step: number } {
  const fields = record(value, "open");
  return { episode: count(fields["episode"], "open.episode"), step: count(fields["step"], "open.step") };
}

function faultMark(value: unknown, steps: number): FaultMark {
  const fields = record(value, "faults");
  return {
    at: count(fields["at"], "faults.at", steps),
    begun: count(fields["begun"], "faults.begun"),
    code: text(fields["code"], "faults.code"),
    ...optional("message", fields["message"], (message) => text(message, "faults.message")),
    ...optional("action", fields["action"], (action) => columns(action, "faults.action")),
    ...optional("reset", fields["reset"], failedReset),
  };
}

function failedReset(value: unknown): NonNullable<FaultMark["reset"]> {
  const fields = record(value, "faults.reset");
  return {
    episode: count(fields["episode"], "faults.reset.episode"),
    seed: count(fields["seed"], "faults.reset.seed"),
    ...optional("options", fields["options"], json),
  };
}

function extraColumn(value: unknown, steps: number): ExtraColumn {
  const fields = record(value, "extras");
  const dtype = text(fields["dtype"], "extras.dtype");
  if (!isDType(dtype)) throw bad("extras.dtype", `one of ${Object.keys(BYTES).join(", ")}`, dtype);
  const size = count(fields["size"], "extras.size", 2 ** 24);
  return { dtype, size, data: binary(fields["data"], "extras.data", steps * size * BYTES[dtype]) };
}

const isDType = (name: string): name is DType => Object.hasOwn(BYTES, name);

/** Marks in a segment come in the order of the steps. */
function inOrder<M extends { readonly at: number }>(marks: readonly M[], where: string): readonly M[] {
  const wrong = marks.find((mark, i) => i > 0 && mark.at < (marks[i - 1] as M).at);
  if (wrong) throw bad(where, "an ascending order", wrong.at);
  return marks;
}

const bad = (field: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_RECORDING", `segment.${field}`, { expected, received });

function record(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw bad(field, "a map", value);
}

function list(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(field, "a list", value);
}

function count(value: unknown, field: string, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw bad(field, `an integer in 0..${max}`, value);
}

function finite(value: unknown, field: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw bad(field, "a number", value);
}

function text(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw bad(field, "a text", value);
}

function bytes(value: unknown, field: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw bad(field, "bytes", value);
}

function binary(value: unknown, field: string, length: number): Uint8Array {
  if (value instanceof Uint8Array && value.length === length) return value;
  throw bad(field, `${length} bytes`, value);
}

const columns = (value: unknown, field: string): Uint8Array[] =>
  list(value, field).map((column) => bytes(column, field));

const each = <T>(value: unknown, field: string, read: (item: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record(value, field)).map(([name, item]) => [name, read(item)]));

/** The field as it goes into an object literal: left out where it is absent. */
const optional = <N extends string, T>(name: N, value: unknown, read: (value: unknown) => T): { [K in N]?: T } =>
  value === undefined ? {} : ({ [name]: read(value) } as { [K in N]: T });

function json(value: unknown): JsonValue {
  if (value instanceof Uint8Array) throw bad("options", "JSON values", value);
  if (Array.isArray(value)) return value.map(json);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, json(item)]));
}
