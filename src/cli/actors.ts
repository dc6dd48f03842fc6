/** Agents whose actors are processes of their own: where these find the env, what a command cannot ask of them, and what it says when one is replaced. */
import { findAgent, type TrainOptions } from "../../agents/index.ts";
import { isPluginPath } from "./catalogue.ts";
import { firstToken } from "./client.ts";
import { wrongCall } from "./errors.ts";
import type { Given } from "./options.ts";

type ActorOptions = Given<"server" | "tokenFile" | "plugin" | "record" | "recordObservations" | "envParam" | "data">;

/** What belongs to the process of the command, and would not reach the actors'. */
const HERE_ONLY = { record: "--record", recordObservations: "--record-observations", envParam: "--env-param", data: "--data" } as const; // prettier-ignore

/** @throws {GymError} BAD_PARAM for an option that the actors' envs would not know of */
export function actorsOf(
  agent: string,
  env: string,
  options: ActorOptions,
  note: (line: string) => void,
): Pick<TrainOptions, "home" | "onActor"> {
  if (!Object.hasOwn(findAgent(agent).schema, "actors")) return {};
  for (const [name, flag] of Object.entries(HERE_ONLY)) {
    if (options[name as keyof typeof HERE_ONLY] === undefined) continue;
    const hint = "Its actors make their envs in processes of their own: give it to `dojang serve`, and --server here.";
    throw wrongCall(`train ${agent}`, "none of --record, --env-param, --data", flag, hint);
  }
  const { server, tokenFile, plugin = [] } = options;
  const token = tokenFile === undefined ? undefined : firstToken(tokenFile);
  return {
    home: { server, token, plugins: [...plugin, ...(isPluginPath(env) ? [env] : [])] },
    onActor({ index, pid, after }) {
      if (after !== undefined) note(`actor ${index} ended (${after}); process ${pid} takes its place`);
    },
  };
}
