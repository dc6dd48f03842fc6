/** `make` and `close`. */
import { GymError } from "../../../protocol/errors.ts";
import { layout } from "../../../protocol/layout.ts";
import type { Replies, Request } from "../../../protocol/messages.ts";
import { spaceToJson } from "../../../protocol/space-json.ts";
import type { Space } from "../../../protocol/spaces.ts";
import type { BuiltEnv } from "../../env/built-env.ts";
import { checkRequest } from "../../env/reset-requests.ts";
import { makeBatch, type MakeRequest } from "../../registry/make.ts";
import { Handle } from "../handle.ts";
import type { Handler, Session } from "../session.ts";

export const make: Handler<"make"> = async (session, request) => {
  refuseLater(request);
  const secret = session.context.registry.find(request.env).plugin.secret ?? false;
  session.need("step", secret, `${request.env}: make`);
  if ((request.seed ?? request.seeds ?? request.queue?.seeds) !== undefined) {
    session.need("seeds", secret, `${request.env}: seeds`);
  }
  checkRequest(request.env, request, request.num);
  const release = session.reserve(request.num);
  try {
    await makeAndAdd(session, request);
  } finally {
    release();
  }
};

async function makeAndAdd(session: Session, request: Request<"make">): Promise<void> {
  const { registry, limits, record } = session.context;
  const { maxNum, maxFrameBytes, stepDeadlineMs, maxConcurrent } = limits;
  const wanted = wantedOf(request);
  const made = await makeBatch(registry, wanted, {
    maxNum,
    maxFrameBytes,
    stepDeadlineMs,
    maxConcurrent,
    record,
    onFault: session.onFault(request.env),
  });
  const { seeds, options, queue, window = 1, mode = "lockstep" } = request;
  const handle = session.add(
    (id) =>
      new Handle(id, made, {
        request: { ...wanted, seed: made.runner.seed },
        window: Math.min(Math.max(window, 1), limits.maxWindow),
        maxQueued: limits.maxQueued,
        maxDeliveries: limits.maxDeliveries,
        mode,
        first: { ...(seeds && { seeds }), ...(options && { options }), ...(queue && { queue }) },
      }),
  );
  session.reply({ op: "make", id: request.id, ...describe(session, handle) });
}

function wantedOf({ env, num, seed, autoreset, params, maxSteps, record }: Request<"make">): MakeRequest {
  return { env, num, seed, autoreset, params, maxSteps, recordObservations: record?.observations };
}

/** Part of `make` that is reserved: refused, never ignored. */
function refuseLater({ players }: Request<"make">): void {
  if (players !== undefined)
    throw new GymError("UNSUPPORTED", "make.players", { hint: "This server has one agent an env." });
}

export const close: Handler<"close"> = async (session, { id, env }) => {
  await session.drop(session.handle(env));
  session.reply({ op: "close", id, env });
};

/** Params of the operator (paths, URLs) stay here. */
function publicParams(session: Session, { id, params }: BuiltEnv): BuiltEnv["params"] {
  const schema = session.context.registry.find(id).plugin.params ?? {};
  return Object.fromEntries(Object.entries(params).filter(([name]) => schema[name]?.operator !== true));
}

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
    params: publicParams(session, env),
    autoreset: runner.autoreset,
    maxSteps: runner.maxSteps,
    maskWidth: handle.maskWidth,
    ...(session.may("seeds", env.secret) && { seed: runner.seed }),
    window: handle.replies.window,
    mode: handle.mode,
    secret: env.secret,
    deterministic: env.deterministic,
    features: [...(render ? ["render"] : []), ...(session.may("snapshot", env.secret) ? ["snapshot"] : [])],
  };
}
