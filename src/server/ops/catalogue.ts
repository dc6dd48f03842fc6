/** `envs` and `ping`: what needs no env. */
import { spaceToJson } from "../../../protocol/space-json.ts";
import type { EnvInfo } from "../../../protocol/env-info.ts";
import type { EnvLine } from "../../../protocol/messages.ts";
import { catalogue } from "../../registry/catalogue.ts";
import type { Handler } from "../session.ts";

export const ping: Handler<"ping"> = (session, { id }) => {
  session.reply({ op: "ping", id });
};

export const envs: Handler<"envs"> = async (session, { id }) => {
  const lines = await catalogue(session.context.registry);
  session.reply({ op: "envs", id, envs: lines.map(envLine) });
};

export function envLine({ action, observation, ...rest }: EnvInfo): EnvLine {
  return {
    ...rest,
    ...(action && { action: spaceToJson(action) }),
    ...(observation && { observation: spaceToJson(observation) }),
  };
}
