/** `dojang doctor`: what this machine has of what dojang can use, each found out by trying it. */
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";
import { table } from "../output.ts";
import { PROBES, type Finding } from "../probes.ts";

export const doctor = subcommand({
  name: "doctor",
  arguments: [],
  options: [],
  examples: ["dojang doctor", "dojang doctor --json"],
  async run({ out }) {
    const findings: Finding[] = [];
    for (const [name, probe] of Object.entries(PROBES)) findings.push({ name, ...(await probe()) });
    const missing = findings.filter((finding) => finding.needed && !finding.ok);
    for (const finding of findings) out.record(finding);
    out.result({ ok: missing.length === 0, missing: missing.map(({ name }) => name) }, table(findings.map(rowOf)));
    return missing.length === 0 ? EXIT.done : EXIT.failed;
  },
});

const rowOf = ({ name, ok, needed, found, means }: Finding): string[] => [
  ok ? "ok" : needed ? "MISSING" : "absent",
  name,
  ok || means === undefined ? found : `${found}. ${means}`,
];
