/** Settings that are known to work for an agent on an env. `train` starts from them; whatever the caller sets wins. */
import type { JsonValue } from "dojang/protocol";

export interface Preset {
  /** Over the agent's defaults. */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** env steps */
  readonly steps: number;
  /** instances */
  readonly num: number;
}

const PRESETS: Readonly<Record<string, Readonly<Record<string, Preset>>>> = {
  "q-learning": {},
};

/** The preset for an agent on an env, undefined where there is none. */
export const preset = (agentId: string, envId: string): Preset | undefined => PRESETS[agentId]?.[envId];
