/** One env, one step at a time: round trips a second beside those of a bare `ws` echo of the same byte sizes, in turns. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import type { EchoAnswers } from "./echo-process.ts";
import { frameSizes } from "./frame-sizes.ts";
import { startPeer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";
import { median } from "./statistics.ts";

export interface SequentialOptions {
  /** Turns of each side. */
  readonly rounds: number;
  /** Round trips in a turn. */
  readonly steps: number;
}

export interface SequentialFigures {
  /** Median over the rounds of step rate / echo rate. */
  readonly ratio: number;
  readonly stepsPerSecond: number;
  readonly echoesPerSecond: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
}

export async function benchSequential({ rounds, steps }: SequentialOptions): Promise<SequentialFigures> {
  await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  await using echo = await startPeer<EchoAnswers>(new URL("./echo-process.ts", import.meta.url));
  const url = await server.ask("start", {});
  const { requestBytes, replyBytes } = await frameSizes(url, 1, 20_000);
  const client = connect(url);
  const env = await client.make("CartPole-v1", { num: 1, seed: 1 });
  await env.reset();
  const socket = await openEcho(await echo.ask("start", { replyBytes }));
  const request = Buffer.alloc(requestBytes);
  await stepRate(env, steps);
  await echoRate(socket, request, steps);
  const rates: [stepped: number, echoed: number][] = [];
  for (let round = 0; round < rounds; round++) {
    rates.push([await stepRate(env, steps), await echoRate(socket, request, steps)]);
  }
  socket.terminate();
  await client.close();
  return {
    ratio: median(rates.map(([stepped, echoed]) => stepped / echoed)),
    stepsPerSecond: median(rates.map(([stepped]) => stepped)),
    echoesPerSecond: median(rates.map(([, echoed]) => echoed)),
    requestBytes,
    replyBytes,
  };
}

/** Steps a second, the next one taken when the last is answered. */
async function stepRate(env: Env, steps: number): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < steps; i++) await env.step(Int32Array.of(i & 1));
  return (steps / (performance.now() - began)) * 1000;
}

async function openEcho(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  await once(socket, "open");
  return socket;
}

/** Echoes a second, with one promise each, as the client has one for each step. */
async function echoRate(socket: WebSocket, request: Buffer, echoes: number): Promise<number> {
  let resolve: (data: Buffer) => void = () => undefined;
  const listen = (data: Buffer): void => resolve(data);
  socket.on("message", listen);
  const echo = async (): Promise<Buffer> => {
    const waiting = Promise.withResolvers<Buffer>();
    ({ resolve } = waiting);
    socket.send(request);
    return await waiting.promise;
  };
  const began = performance.now();
  for (let i = 0; i < echoes; i++) await echo();
  socket.off("message", listen);
  return (echoes / (performance.now() - began)) * 1000;
}
