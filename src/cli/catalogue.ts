/** The plugins a command works with: the built-in ones and those of --plugin, or one env that an argument names. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { AnyPlugin } from "../env/define.ts";
import { nearest, wrongCall } from "./errors.ts";
import type { OperatorParams } from "./operator-params.ts";
import { addBuiltIns, addPlugin, Registry } from "../registry/index.ts";

type Values = Readonly<Record<string, JsonValue>>;

export interface LoadOptions {
  /** Where plugins tell their operator something. Default: nowhere. */
  readonly log?: (message: string) => void;
  readonly operator?: OperatorParams;
}

/** @throws {GymError} BAD_PLUGIN */
export async function loadRegistry(
  plugins: readonly string[] = [],
  { log = () => undefined, operator }: LoadOptions = {},
): Promise<Registry> {
  const registry: Registry = new Registry({ log }, operator && { operatorParams: valuesOf(operator, () => registry) });
  await addBuiltIns(registry);
  for (const spec of plugins) await addPlugin(registry, spec);
  return registry;
}

/** All envs are known when the first one is built: then every name is checked. */
function valuesOf(operator: OperatorParams, registry: () => Registry): (plugin: AnyPlugin) => Values {
  let checked = false;
  return (plugin) => {
    if (!checked) operator.envs(registry());
    checked = true;
    return operator.of(plugin);
  };
}

/** Is this argument a plugin file rather than the id of an env? */
export const isPluginPath = (name: string): boolean =>
  name.startsWith("./") ||
  name.startsWith("../") ||
  isAbsolute(name) ||
  (/\.[cm]?[jt]s$/.test(name) && existsSync(name));

/**
 * The env that ENV names: an id as it is, or a plugin file, which is added to the registry.
 * @throws {GymError} BAD_PARAM when a file holds several envs, UNKNOWN_ENV, BAD_PLUGIN
 */
export async function envIdOf(registry: Registry, name: string): Promise<string> {
  if (!isPluginPath(name)) return findEnv(registry, name);
  const plugins = await addPlugin(registry, name);
  const [only] = plugins;
  if (plugins.length === 1 && only !== undefined) return only.id;
  throw wrongCall(
    name,
    "a module with one env",
    `${plugins.length} of them`,
    `Use --plugin ${name} and one of the ids ${plugins.map(({ id }) => id).join(", ")}.`,
  );
}

/** An id that is near to none is likelier to be one of a plugin. */
function findEnv(registry: Registry, id: string): string {
  if (registry.ids().includes(id) || nearest(id, registry.ids()) !== undefined) return registry.find(id).plugin.id;
  const hint = "Add --plugin with the file or package that has it; `dojang envs` lists the others.";
  throw new GymError("UNKNOWN_ENV", "env", { expected: "the id of an env", received: id, hint });
}
