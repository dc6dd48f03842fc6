/** Settings that are known to work for an agent on an env. `train` starts from them; whatever the caller sets wins. */
import { policyGradient } from "./policy-gradient.ts";
import type { Preset, Presets } from "./preset.ts";
import { tabular } from "./tabular.ts";
import { valueBased } from "./value-based.ts";

const PRESETS: Presets = { ...tabular, ...valueBased, ...policyGradient };

/** The preset for an agent on an env, undefined where there is none. */
export function preset(agentId: string, envId: string): Preset | undefined {
  const known = Object.hasOwn(PRESETS, agentId) ? PRESETS[agentId] : undefined;
  return known && Object.hasOwn(known, envId) ? known[envId] : undefined;
}
