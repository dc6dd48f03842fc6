/** `dojang recover FILE`: a readable, indexed file out of one whose writer was killed. */
import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { recoverRecording, type RecoverReport } from "../../recording/recover.ts";
import { subcommand } from "../command.ts";
import { EXIT, wrongCall } from "../errors.ts";
import { pasted } from "../hint.ts";
import { count } from "../progress.ts";

export const recover = subcommand({
  name: "recover",
  arguments: [{ name: "FILE", doc: "recording (.mcap) that nothing writes to any more" }],
  options: ["out"],
  examples: ["dojang recover recordings/FrozenLake-v1-1.mcap", "dojang recover damaged.mcap --out whole.mcap"],
  async run({ args: [file = ""], options, out }) {
    if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
      throw wrongCall(file, "a recording (.mcap)", "a folder", "Name a file in it.");
    const report = options.out === undefined ? await inPlace(file) : await intoNew(file, options.out);
    for (const { offset, reason } of report.damage) out.note(`dojang: byte ${offset}: ${reason}`);
    out.result(report, describe(report));
    return EXIT.done;
  },
});

async function intoNew(file: string, output: string): Promise<RecoverReport> {
  if (existsSync(output)) throw wrongCall(`--out ${output}`, "a name that is free", "a file");
  return await recoverRecording(file, { output });
}

/** The damaged bytes stay as FILE.damaged where any of them could not be used. */
async function inPlace(file: string): Promise<RecoverReport & { readonly kept?: string }> {
  const kept = `${file}.damaged`;
  const mine = existsSync(file) && !existsSync(kept);
  if (mine) linkSync(file, kept);
  try {
    const report = await recoverRecording(file);
    if (report.bytesLost > 0) return { ...report, kept };
    if (mine) rmSync(kept);
    return report;
  } catch (error) {
    if (mine) rmSync(kept);
    throw error;
  }
}

function describe({
  output,
  chunks,
  episodes,
  steps,
  bytesLost,
  missingSteps,
  kept,
}: RecoverReport & { kept?: string }): string {
  const lost =
    bytesLost === 0
      ? "nothing lost"
      : `${count(bytesLost)} bytes could not be used${kept === undefined ? "" : ` (${kept} has them)`}`;
  const missing = missingSteps === 0 ? "" : `, ${count(missingSteps)} steps missing between chunks`;
  return `${output}: ${count(episodes)} episodes, ${count(steps)} steps in ${count(chunks)} chunks; ${lost}${missing}\nnext: ${pasted("replay", output, "--verify")}`;
}
