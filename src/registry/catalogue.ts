/** The catalogue as data: what `dojang envs` and the `envs` message show. */
import type { EnvInfo } from "../../protocol/env-info.ts";
import { paramsToJson } from "../env/resolve-params.ts";
import type { Registered, Registry } from "./registry.ts";

/** What is known of envs that could be built: clients may ask often, and to build all of them is work. */
const known = new WeakMap<Registered, EnvInfo>();

/** One env: its spaces are those of the default params, absent where it cannot be built with them. */
export async function envInfo(registry: Registry, id: string): Promise<EnvInfo> {
  const found = registry.find(id);
  const held = known.get(found);
  if (held !== undefined) return held;
  const { plugin, source } = found;
  const lease = await registry.lease(id).catch(() => undefined);
  const rules = lease?.env.rules;
  await lease?.release();
  const info = {
    id,
    version: plugin.version ?? "0",
    description: plugin.description ?? "",
    source,
    params: paramsToJson(plugin.params ?? {}),
    ...(rules && { action: rules.action, observation: rules.observation, maxSteps: rules.maxSteps ?? 0 }),
  };
  if (rules !== undefined) known.set(found, info);
  return info;
}

export const catalogue = (registry: Registry): Promise<EnvInfo[]> =>
  Promise.all(registry.ids().map((id) => envInfo(registry, id)));
