/** The plugins that PLUGIN names: a path, an installed package, or the id of a built-in env. */
import type { AnyPlugin } from "../env/define.ts";
import { addBuiltIns, addPlugin, Registry } from "../registry/index.ts";
import { isPluginPath } from "./catalogue.ts";

/** A module may hold an id that a built-in has too: built-ins are looked up by id only. @throws {GymError} BAD_PLUGIN, UNKNOWN_ENV with the nearest id */
export async function pluginsNamed(spec: string): Promise<readonly AnyPlugin[]> {
  if (isPluginPath(spec)) return await addPlugin(new Registry(), spec);
  const builtIn = new Registry();
  await addBuiltIns(builtIn);
  if (builtIn.ids().includes(spec)) return [builtIn.find(spec).plugin];
  return await addPlugin(new Registry(), spec).catch((error: unknown) => {
    // Neither an env nor a package: a near id is the likelier meaning.
    if (!spec.startsWith("@") && !spec.includes("/")) builtIn.find(spec);
    throw error;
  });
}
