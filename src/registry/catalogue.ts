/** The catalogue as data: what `dojang envs` and the `envs` message show. */
import type { EnvInfo } from "../../protocol/env-info.ts";
import { paramsToJson } from "../env/resolve-params.ts";
import type { Registry } from "./registry.ts";

/** One env: its spaces are those of the default params, absent where it cannot be built with them. */
export async function envInfo(registry: Registry, id: string): Promise<EnvInfo> {
  const { plugin, source } = registry.find(id);
  const lease = await registry.lease(id).catch(() => undefined);
  const rules = lease?.env.rules;
  await lease?.release();
  return {
    id,
    version: plugin.version ?? "0",
    description: plugin.description ?? "",
    source,
    params: paramsToJson(plugin.params ?? {}),
    ...(rules && { action: rules.action, observation: rules.observation, maxSteps: rules.maxSteps ?? 0 }),
  };
}

export const catalogue = (registry: Registry): Promise<EnvInfo[]> =>
  Promise.all(registry.ids().map((id) => envInfo(registry, id)));
