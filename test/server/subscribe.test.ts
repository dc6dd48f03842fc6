/** Watching an env: viewers get the latest and a count of what they missed, learners get every frame and hold the actor up instead. */
import { describe, expect, it } from "vitest";

import { makeToken } from "../../src/server/tokens.ts";
import { int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer, type TestServer } from "../support/test-server.ts";
import { box, defineEnv, discrete, rules } from "../../src/env/index.ts";

const CELLS = 250_000;

/** Large frames, so that a socket nobody reads fills up. The first byte counts the steps. */
const large = defineEnv({
  id: "large-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: box([CELLS], 0, 255, "uint8"),
      reset: () => 0,
      step: (n) => ({ state: n + 1, reward: 0, terminated: false }),
      observe: (n, out) => {
        out[0] = n % 256;
      },
    }),
});

const step = (id: number, seq: number, env = 1) =>
  ({ op: "step", id, env, seq, ack: seq - 1, actions: [int32(0)] }) as const;

async function actor(server: TestServer, env: string): Promise<{ client: RawClient; session: string }> {
  const client = await RawClient.connect(server.url);
  client.send({ op: "hello", id: 1, versions: [1, 1], client: "actor" });
  const { session } = await client.next("welcome");
  await client.ask({ op: "make", id: 2, env, num: 1, seed: 0 });
  await client.ask({ op: "reset", id: 3, env: 1 });
  return { client, session };
}

describe("a latest-only subscription", () => {
  it("skips what a viewer that does not read has missed, says how many, and ends with the newest frame", async () => {
    const server = await testServer({ plugins: [large] });
    const { client, session } = await actor(server, "large-v0");
    const viewer = await RawClient.hello(server.url);
    await viewer.ask({ op: "subscribe", id: 2, topic: `frames:${session}`, env: 1, latest: true });
    viewer.socket.pause();
    for (let seq = 1; seq <= 200; seq++) await client.ask(step(10 + seq, seq));
    viewer.socket.resume();
    const seen: number[] = [];
    let dropped = 0;
    while (seen.at(-1) !== 200) {
      const delivery = await viewer.next("delivery");
      seen.push(delivery.observations[0]?.[0] ?? -1);
      expect(delivery.dropped).toBeGreaterThanOrEqual(dropped);
      dropped = delivery.dropped ?? 0;
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(100);
    expect(seen.length + dropped).toBe(200);
  });
});

describe("a lossless subscription", () => {
  it("delivers every frame, and holds the actor up while the learner gives no credit", async () => {
    const server = await testServer({ plugins: [large] });
    const { client, session } = await actor(server, "large-v0");
    const learner = await RawClient.hello(server.url);
    const more = (id: number, credit: number) =>
      learner.ask({ op: "subscribe", id, topic: `frames:${session}`, env: 1, credit });
    const { subscription } = await more(2, 2);
    await client.ask(step(11, 1));
    await client.ask(step(12, 2));
    const seen = [await learner.next("delivery"), await learner.next("delivery")];
    client.send(step(13, 3)); // no credit is left
    client.send({ op: "ping", id: 14 });
    expect(await client.next("ping")).toMatchObject({ id: 14 }); // the ping overtakes the held step
    expect((await more(3, 1)).subscription).toBe(subscription);
    expect(await client.next("step")).toMatchObject({ id: 13 });
    seen.push(await learner.next("delivery"));
    expect(seen.map(({ number, observations }) => [number, observations[0]?.[0]])).toEqual([[1, 1], [2, 2], [3, 3]]); // prettier-ignore
  });

  it("lets the actor go on when the learner unsubscribes or its session ends", async () => {
    const server = await testServer({ plugins: [large], limits: { graceMs: 20 } });
    const { client, session } = await actor(server, "large-v0");
    for (const leave of ["unsubscribe", "close"] as const) {
      const learner = await RawClient.hello(server.url);
      const { subscription } = await learner.ask({ op: "subscribe", id: 2, topic: `frames:${session}`, env: 1 });
      const seq = leave === "close" ? 2 : 1;
      client.send(step(20 + seq, seq));
      if (leave === "close") learner.socket.terminate();
      else await learner.ask({ op: "unsubscribe", id: 3, subscription });
      expect(await client.next("step")).toMatchObject({ seq });
    }
  });
});

describe("subscribing", () => {
  it("to one's own env works by the topic `frames`", async () => {
    const server = await testServer({ plugins: [large] });
    const { client } = await actor(server, "large-v0");
    await client.ask({ op: "subscribe", id: 5, topic: "frames", env: 1, latest: true });
    client.send(step(10, 1));
    const replies = [await client.any(), await client.any()];
    expect(replies.map(({ op }) => op).sort()).toEqual(["delivery", "step"]);
  });

  it("to another session's env needs the capability `spectate`", async () => {
    const tokens = [makeToken("an-actor-s-token-1"), makeToken("a-token-that-steps", ["step"])];
    const server = await testServer({ plugins: [large], tokens });
    const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
    const owner = await RawClient.connect(server.url, bearer("an-actor-s-token-1"));
    owner.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session } = await owner.next("welcome");
    await owner.ask({ op: "make", id: 2, env: "large-v0", num: 1 });
    const other = await RawClient.hello(server.url, bearer("a-token-that-steps"));
    expect(await other.fails({ op: "subscribe", id: 2, topic: `frames:${session}`, env: 1 })).toMatchObject({ code: "FORBIDDEN" }); // prettier-ignore
  });

  it("to what is not there names what is wrong", async () => {
    const client = await RawClient.hello((await testServer({ plugins: [large] })).url);
    expect(await client.fails({ op: "subscribe", id: 2, topic: "frames", env: 4 })).toMatchObject({ code: "UNKNOWN_HANDLE" }); // prettier-ignore
    expect(await client.fails({ op: "subscribe", id: 3, topic: "frames:nobody", env: 4 })).toMatchObject({ code: "UNKNOWN_HANDLE" }); // prettier-ignore
    expect(await client.fails({ op: "subscribe", id: 4, topic: "weather", env: 4 })).toMatchObject({
      code: "BAD_PARAM",
    });
    expect(await client.fails({ op: "subscribe", id: 5, topic: "frames" })).toMatchObject({ code: "BAD_PARAM" });
    expect(await client.fails({ op: "unsubscribe", id: 6, subscription: 1 })).toMatchObject({ code: "UNKNOWN_HANDLE" });
  });
});
