/** `dojang replay FILE --verify`: every episode again, and the first step of each that differs. */
import type { ReadReport, Recording } from "../recording/index.ts";
import type { BuildEnv } from "../recording/replay.ts";
import { contentDigest, explainDivergence, verifyRecording, type VerifyReport } from "../recording/index.ts";
import type { ReplayCall } from "./commands/replay.ts";
import { EXIT } from "./errors.ts";
import { pasted } from "./hint.ts";
import { stopIfAborted } from "./interrupt.ts";
import { count } from "./progress.ts";
import { isWanted, noneWanted } from "./wanted-episodes.ts";

/** Status 1 when a step differs or the file is damaged. */
export async function verifyFile(
  call: ReplayCall,
  file: string,
  recording: Recording,
  build: BuildEnv,
): Promise<number> {
  const { options, out, signal } = call;
  const report = await verifyRecording(recording, build, {
    rescore: options.rescore === true,
    only: isWanted(options),
    onEpisode: () => stopIfAborted(signal, "verify"),
  });
  const damaged = damageOf(report.read);
  if (damaged !== undefined)
    out.note(
      `dojang: ${damaged}. \`${pasted("recover", file)}\` makes it whole and keeps the damaged bytes beside it.`,
    );
  else if (!report.read.complete) out.note(`dojang: ${file}: its writer did not close it; what it holds was read.`);
  const found = report.episodes > 0 || Object.keys(report.skipped).length > 0;
  if (!found && (options.episode ?? options.instance) !== undefined)
    throw noneWanted(file, options, report.read.episodes);
  const ok = report.ok && damaged === undefined;
  const digest = await contentDigest(recording);
  out.result({ file, digest, ...report, ok }, `${describe(file, report)}\ncontent digest ${digest}`);
  return ok ? EXIT.done : EXIT.failed;
}

function damageOf({ parts }: ReadReport): string | undefined {
  const part = parts.find(({ damage }) => damage !== undefined);
  return (
    part &&
    `${part.path}: readable up to byte ${part.damage?.offset ?? 0} of ${part.bytes}: ${part.damage?.reason ?? ""}`
  );
}

function describe(
  file: string,
  { episodes, steps, diverged, divergences, skipped, versions, limited, rescored }: VerifyReport,
): string {
  const lines = divergences.map((one) => `DIVERGED ${explainDivergence(one)}`);
  if (diverged > 0)
    for (const { what, recorded, here } of versions) lines.push(`  ${what}: recorded ${recorded}, here ${here}`);
  for (const [reason, number] of Object.entries(skipped))
    lines.push(`not checked: ${count(number)} episodes ${reason}`);
  if (limited !== undefined) lines.push(`limited: ${limited}`);
  if (rescored !== undefined)
    lines.push(`rescored: ${count(rescored.changed)} of ${count(rescored.steps)} verdicts differ`);
  const verdict =
    episodes === 0 ? "nothing to compare" : diverged === 0 ? "all as recorded" : `${count(diverged)} episodes differ`;
  return [...lines, `${file}: ${count(episodes)} episodes, ${count(steps)} steps played again: ${verdict}`].join("\n");
}
