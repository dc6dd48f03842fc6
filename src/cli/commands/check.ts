/** `dojang check PLUGIN`: plays every rule of the plugin contract and names the ones that are broken. */
import type { CheckReport } from "../../env/check-rules/report.ts";
import type { Finding } from "../../env/check-rules/rule.ts";
import { checkInWorker } from "../check-in-worker.ts";
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";

export const check = subcommand({
  name: "check",
  arguments: [{ name: "PLUGIN", doc: "a path (./my-env.ts), an installed package, or the id of a built-in env" }],
  options: [],
  examples: ["dojang check ./corridor.ts", "dojang check FrozenLake-v1"],
  async run({ args: [spec = ""], out, signal }) {
    let failed = 0;
    let envs = 0;
    const onReport = (report: CheckReport): void => {
      envs++;
      if (report.failed.length > 0) failed++;
      const shown = process.env["DOJANG_DEBUG"] === undefined ? withoutStacks(report) : report;
      if (out.json) out.record(shown);
      else out.say(describe(shown));
    };
    await checkInWorker(spec, { signal, onReport, onText: (text) => out.note(text) });
    const ok = failed === 0;
    out.result({ ok, envs, failed }, ok ? `${spec}: ok` : `${spec}: ${failed} of ${envs} envs break the contract`);
    return ok ? EXIT.done : EXIT.failed;
  },
});

const withoutStacks = (report: CheckReport): CheckReport => ({
  ...report,
  failed: report.failed.map(({ rule, message, hint }) => ({ rule, message, hint })),
});

function describe({ env, passed, failed, warnings, skipped }: CheckReport): string {
  const findings = (kind: string, list: readonly Finding[]): string[] =>
    list.map(({ message, hint, stack }) => `  ${kind} ${message}. ${hint}${stack === undefined ? "" : `\n${stack}`}`);
  const counts = `${passed.length} rules hold, ${failed.length} broken, ${warnings.length} warnings, ${skipped.length} not tried`;
  return [`${env}: ${counts}`, ...findings("BROKEN", failed), ...findings("warning", warnings)].join("\n");
}
