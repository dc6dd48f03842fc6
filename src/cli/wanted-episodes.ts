/** The episodes of a recording that --episode and --instance name. */
import type { GymError } from "../../protocol/errors.ts";
import type { RecordedEpisode } from "../recording/index.ts";
import { wrongCall } from "./errors.ts";
import { pasted } from "./hint.ts";
import type { Given } from "./options.ts";

type Wanted = Given<"episode" | "instance">;

export const isWanted =
  ({ episode, instance }: Wanted) =>
  (one: RecordedEpisode): boolean =>
    (episode ?? one.episode) === one.episode && (instance ?? one.instance) === one.instance;

/** That none of the `seen` episodes of the file is one of them. */
export function noneWanted(file: string, { episode, instance }: Wanted, seen: number): GymError {
  if (seen === 0) return wrongCall(file, "a recording with episodes", "one without");
  const wanted = `${episode === undefined ? "" : ` --episode ${episode}`}${instance === undefined ? "" : ` --instance ${instance}`}`;
  return wrongCall(file, `an episode for${wanted}`, `${seen} others`, `\`${pasted("episodes", file)}\` lists them.`);
}
