/** Opens sessions by the thousand, steps each once, and closes it or drops it while the step is under way. */
import { makeClient } from "../../src/client/client.ts";
import type { ClientSocket, OpenSocket } from "../../src/client/socket.ts";
import { eachAtOnce } from "./at-once.ts";
import { loopback, openFrom } from "./load-socket.ts";
import { answerParent } from "./processes.ts";
import { slowEnv } from "./slow-env.ts";

interface Churn {
  readonly url: string;
  readonly sessions: number;
}

/** Sessions at once. */
const LANES = 64;
/** Longer than it takes to drop the socket. */
const STEP_MS = 60;

/** @returns how many were dropped in the middle of their step */
async function churn({ url, sessions }: Churn): Promise<number> {
  let dropped = 0;
  await eachAtOnce(sessions, LANES, async (n) => {
    if (n % 2 === 0) await finish(url, n);
    else if (await drop(url, n)) dropped++;
  });
  return dropped;
}

async function finish(url: string, n: number): Promise<void> {
  const client = makeClient(url, {}, openFrom(loopback(n)));
  const env = await client.make(slowEnv.id, { num: 1, seed: n, params: { ms: 0 } });
  await env.reset();
  await env.step(Int32Array.of(0));
  await client.close();
}

/** True when the step had not been answered. */
async function drop(url: string, n: number): Promise<boolean> {
  let socket: ClientSocket | undefined;
  const open: OpenSocket = (...call) => (socket = openFrom(loopback(n))(...call));
  const client = makeClient(url, { reconnectMs: 0 }, open);
  const env = await client.make(slowEnv.id, { num: 1, seed: n, params: { ms: STEP_MS } });
  await env.reset();
  const step = env.step(Int32Array.of(0) as never).then(
    () => false,
    () => true,
  );
  // The request leaves first: what was written before is sent before the socket goes.
  await new Promise((resolve) => setTimeout(resolve, 2));
  socket?.terminate();
  const lost = await step;
  await client.close();
  return lost;
}

const answers = { churn };

export type ChurnAnswers = typeof answers;
answerParent(answers);
