/** wrapEnv: a plugin made of another one, with wrapped rules. */
import type { Plugin } from "../define.ts";
import type { ParamsSchema } from "../params.ts";
import type { Rules } from "../rules.ts";
import { erased } from "./plumbing.ts";

/** Rules of a plugin whose types are not known. */
export type UnknownRules = Rules<unknown>;

/** What `build` of a plugin gives; of an `AnyPlugin` that is not known. */
type Built<R> = unknown extends R ? UnknownRules : R;

/** The plugin under another id, with the same params and with `wrapper(rules)` in place of its rules. Version, description and the rest are the same: spread
 *  the result to say otherwise. @param id `[namespace/]Name-vN`. @throws {RangeError} when it is that of `plugin` */
export function wrapEnv<P extends ParamsSchema, R, W>(
  plugin: Plugin<P, R>,
  id: string,
  wrapper: (rules: Built<R>) => W,
): Plugin<P, W> {
  if (id === plugin.id) throw new RangeError(`wrapEnv: id: expected another one than that of the plugin, got ${id}`);
  return {
    ...plugin,
    id,
    async build(params, host) {
      const rules = (await plugin.build(params, host)) as Built<R>; // the same, but for its name where it is not known
      try {
        return wrapper(rules);
      } catch (error) {
        await erased(rules as object).close?.(); // nobody else will
        throw error;
      }
    },
  };
}
