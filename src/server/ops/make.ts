/** `make` and `close`. */
import { GymError } from "../../../protocol/errors.ts";
import type { Request } from "../../../protocol/messages.ts";
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
    onFault: session,
  });
  const { seeds, options, queue, window = 1, mode = "lockstep" } = request;
  const handle = session.add(
    (id) =>
      new Handle(id, made, {
        madeBy: request.id,
        request: wanted,
        window: Math.min(Math.max(window, 1), limits.maxWindow),
        maxQueued: limits.maxQueued,
        maxDeliveries: limits.maxDeliveries,
        mode,
        first: { ...(seeds && { seeds }), ...(options && { options }), ...(queue && { queue }) },
      }),
  );
  session.replyMade(handle);
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
