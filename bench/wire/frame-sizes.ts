/** How many bytes a step takes in each direction, counted at the client's socket. */
import { openSocket } from "../../src/client/socket-node.ts";
import { makeClient } from "../../src/client/client.ts";
import type { OpenSocket } from "../../src/client/socket.ts";

export interface FrameSizes {
  readonly requestBytes: number;
  readonly replyBytes: number;
}

/** The mean sizes of `steps` step frames of CartPole-v1. */
export async function frameSizes(url: string, num: number, steps: number): Promise<FrameSizes> {
  const counted = { sent: 0, received: 0 };
  const client = makeClient(url, {}, counting(counted));
  const env = await client.make("CartPole-v1", { num, seed: 1 });
  await env.reset();
  const before = { ...counted };
  for (let i = 0; i < steps; i++) await env.step(new Int32Array(num).fill(i & 1));
  await client.close();
  return {
    requestBytes: Math.round((counted.sent - before.sent) / steps),
    replyBytes: Math.round((counted.received - before.received) / steps),
  };
}

const counting =
  (counted: { sent: number; received: number }): OpenSocket =>
  (url, options, events) => {
    const message = (bytes: Uint8Array): void => {
      counted.received += bytes.length;
      events.message(bytes);
    };
    const socket = openSocket(url, options, { ...events, message });
    return {
      send(bytes) {
        counted.sent += bytes.length;
        socket.send(bytes);
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    };
  };
