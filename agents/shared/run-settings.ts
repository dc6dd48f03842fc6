/** The settings of a run of an agent; what `dojang train r1` wrote is told apart, for it is used in other ways. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { GymError } from "dojang/protocol";
import { RUN_FILE } from "../text/r1/run-file.ts";
import { readConfig } from "./run.ts";
import type { TrainSettings } from "./train-settings.ts";

/** @throws {GymError} BAD_RUN where there are none, or the folder is of r1 */
export async function readTrainSettings(folder: string): Promise<TrainSettings> {
  if (isOfR1(folder)) throw ofR1(folder, "a run of r1", folder);
  const config = await readConfig(folder);
  // `train` wrote the file; agent and env say that it did.
  if (typeof config["agent"] === "string" && typeof config["env"] === "string") return config as unknown as TrainSettings; // prettier-ignore
  if (isOfR1(dirname(folder))) throw ofR1(folder, "a stage of r1", `${dirname(folder)} --stage ${basename(folder)}`);
  throw new GymError("BAD_RUN", join(folder, "config.json"), { expected: "the settings of a run", received: config });
}

/** Does the folder hold a whole run of the recipe? */
export const isOfR1 = (folder: string): boolean => existsSync(join(folder, RUN_FILE));

const ofR1 = (folder: string, received: string, served: string): GymError =>
  new GymError("BAD_RUN", folder, {
    expected: "a run of an agent",
    received,
    hint: `\`dojang serve-policy ${served}\` serves its policy, and \`dojang eval llm\` plays with it.`,
  });
