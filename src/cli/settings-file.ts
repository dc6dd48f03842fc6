/** --config FILE: hyperparameters from a JSON file: those alone, or all settings of a run (config.json, or what `dojang tune` writes). */
import { readFileSync } from "node:fs";
import type { JsonValue } from "../../protocol/frames.ts";
import { wrongCall } from "./errors.ts";

type JsonRecord = Readonly<Record<string, JsonValue>>;

/** @throws {GymError} BAD_PARAM when the file holds something else, or settings of another agent */
export function readSettings(file: string, agent: string): JsonRecord {
  const read = readJson(`--config ${file}`, file);
  const { config } = read;
  if (!isRecord(config)) return read;
  if (read["agent"] === undefined || read["agent"] === agent) return config;
  throw wrongCall(`--config ${file}`, `settings of ${agent}`, read["agent"]);
}

/** The JSON object in a file. @param where names it in errors @throws {GymError} BAD_PARAM */
export function readJson(where: string, file: string): JsonRecord {
  const text = readFileSync(file, "utf8");
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw wrongCall(where, "a JSON object", error instanceof Error ? error.message : text);
  }
  if (isRecord(value)) return value;
  throw wrongCall(where, "a JSON object", value);
}

const isRecord = (value: JsonValue | undefined): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);
