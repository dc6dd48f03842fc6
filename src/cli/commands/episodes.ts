/** `dojang episodes FILE`: what a recording holds, an episode a line. */
import { writerOf } from "../../recording/file-writer.ts";
import { openRecording, type RecordedEpisode } from "../../recording/index.ts";
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";
import { stopIfAborted } from "../interrupt.ts";
import { table } from "../output.ts";
import { count } from "../progress.ts";
import { sum } from "../sum.ts";

/** Lines for people; --json gives all. */
const SHOWN = 50;

export const episodes = subcommand({
  name: "episodes",
  arguments: [{ name: "FILE", doc: "recording (.mcap)" }],
  options: [],
  examples: ["dojang episodes recordings/FrozenLake-v1-1.mcap"],
  async run({ args: [file = ""], out, signal }) {
    const recording = await openRecording(file);
    try {
      const rows = [["INSTANCE", "EPISODE", "SEED", "STEPS", "RETURN", "END"]];
      for await (const episode of recording) {
        stopIfAborted(signal, "episodes");
        const line = lineOf(episode);
        out.record(line);
        if (rows.length <= SHOWN) rows.push(Object.values(line).map(String));
      }
      const { env } = recording.info;
      const { episodes: total, steps, complete } = recording.report;
      const more = total > SHOWN ? `\n... and ${count(total - SHOWN)} more (--json lists all)` : "";
      const state = complete ? "complete" : `NOT complete: ${whyNot(file)}`;
      out.result(
        { file, env, episodes: total, steps, complete },
        `${table(rows)}${more}\n${env}: ${count(total)} episodes, ${count(steps)} steps, ${state}`,
      );
      return EXIT.done;
    } finally {
      await recording.close();
    }
  },
});

function whyNot(file: string): string {
  const pid = writerOf(file);
  return pid === undefined ? "see `dojang recover`" : `process ${pid} is still writing to it`;
}

const lineOf = ({ instance, episode, seed, steps, rewards, terminated, truncated, fault }: RecordedEpisode) => ({
  instance,
  episode,
  seed,
  steps,
  return: sum(rewards),
  end: terminated ? "terminated" : truncated ? "truncated" : fault ? fault.code : "cut",
});
