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
  const infos = await catalogue(session.context.registry);
  session.reply({ op: "envs", id, envs: infos.map(envLine) });
};

const lines = new WeakMap<EnvInfo, EnvLine>();

export function envLine(info: EnvInfo): EnvLine {
  let line = lines.get(info);
  if (line === undefined) {
    const { action, observation, ...rest } = info;
    line = {
      ...rest,
      ...(action && { action: spaceToJson(action) }),
      ...(observation && { observation: spaceToJson(observation) }),
    };
    lines.set(info, line);
  }
  return line;
}
