/** Frames toward a client that does not read: they keep their content while later ones are made. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";

import { box, defineEnv, discrete, rules } from "../../src/env/index.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const CELLS = 4096;

/** Every step writes every byte of its observation anew. */
const noisy = defineEnv({
  id: "noisy-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: box([CELLS], 0, 255, "uint8"),
      reset: () => 1,
      step: (n) => ({ state: n + 1, reward: 0, terminated: false }),
      observe: (n, out) => {
        out.fill(n % 251);
      },
    }),
});

describe("a paused reader", () => {
  it("finds 64 pipelined frames of 128 KiB as they were made", async () => {
    const num = 32;
    const window = 64;
    const server = await testServer({ plugins: [noisy], limits: { maxWindow: window, maxQueued: window } });
    const client = await RawClient.hello(server.url);
    await client.ask({ op: "make", id: 2, env: "noisy-v0", num, window, seed: 0 });
    await client.ask({ op: "reset", id: 3, env: 1 });

    client.socket.pause();
    const actions = [new Uint8Array(4 * num)];
    for (let seq = 1; seq <= window; seq++) client.send({ op: "step", id: 10 + seq, env: 1, seq, ack: 0, actions });
    // A second client is served meanwhile: proof that the server has gone past the frames nobody reads.
    const other = await RawClient.hello(server.url);
    await other.ask({ op: "make", id: 2, env: "noisy-v0", num, seed: 0 });
    await other.ask({ op: "reset", id: 3, env: 1 });
    for (let seq = 1; seq <= 16; seq++)
      await other.ask({ op: "step", id: 10 + seq, env: 1, seq, ack: seq - 1, actions });
    client.socket.resume();

    for (let seq = 1; seq <= window; seq++) {
      const reply = await client.next("step");
      expect(reply.seq).toBe(seq);
      expect(digest(reply.observations[0])).toBe(digest(new Uint8Array(num * CELLS).fill((seq + 1) % 251)));
    }
  });
});

const digest = (bytes: Uint8Array | undefined): string =>
  createHash("sha256")
    .update(bytes ?? "")
    .digest("hex");
