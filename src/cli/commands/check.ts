/** `dojang check PLUGIN`: plays every rule of the plugin contract and names the ones that are broken. */
import { checkEnv } from "../../env/check.ts";
import type { CheckReport } from "../../env/check-rules/report.ts";
import type { Finding } from "../../env/check-rules/rule.ts";
import type { AnyPlugin } from "../../env/define.ts";
import { addBuiltIns, addPlugin, Registry } from "../../registry/index.ts";
import { isPluginPath } from "../catalogue.ts";
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";

export const check = subcommand({
  name: "check",
  summary: "Play every rule of the plugin contract against a plugin and name the ones it breaks.",
  arguments: [{ name: "PLUGIN", doc: "a path (./my-env.ts), an installed package, or the id of a built-in env" }],
  options: [],
  examples: ["dojang check ./corridor.ts", "dojang check FrozenLake-v1"],
  async run({ args: [spec = ""], out, signal }) {
    let failed = 0;
    let envs = 0;
    for (const plugin of await pluginsOf(spec)) {
      if (signal.aborted) break;
      const report = await checkEnv(plugin);
      envs++;
      if (report.failed.length > 0) failed++;
      out.record(report);
      if (!out.json) out.say(describe(report));
    }
    const ok = failed === 0 && !signal.aborted;
    out.result(
      { ok, envs, failed },
      failed === 0 ? `${spec}: ok` : `${spec}: ${failed} of ${envs} envs break the contract`,
    );
    return ok ? EXIT.done : EXIT.failed;
  },
});

/** A module may hold what is already there under the same id: then the one of the module is meant, so built-ins are only looked up by id. */
async function pluginsOf(spec: string): Promise<readonly AnyPlugin[]> {
  const registry = new Registry();
  if (isPluginPath(spec)) return await addPlugin(registry, spec);
  await addBuiltIns(registry);
  if (registry.ids().includes(spec)) return [registry.find(spec).plugin];
  return await addPlugin(new Registry(), spec).catch((error: unknown) => {
    // Neither an env nor a package: a near id is the likelier meaning.
    if (!spec.startsWith("@") && !spec.includes("/")) registry.find(spec);
    throw error;
  });
}

function describe({ env, passed, failed, warnings, skipped }: CheckReport): string {
  const findings = (kind: string, list: readonly Finding[]): string[] =>
    list.map(({ message, hint }) => `  ${kind} ${message}. ${hint}`);
  const counts = `${passed.length} rules hold, ${failed.length} broken, ${warnings.length} warnings, ${skipped.length} not tried`;
  return [`${env}: ${counts}`, ...findings("BROKEN", failed), ...findings("warning", warnings)].join("\n");
}
