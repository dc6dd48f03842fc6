/** What a file says about itself <-> the metadata record of MCAP, which maps names to texts. */
import { crc32 } from "node:zlib";
import { GymError } from "../../protocol/errors.ts";
import { AUTORESET, type Autoreset, type JsonValue } from "../../protocol/frames.ts";
import { spaceFromJson, spaceToJson } from "../../protocol/space-json.ts";
import type { Space } from "../../protocol/spaces.ts";
import { FORMAT_VERSION, type RecordingInfo } from "./format.ts";

/** Name of the metadata record. */
export const METADATA_NAME = "dojang";

const TEXTS = ["recording", "env", "version", "dojang", "node", "v8", "arch", "created"] as const;
const COUNTS = ["format", "part", "num", "seed", "maxSteps", "maskWidth"] as const;
const FLAGS = ["secret", "deterministic", "observations"] as const;

export function infoToMetadata(info: RecordingInfo): Map<string, string> {
  const map = new Map<string, string>();
  for (const name of TEXTS) map.set(name, info[name]);
  for (const name of [...COUNTS, ...FLAGS]) map.set(name, String(info[name]));
  map.set("autoreset", info.autoreset);
  map.set("params", JSON.stringify(info.params));
  map.set("action", JSON.stringify(spaceToJson(info.action)));
  map.set("observation", JSON.stringify(spaceToJson(info.observation)));
  // MCAP guards chunks with a checksum, but not this record.
  map.set("crc", checksum(map));
  return map;
}

/** @throws {GymError} BAD_RECORDING, naming the field. */
export function infoFromMetadata(map: ReadonlyMap<string, string>): RecordingInfo {
  const get = (name: string): string => {
    const value = map.get(name);
    if (value === undefined) throw bad(name, "a value", undefined);
    return value;
  };
  if (get("crc") !== checksum(map)) throw bad("crc", "the checksum of the other fields", get("crc"));
  const format = count("format", get("format"));
  if (format !== FORMAT_VERSION)
    throw bad("format", `version ${FORMAT_VERSION}`, format, "Read it with the dojang that wrote it.");
  const counts = Object.fromEntries(COUNTS.map((name) => [name, count(name, get(name))]));
  const texts = Object.fromEntries(TEXTS.map((name) => [name, get(name)]));
  const flags = Object.fromEntries(FLAGS.map((name) => [name, flag(name, get(name))]));
  const rest = {
    autoreset: autoreset(get("autoreset")),
    params: params(get("params")),
    action: space("action", get("action")),
    observation: space("observation", get("observation")),
  };
  // The three tables name all fields that `rest` leaves out; Object.fromEntries forgets their names.
  return { ...counts, ...texts, ...flags, ...rest } as unknown as RecordingInfo;
}

/** CRC-32 of "name=value" lines in the order of the names, as decimal digits. */
function checksum(map: ReadonlyMap<string, string>): string {
  const lines = [...map].filter(([name]) => name !== "crc").map(([name, value]) => `${name}=${value}\n`);
  return String(crc32(lines.sort().join("")));
}

const bad = (field: string, expected: string, received: unknown, hint?: string): GymError =>
  new GymError("BAD_RECORDING", `metadata.${field}`, { expected, received, ...(hint !== undefined && { hint }) });

function count(name: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw bad(name, "an integer in 0..2^53-1", text);
}

function flag(name: string, text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw bad(name, "true or false", text);
}

function autoreset(text: string): Autoreset {
  const mode = AUTORESET.find((known) => known === text);
  if (mode === undefined) throw bad("autoreset", `one of ${AUTORESET.join(", ")}`, text);
  return mode;
}

function params(text: string): Record<string, JsonValue> {
  const value = json("params", text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, JsonValue>;
  throw bad("params", "a JSON object", text);
}

function space(name: string, text: string): Space {
  try {
    return spaceFromJson(json(name, text), name);
  } catch (error) {
    if (error instanceof GymError && error.code === "BAD_RECORDING") throw error;
    throw new GymError("BAD_RECORDING", `metadata.${name}: ${(error as Error).message}`, {}, error);
  }
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(name, "JSON", text);
  }
}
