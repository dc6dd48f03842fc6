/** `dojang demo` (`npm start` in the repository): the main job from server to verified replay, in well under a minute. */
import { join, relative } from "node:path";
import { subcommand } from "../command.ts";
import { runDemo } from "../demo/main-job.ts";
import { EXIT } from "../errors.ts";
import { pasted } from "../hint.ts";
import { duration } from "../progress.ts";
import { stamp } from "../record.ts";

export const demo = subcommand({
  name: "demo",
  arguments: [],
  options: ["seed", "steps", "episodes", "out"],
  examples: ["dojang demo", "dojang demo --seed 7 --json"],
  async run({ options, out, signal }) {
    const { seed = 1, steps, episodes = 1_000, out: folder = join("runs", `demo-${stamp()}`) } = options;
    const result = await runDemo({ folder, seed, episodes, ...(steps !== undefined && { steps }), out, signal });
    const [run, recording] = [result.run, result.recording].map((path) => relative(process.cwd(), path)) as [
      string,
      string,
    ];
    const next = [
      `done in ${duration(result.seconds)}. Try next:`,
      `  ${pasted("eval", run, "--seed", "2")}`,
      `  ${pasted("replay", recording, "--episode", "3")}`,
      `  ${pasted("train", "q-learning", "Taxi-v4")}`,
      `  ${pasted("envs")}`,
    ];
    out.result(result, next.join("\n"));
    return EXIT.done;
  },
});
