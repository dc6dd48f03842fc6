/** What a recorder is told: the batch it records, and its limits. */
import { randomUUID } from "node:crypto";
import type { Autoreset } from "../../protocol/frames.ts";
import { maskWidth, type BuiltEnv } from "../env/built-env.ts";
import { FORMAT_VERSION, type RecordingInfo } from "./format.ts";
import { thisMachine } from "./machine.ts";
import type { OpenSink } from "./sink.ts";

export interface RecorderOptions {
  /** First file; the others are numbered: x.mcap, x.2.mcap, ... */
  readonly path: string;
  readonly env: BuiltEnv;
  readonly num: number;
  /** Seed that episode seeds derive from. */
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Time limit in steps, 0 for none. */
  readonly maxSteps: number;
  /** Record full observations, not only digests. Default false. */
  readonly observations?: boolean;
  /** Bytes after which a chunk is written. Default 4 KiB for each instance, 1 MiB to 8 MiB in all. */
  readonly chunkBytes?: number;
  /** Milliseconds after which a chunk is written. Default 1,000. */
  readonly chunkMs?: number;
  /** Bytes that may wait for the disk, and a quarter as many for the recording thread, before steps wait too. Default 16 MiB. */
  readonly queueBytes?: number;
  /** Bytes after which the next file is begun. Default 1 GiB. */
  readonly partBytes?: number;
  /** Most bytes of extra columns a step. Default 64 KiB. */
  readonly maxExtrasBytes?: number;
  /** Whether a thread of its own does the work, where every value has a fixed size. Default: from 4 KiB a frame on. */
  readonly thread?: boolean;
  readonly openSink?: OpenSink;
}

/** The metadata of the first file. */
export function describeRecording({
  env,
  num,
  seed,
  autoreset,
  maxSteps,
  observations = false,
}: RecorderOptions): RecordingInfo {
  return {
    format: FORMAT_VERSION,
    recording: randomUUID(),
    part: 1,
    env: env.id,
    version: env.version,
    params: env.params,
    action: env.rules.action,
    observation: env.rules.observation,
    num,
    seed,
    autoreset,
    maxSteps,
    secret: env.secret,
    deterministic: env.deterministic,
    observations,
    maskWidth: maskWidth(env.rules),
    ...thisMachine(),
    created: new Date().toISOString(),
  };
}

/** Room for some two hundred steps of each instance where only digests are kept: a segment costs the same however short it is. */
export const defaultChunkBytes = (num: number): number => Math.min(2 ** 23, Math.max(2 ** 20, num * 2 ** 12));
