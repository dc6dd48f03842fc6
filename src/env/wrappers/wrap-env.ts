/** wrapEnv: a plugin made of another one, with wrapped rules. */
import type { AnyPlugin, Plugin } from "../define.ts";
import type { ParamsSchema } from "../params.ts";
import type { AnyRules } from "../rules.ts";

/** The plugin under another id, with the same params and with `wrapper(rules)` in place of its rules. Version, description and the rest are the same: spread
 *  the result to say otherwise. @param id `[namespace/]Name-vN`, not that of `plugin`. @throws {RangeError} when it is */
export function wrapEnv<P extends ParamsSchema, R, W>(
  plugin: Plugin<P, R>,
  id: string,
  wrapper: (rules: R) => W,
): Plugin<P, W>;
export function wrapEnv(plugin: AnyPlugin, id: string, wrapper: (rules: AnyRules) => unknown): AnyPlugin;
export function wrapEnv(plugin: AnyPlugin, id: string, wrapper: (rules: never) => unknown): AnyPlugin {
  if (id === plugin.id) throw new RangeError(`wrapEnv: id: expected another one than that of the plugin, got ${id}`);
  return {
    ...plugin,
    id,
    async build(params: never, host) {
      const built = (await plugin.build(params, host)) as AnyRules;
      try {
        return wrapper(built as never); // its own rules: the overloads tie the two
      } catch (error) {
        await built.close?.(); // nobody else will
        throw error;
      }
    },
  };
}
