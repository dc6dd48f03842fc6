/** Clients that do not read: what waits for them is bounded, whatever they ask for. */
import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

import { box, defineEnv, discrete, rules } from "../../src/env/index.ts";
import { int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { UPGRADE } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

/** A megabyte a frame. */
const large = defineEnv({
  id: "large-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: box([1024, 1024], 0, 255, "uint8"),
      reset: () => 0,
      step: (n) => ({ state: n + 1, reward: 0, terminated: false }),
      observe: () => undefined,
    }),
});

describe("a refused upgrade", () => {
  it("is done with: a client that keeps its half of the connection open is cut off", async () => {
    const { port } = await testServer({ plugins: [] });
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => undefined);
    onTestFinished(() => void socket.destroy());
    socket.write(["GET / HTTP/1.1", "Host: evil.example", ...UPGRADE, "Connection: Upgrade"].join("\r\n") + "\r\n\r\n");
    socket.resume();
    const closed = new Promise((resolve) => socket.once("close", resolve)); // after EPIPE or a reset
    await once(socket, "end");
    const poke = setInterval(() => socket.write("x"), 5); // what a closed connection answers with a reset
    onTestFinished(() => clearInterval(poke));
    await closed;
  });
});

describe("a client that pings", () => {
  it("gets a pong with the same bytes for each of 100 pings, before `hello` and after", async () => {
    const { url } = await testServer({ plugins: [] });
    const greeted = await RawClient.hello(url);
    for (const { socket } of [await RawClient.connect(url), greeted]) {
      for (let i = 0; i < 100; i++) {
        socket.ping(Buffer.from([i, 255]));
        expect(await once(socket, "pong")).toEqual([Buffer.from([i, 255])]);
      }
    }
    expect(await greeted.ask({ op: "ping", id: 2 })).toEqual({ op: "ping", id: 2 });
  });
});

describe("a client that pings and does not read the pongs", () => {
  it("is cut off once more than maxBuffered waits for it", async () => {
    const server = await testServer({ plugins: [], limits: { maxBuffered: 100_000, graceMs: 5 } });
    const client = await RawClient.hello(server.url);
    client.socket.pause();
    const payload = Buffer.alloc(125);
    const closed = once(client.socket, "close");
    const pings = async (): Promise<void> => {
      while (client.socket.readyState === client.socket.OPEN) {
        for (let i = 0; i < 1000; i++) client.socket.ping(payload);
        await new Promise(setImmediate);
      }
    };
    await Promise.race([pings(), closed]);
    await expect.poll(() => server.sessions, { timeout: 10_000 }).toBe(0);
  });
});

describe("a learner that grants a million credits and does not read", () => {
  it("holds the actor back once more than maxBuffered waits for it, and lets it go on when it reads", async () => {
    const server = await testServer({ plugins: [large], limits: { maxBuffered: 4 * 1024 * 1024 } });
    const actor = await RawClient.connect(server.url);
    actor.send({ op: "hello", id: 1, versions: [1, 1], client: "actor" });
    const { session } = await actor.next("welcome");
    await actor.ask({ op: "make", id: 2, env: "large-v0", num: 1 });
    await actor.ask({ op: "reset", id: 3, env: 1 });
    const learner = await RawClient.hello(server.url);
    await learner.ask({ op: "subscribe", id: 2, topic: `frames:${session}`, env: 1, credit: 1_000_000 });
    learner.socket.pause();
    let answered = 0;
    const steps = 60;
    const play = async (): Promise<void> => {
      for (let seq = 1; seq <= steps; seq++) {
        await actor.ask({ op: "step", id: 10 + seq, env: 1, seq, ack: seq - 1, actions: [int32(0)] });
        answered = seq;
      }
    };
    const played = play();
    // Held back: while it waits for an answer that does not come, the server has nothing else to do than answer pings.
    const idle = await RawClient.hello(server.url);
    let before = -1;
    for (let id = 2; before !== answered; id += 200) {
      before = answered;
      for (let i = 0; i < 200; i++) await idle.ask({ op: "ping", id: id + i });
    }
    expect(answered).toBeGreaterThan(3);
    expect(answered).toBeLessThan(steps);
    learner.socket.resume();
    await played;
    for (let number = 1; number <= steps; number++) expect((await learner.next("delivery")).number).toBe(number);
  });
});
