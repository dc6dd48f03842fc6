/** `make` and `close`. */
import { GymError } from "../../../protocol/errors.ts";
import { layout } from "../../../protocol/layout.ts";
import type { Replies, Request } from "../../../protocol/messages.ts";
import { spaceToJson } from "../../../protocol/space-json.ts";
import type { Space } from "../../../protocol/spaces.ts";
import { makeBatch } from "../../registry/make.ts";
import { Handle } from "../handle.ts";
import type { Handler, Session } from "../session.ts";

export const make: Handler<"make"> = async (session, request) => {
  refuseLater(request);
  const { registry, limits, record } = session.context;
  const secret = registry.find(request.env).plugin.secret ?? false;
  session.need("step", secret, `${request.env}: make`);
  if (request.seed !== undefined || request.seeds !== undefined) session.need("seeds", secret, `${request.env}: seed`);
  session.assertRoom(request.num);
  const { maxNum, stepDeadlineMs, maxConcurrent } = limits;
  const made = await makeBatch(
    registry,
    { ...request, recordObservations: request.record?.observations },
    { maxNum, stepDeadlineMs, maxConcurrent, record },
  );
  const { seeds, options, window = 1 } = request;
  const handle = session.add(
    (id) =>
      new Handle(id, made, {
        window: Math.min(Math.max(window, 1), limits.maxWindow),
        maxQueued: limits.maxQueued,
        first: { ...(seeds && { seeds }), ...(options && { options }) },
      }),
  );
  session.reply({ op: "make", id: request.id, ...describe(session, handle) });
};

/** Parts of `make` that are defined and not served yet: refused, never ignored. */
function refuseLater({ queue, mode, players }: Request<"make">): void {
  const given = { queue, "mode first-ready": mode === "first-ready" || undefined, players };
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined)
      throw new GymError("UNSUPPORTED", `make.${name}`, { hint: "This server does not have it." });
  }
}

export const close: Handler<"close"> = async (session, { id, env }) => {
  await session.drop(session.handle(env));
  session.reply({ op: "close", id, env });
};

function describe(session: Session, handle: Handle): Replies["make"] {
  const { runner, env } = handle;
  const { action, observation, infoSpace, info, render } = env.rules;
  const known: Space | undefined = info === undefined ? undefined : infoSpace;
  return {
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
    params: env.params,
    autoreset: runner.autoreset,
    maxSteps: runner.maxSteps,
    maskWidth: handle.maskWidth,
    ...(session.may("seeds", env.secret) && { seed: runner.seed }),
    window: handle.replies.window,
    mode: "lockstep",
    secret: env.secret,
    deterministic: env.deterministic,
    features: [...(render ? ["render"] : []), ...(session.may("snapshot", env.secret) ? ["snapshot"] : [])],
  };
}
