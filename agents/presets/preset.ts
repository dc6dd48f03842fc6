/** What a preset holds. */
import type { JsonValue } from "dojang/protocol";

export interface Preset {
  /** Over the agent's defaults. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** env steps */
  readonly steps: number;
  /** instances */
  readonly num: number;
}

/** By agent, then by env. */
export type Presets = Readonly<Record<string, Readonly<Record<string, Preset>>>>;
