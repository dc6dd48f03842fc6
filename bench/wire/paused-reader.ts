/** A client that asks and never reads: how much of the server's memory can it hold? */
import { setTimeout as delay } from "node:timers/promises";
import { encodeRequest } from "../../protocol/codec.ts";
import { LIMITS } from "../../src/server/index.ts";
import { startPeer, type Peer } from "./processes.ts";
import { RawPeer } from "./raw-peer.ts";
import type { ServerAnswers } from "./server-process.ts";

export interface PausedFigures {
  /** Live bytes that the server held for the client when it took no more requests, beyond what it held before. */
  readonly held: number;
  /** What the named limits allow: maxBuffered, the reply that went over it, and the replies kept in the window. */
  readonly bound: number;
  /** Bytes that it would have held without a bound. */
  readonly asked: number;
  readonly bounded: boolean;
  /** It has answered everything once the client reads again. */
  readonly answeredAll: boolean;
}

const NUM = 16_384;
/** Observation 16, reward 8, status and two flags a row; seed receipts and final rows come on top. */
const REPLY_BYTES = NUM * 27;
/** Requests: a hundred megabytes of replies more than the bound. */
const REQUESTS = 320;
/** What a server may hold beside the replies: the batch itself is there before. */
const SLACK_BYTES = 4 * 2 ** 20;

export async function checkPausedReader(): Promise<PausedFigures> {
  await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  const peer = await RawPeer.hello(await server.ask("start", {}));
  await peer.ask(encodeRequest({ op: "make", id: 2, env: "CartPole-v1", num: NUM, seed: 1, window: 1 }));
  await peer.ask(encodeRequest({ op: "reset", id: 3, env: 1 }));
  const before = await server.ask("usage", { settled: true });
  let answered = 0;
  peer.socket.on("message", () => answered++);
  peer.socket.pause();
  const actions = [new Uint8Array(4 * NUM)];
  for (let seq = 1; seq <= REQUESTS; seq++) {
    // It claims to have read every reply, so that the window does not stop it.
    peer.socket.send(encodeRequest({ op: "step", id: 3 + seq, env: 1, seq, ack: seq - 1, actions }));
  }
  const held = (await settledHeap(server)) - before.heap;
  peer.socket.resume();
  while (answered < REQUESTS && peer.isOpen) await delay(10);
  peer.socket.terminate();
  const bound = LIMITS.maxBuffered + 3 * REPLY_BYTES + SLACK_BYTES;
  return {
    held,
    bound,
    asked: REQUESTS * REPLY_BYTES,
    bounded: held <= bound && held > LIMITS.maxBuffered / 2,
    answeredAll: answered === REQUESTS,
  };
}

/** The server's live bytes once it has stopped to work for anyone. */
async function settledHeap(server: Peer<ServerAnswers>): Promise<number> {
  for (let last = await server.ask("usage", {}); ;) {
    await delay(200);
    const now = await server.ask("usage", {});
    if (now.cpuMs - last.cpuMs < 20) return (await server.ask("usage", { settled: true })).heap;
    last = now;
  }
}
