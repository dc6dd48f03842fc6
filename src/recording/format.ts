/** The types of a recording file: what its metadata says and what a segment holds. README.md is the normative description. */
import type { Autoreset, JsonValue } from "../../protocol/frames.ts";
import type { DType, Space } from "../../protocol/spaces.ts";

export const PROFILE = "dojang";
export const FORMAT_VERSION = 2;
/** The one channel of a file; every message on it is a segment. */
export const TOPIC = "/segments";
export const SCHEMA_NAME = "dojang.Segment";
/** Most steps of a segment. */
export const MAX_SEGMENT_STEPS = 4096;

/** Where an env came from and what it was run on: the metadata of a file. */
export interface RecordingInfo {
  readonly format: number;
  /** The same in all files of a recording. */
  readonly recording: string;
  /** Number of the file in its recording, from 1. */
  readonly part: number;
  readonly env: string;
  /** Version of the plugin. */
  readonly version: string;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly action: Space;
  readonly observation: Space;
  readonly num: number;
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Time limit in steps, 0 for none. */
  readonly maxSteps: number;
  /** The episodes can give away answers: not to be handed to agents. */
  readonly secret: boolean;
  readonly deterministic: boolean;
  /** Full observations are in the file, not only their digests, and legal-action masks where the env has them. */
  readonly observations: boolean;
  /** Flags of a legal-action mask, 0 for none. */
  readonly maskWidth: number;
  readonly dojang: string;
  readonly node: string;
  readonly v8: string;
  readonly arch: string;
  /** ISO 8601 */
  readonly created: string;
}

/** An episode that begins in a segment. */
export interface EpisodeStart {
  readonly episode: number;
  readonly seed: number;
  /** How many steps of the segment come before it. */
  readonly at: number;
  /** Steps the episode had before: 0, or more where it was put back from a snapshot. */
  readonly step: number;
  readonly options?: JsonValue;
  readonly restored?: true;
}

/** A plugin that failed. The episode ends here without a transition. */
export interface FaultMark {
  /** How many steps of the segment come before it, */
  readonly at: number;
  /** and how many of the episodes that begin in the segment. */
  readonly begun: number;
  readonly code: string;
  /** Absent for secret envs. */
  readonly message?: string;
  /** The action that could not be stepped, as columns of one row; absent where a reset failed. */
  readonly action?: readonly Uint8Array[];
  /** What a reset that failed was called with. */
  readonly reset?: { readonly episode: number; readonly seed: number; readonly options?: JsonValue };
}

export interface ExtraColumn {
  readonly dtype: DType;
  /** Elements of a step. */
  readonly size: number;
  readonly data: Uint8Array;
}

/** Up to 4,096 consecutive steps of one instance as little-endian columns. */
export interface Segment {
  readonly instance: number;
  /** Steps of this instance in the recording before this segment. */
  readonly start: number;
  readonly steps: number;
  /** Milliseconds since 1970 when the segment was begun and closed. */
  readonly wall: readonly [number, number];
  /** The episode that is under way at the start, and how many steps it has had; null when there is none. */
  readonly open: { readonly episode: number; readonly step: number } | null;
  readonly episodes: readonly EpisodeStart[];
  /** u32 [episodes]: digests of first observations */
  readonly first: Uint8Array;
  /** Columns [episodes] of the observation space. */
  readonly firstObservations?: readonly Uint8Array[];
  /** Columns [steps] of the action space. */
  readonly actions: readonly Uint8Array[];
  /** f64 [steps] */
  readonly rewards: Uint8Array;
  /** u8 [steps] */
  readonly terminated: Uint8Array;
  /** u8 [steps] */
  readonly truncated: Uint8Array;
  /** u32 [steps]: digest of the observation after each step */
  readonly digests: Uint8Array;
  /** f64 [steps] by name; NaN where a step has no such part. */
  readonly parts?: Readonly<Record<string, Uint8Array>>;
  /** Columns [steps] of the observation space: what followed each step. */
  readonly observations?: readonly Uint8Array[];
  /** u8 [episodes * maskWidth] and [steps * maskWidth]: with the observations, where the env has masks. */
  readonly firstMasks?: Uint8Array;
  readonly masks?: Uint8Array;
  readonly extras?: Readonly<Record<string, ExtraColumn>>;
  readonly faults?: readonly FaultMark[];
}
