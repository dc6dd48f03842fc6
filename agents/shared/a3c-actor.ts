/** An actor of asynchronous training, in a process of its own: steps its envs, sends a gradient, goes on with the weights that come back. */
import { once } from "node:events";
import { connect, type Client } from "dojang/client";
import { local } from "dojang/client/local";
import { GymError, type RowError } from "dojang/protocol";
import { lastValueFrom, tap } from "rxjs";
import { findAgent } from "../registry.ts";
import { columnsOf } from "../streams/columns-of.ts";
import { rollout } from "../streams/rollout.ts";
import type { ActorHome, ActorStart, Failed, Push } from "./a3c-messages.ts";
import type { Gradient, Shared, Versioned } from "./a3c-shared.ts";

async function act(start: ActorStart): Promise<void> {
  const { agent, config, seed, num, params, home, maxSteps } = start;
  const limit = maxSteps === undefined ? {} : { maxSteps };
  const env = await clientOf(home).make(start.env, { num, seed, params, autoreset: "same-step", ...limit });
  if (env.version !== start.envVersion) throw otherEnv(start, env.version);
  const { shared, act: choose } = findAgent(agent).create(env.spaces, config, { seed });
  if (shared === undefined) throw new TypeError(`${agent}: expected an agent that several processes can train`);
  shared.take(start.weights);
  const faults: RowError[] = [];
  const exchange = exchanger(shared, start.version, faults);
  // The next step is taken with the new weights: `settle` holds it back until they are here.
  const gradients = shared.gradients(rollout(env, choose).pipe(tap((batch) => faults.push(...batch.faults))));
  await lastValueFrom(gradients.pipe(tap((gradient) => gradient.batch.settle(exchange(gradient)))));
}

/** Sends a gradient, takes over the weights that come back. */
function exchanger(shared: Shared, first: number, faults: RowError[]): (gradient: Gradient) => Promise<void> {
  let version = first;
  return async ({ batch, metrics, gradients }) => {
    const answer = once(process, "message");
    send({ kind: "push", version, slope: { metrics, gradients }, columns: columnsOf(batch), faults: faults.splice(0) });
    const [next] = (await answer) as [Versioned];
    version = next.version;
    shared.take(next.weights);
  };
}

const clientOf = ({ server, token, plugins = [] }: ActorHome): Client =>
  server === undefined ? local({ plugins }) : connect(server, token === undefined ? {} : { token });

const otherEnv = ({ env, envVersion }: ActorStart, received: string): GymError =>
  new GymError("BAD_PARAM", `actor: ${env}`, {
    expected: `version ${envVersion}, as the learner has it`,
    received,
    hint: "Actors and learner must find the same env.",
  });

const send = (message: Push | Failed): void => void process.send?.(message);

/** Tells the error; its parent then ends this process. */
function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  send({ kind: "failed", code: error instanceof GymError ? error.code : "INTERNAL", message });
}

process.once("disconnect", () => process.exit());
process.once("message", (start: ActorStart) => void act(start).catch(fail));
