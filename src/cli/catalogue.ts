/** The plugins a command works with: the built-in ones and those of --plugin, or one env that an argument names. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { wrongCall } from "./errors.ts";
import { addBuiltIns, addPlugin, Registry } from "../registry/index.ts";

/** @throws {GymError} BAD_PLUGIN */
export async function loadRegistry(
  plugins: readonly string[] = [],
  log?: (message: string) => void,
): Promise<Registry> {
  const registry = log === undefined ? new Registry() : new Registry({ log });
  await addBuiltIns(registry);
  for (const spec of plugins) await addPlugin(registry, spec);
  return registry;
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
  if (!isPluginPath(name)) return registry.find(name).plugin.id;
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
