/** An episode as it is read back, and its digest. */
import type { JsonValue } from "../../protocol/frames.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import { BatchHasher, Hasher, type Digest } from "./digest.ts";
import type { FaultMark, RecordingInfo } from "./format.ts";

export interface RecordedEpisode {
  /** The recording it comes from: env, params, spaces, versions. */
  readonly info: RecordingInfo;
  readonly env: string;
  readonly params: Readonly<Record<string, JsonValue>>;
  readonly instance: number;
  /** Number of the episode within its instance, from 0. */
  readonly episode: number;
  readonly seed: number;
  readonly options?: JsonValue;
  /** Steps the episode had before the first one recorded: 0 unless restored. */
  readonly firstStep: number;
  /** Put back from a snapshot: what came before is not in this recording. */
  readonly restored: boolean;
  readonly steps: number;
  /** Batch [steps] of the action space. */
  readonly actions: unknown;
  /** [steps] */
  readonly rewards: Float64Array;
  /** The rules ended it. */
  readonly terminated: boolean;
  /** The time limit ended it. */
  readonly truncated: boolean;
  /** Digest of the first observation. Absent where the reset failed. */
  readonly firstDigest?: number;
  /** [steps] digest of the observation after each step. */
  readonly obsDigests: Int32Array;
  /** Batch [1] of the observation space, where full observations were recorded. */
  readonly firstObservation?: unknown;
  /** Batch [steps] of the observation space: what followed each step. */
  readonly observations?: unknown;
  /** [maskWidth] and [steps * maskWidth] legal-action masks, with the observations where the env has masks. */
  readonly firstMask?: Uint8Array;
  readonly masks?: Uint8Array;
  /** [steps] each; NaN where a step had no such part. */
  readonly parts?: Readonly<Record<string, Float64Array>>;
  /** [steps * size] each: what the agent sent along. */
  readonly extras?: Readonly<Record<string, NumericArray>>;
  /** It was played to its end: terminated or truncated. False when it was cut by a reset, a fault, or the end of the recording. */
  readonly complete: boolean;
  /** The plugin failed. `action`: a batch [1], what it could not step; absent where the reset failed. */
  readonly fault?: Pick<FaultMark, "code" | "message"> & { readonly action?: unknown };
  /** Milliseconds since 1970, within a chunk's length: no digest covers them. */
  readonly wall: readonly [number, number];
}

/** Over seed, options, actions, rewards, flags and observation digests, never wall times; the order is in README.md. */
export function episodeDigest(episode: RecordedEpisode): Digest {
  const hasher = new Hasher();
  const { seed, options, firstStep, firstDigest, steps, rewards, obsDigests } = episode;
  hasher.word(seed | 0);
  hasher.word(Math.floor(seed / 2 ** 32));
  if (options === undefined) hasher.word(-1);
  else hasher.text(canonicalJson(options));
  hasher.word(firstStep | 0);
  hasher.word(firstDigest ?? 0);
  const actions = new Int32Array(steps);
  new BatchHasher(episode.info.action).digest(episode.actions, steps, actions);
  for (let t = 0; t < steps; t++) {
    hasher.word(actions[t] as number);
    hasher.double(rewards[t] as number);
    hasher.word(obsDigests[t] as number);
  }
  hasher.word((episode.terminated ? 1 : 0) + (episode.truncated ? 2 : 0) + (episode.fault ? 4 : 0));
  hasher.word(steps);
  return hasher.finish();
}

/** JSON without spaces, the fields of objects in the order of their names' code units. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(",")}}`;
}
