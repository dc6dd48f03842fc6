/** What a preset holds. */
import type { JsonValue } from "dojang/protocol";

export interface Preset {
  /** Over the agent's defaults. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** env steps */
  readonly steps: number;
  /** instances */
  readonly num: number;
  /** Options of the resets, dealt out to the instances in turn. Absent: none. */
  readonly resets?: readonly JsonValue[];
}

/** By agent, then by env. */
export type Presets = Readonly<Record<string, Readonly<Record<string, Preset>>>>;
