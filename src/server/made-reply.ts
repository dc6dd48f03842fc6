/** The answer to `make`, from the env itself: it need not be kept for a client that lost its socket. */
import { layout } from "../../protocol/layout.ts";
import type { Reply } from "../../protocol/messages.ts";
import { spaceToJson } from "../../protocol/space-json.ts";
import type { Space } from "../../protocol/spaces.ts";
import { maskWidth, type BuiltEnv } from "../env/built-env.ts";
import type { Handle } from "./handle.ts";
import type { Session } from "./session.ts";

/** Params of the operator (paths, URLs) stay here. */
function publicParams(session: Session, { id, params }: BuiltEnv): BuiltEnv["params"] {
  const schema = session.context.registry.find(id).plugin.params ?? {};
  return Object.fromEntries(Object.entries(params).filter(([name]) => schema[name]?.operator !== true));
}

export function madeReply(session: Session, handle: Handle): Reply<"make"> {
  const { runner, env } = handle;
  const { action, observation, infoSpace, info, render } = env.rules;
  const known: Space | undefined = info === undefined ? undefined : infoSpace;
  return {
    op: "make",
    id: handle.madeBy,
    env: handle.id,
    name: env.id,
    version: env.version,
    num: runner.num,
    spaces: {
      action: spaceToJson(action),
      observation: spaceToJson(observation),
      ...(known && { info: spaceToJson(known) }),
    },
    layout: { action: layout(action), observation: layout(observation), ...(known && { info: layout(known) }) },
    params: publicParams(session, env),
    autoreset: runner.autoreset,
    maxSteps: runner.maxSteps,
    maskWidth: maskWidth(env.rules),
    ...(session.may("seeds", env.secret) && { seed: runner.seed }),
    window: handle.window,
    mode: handle.mode,
    secret: env.secret,
    deterministic: env.deterministic,
    features: [...(render ? ["render"] : []), ...(session.may("snapshot", env.secret) ? ["snapshot"] : [])],
  };
}
