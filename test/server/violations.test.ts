/** Clients that break the protocol: so many are answered in a second, and nobody else waits for them. */
import { once } from "node:events";
import { describe, expect, it } from "vitest";

import { defineEnv, discrete, rules } from "../../src/env/index.ts";
import { GymError, type ErrorCode } from "../../protocol/errors.ts";
import { isViolation, Violations } from "../../src/server/violations.ts";
import { int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const counter = defineEnv({
  id: "counter-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(1_000),
      reset: () => 0,
      step: (n) => ({ state: n + 1, reward: 0, terminated: false }),
      observe: (n) => n,
    }),
});

const plugins = [counter];
const NOISE = Uint8Array.of(0xc1);
const hello = { op: "hello", id: 1, versions: [1, 1], client: "raw" } as const;

/** Connects, breaks the protocol, and gives the code of the answer, or undefined where it was dropped without one. */
async function violate(url: string, bytes: Uint8Array = NOISE): Promise<string | undefined> {
  const client = await RawClient.connect(url);
  client.sendBytes(bytes);
  const { code, reason } = await client.closed;
  if (code === 1006) return undefined;
  if (code === 1009) return "1009";
  expect(await client.next("error")).toMatchObject({ code: reason });
  return reason;
}

describe("10 violations a second, each waiting at most 1,000 ms", () => {
  const limits = { maxViolationsPerSecond: 10, violationWaitMs: 1_000 };

  it("are answered one every 100 ms, two at once after a quiet while", () => {
    const violations = new Violations(limits);
    expect([0, 0, 0, 0].map((now) => violations.wait(now))).toEqual([0, 0, 100, 200]);
    expect(violations.wait(250)).toBe(50);
    expect([10_000, 10_000, 10_000].map((now) => violations.wait(now))).toEqual([0, 0, 100]);
  });

  it("leave the 13th of 20 at the same moment without an answer, and take it again when it comes later", () => {
    const violations = new Violations(limits);
    const waits = Array.from({ length: 20 }, () => violations.wait(0));
    expect(waits.indexOf(undefined)).toBe(12);
    expect(waits.slice(12)).toEqual(Array(8).fill(undefined));
    expect(violations.wait(100)).toBe(1_000);
  });

  it("count what no sound client does, and no version, lost session or limit", () => {
    const codes: ErrorCode[] = ["BAD_MESSAGE", "HELLO_NEEDED", "BAD_VERSION", "SESSION_LOST", "LIMIT", "SHUTTING_DOWN"];
    const counted = codes.filter((code) => isViolation(new GymError(code, "x")));
    expect(counted).toEqual(["BAD_MESSAGE", "HELLO_NEEDED"]);
  });
});

describe("a server that answers 20 violations a second", () => {
  const limits = { maxViolationsPerSecond: 20, violationWaitMs: 60_000 };

  it("takes at least 0.8 s for 20 clients at once, and answers each", async () => {
    const { url } = await testServer({ plugins, limits });
    const began = performance.now();
    const codes = await Promise.all(Array.from({ length: 20 }, () => violate(url)));
    expect(codes).toEqual(Array(20).fill("BAD_MESSAGE"));
    expect(performance.now() - began).toBeGreaterThan(800);
  });

  it("steps a neighbour from the same address 200 times while 30 clients wait for their answer", async () => {
    const { url } = await testServer({ plugins, limits });
    const neighbour = await RawClient.hello(url);
    await neighbour.ask({ op: "make", id: 2, env: "counter-v0", num: 1 });
    await neighbour.ask({ op: "reset", id: 3, env: 1 });
    let answered = 0;
    const violations = Array.from({ length: 30 }, () => violate(url).then(() => answered++));
    await Promise.race(violations);
    for (let seq = 1; seq <= 200; seq++) {
      const actions = [int32(seq % 2)];
      const { observations } = await neighbour.ask({ op: "step", id: 3 + seq, env: 1, seq, ack: seq - 1, actions });
      expect(observations).toEqual([int32(seq)]);
    }
    // Two hundred steps, and another client's greeting, take less than the 1.4 s that the violations have to.
    await RawClient.hello(url);
    expect(answered).toBeLessThan(30);
    await Promise.all(violations);
  });

  it("does not look at what a client sends after its violation", async () => {
    const { url } = await testServer({ plugins, limits: { maxViolationsPerSecond: 4, violationWaitMs: 60_000 } });
    await violate(url);
    const client = await RawClient.hello(url);
    client.sendBytes(NOISE);
    client.send({ op: "ping", id: 2 });
    expect(await client.any()).toMatchObject({ op: "error", code: "BAD_MESSAGE" });
    expect(await client.closed).toEqual({ code: 4000, reason: "BAD_MESSAGE" });
    await expect(Promise.race([client.any(), Promise.resolve("nothing")])).resolves.toBe("nothing");
  });

  it("stops while clients wait for their answer", async () => {
    const server = await testServer({ plugins, limits: { maxViolationsPerSecond: 1, violationWaitMs: 60_000 } });
    const violations = Array.from({ length: 5 }, () => violate(server.url));
    await Promise.race(violations);
    await server.close();
    expect(await Promise.all(violations)).toContain("BAD_MESSAGE");
  });
});

describe("a server that answers 1 violation a second and lets none wait", () => {
  const limits = { maxViolationsPerSecond: 1, violationWaitMs: 1 };

  it("drops the second client without an answer", async () => {
    const { url } = await testServer({ plugins, limits });
    expect(await violate(url)).toBe("BAD_MESSAGE");
    expect(await violate(url)).toBeUndefined();
  });

  it("counts a frame that is too large, which ends with 1009", async () => {
    const { url } = await testServer({ plugins, limits: { ...limits, maxPayload: 1_000 } });
    expect(await violate(url, new Uint8Array(1_001))).toBe("1009");
    expect(await violate(url)).toBeUndefined();
  });

  it("answers 5 clients whose session is lost, and 5 of another version, at once", async () => {
    const { url } = await testServer({ plugins, limits });
    for (let i = 0; i < 5; i++) {
      const lost = await RawClient.connect(url);
      expect(await lost.fails({ ...hello, resume: { session: "gone", token: "gone" } })).toMatchObject({ code: "SESSION_LOST" }); // prettier-ignore
      const later = await RawClient.connect(url);
      expect(await later.fails({ ...hello, versions: [98, 99] })).toMatchObject({ code: "BAD_VERSION" });
    }
    expect(await violate(url)).toBe("BAD_MESSAGE");
  });
});

describe("a session whose client broke the protocol", () => {
  it("ends at once when nothing was made in it, and waits for graceMs when there is an env", async () => {
    const server = await testServer({ plugins, limits: { graceMs: 60_000 } });
    const blank = await RawClient.hello(server.url);
    blank.sendBytes(NOISE);
    await blank.closed;
    await expect.poll(() => server.sessions).toBe(0);
    const client = await RawClient.connect(server.url);
    client.send(hello);
    const { session, token } = await client.next("welcome");
    await client.ask({ op: "make", id: 2, env: "counter-v0", num: 1 });
    client.sendBytes(NOISE);
    await client.closed;
    const again = await RawClient.connect(server.url);
    again.send({ ...hello, resume: { session, token } });
    expect(await again.next("welcome")).toMatchObject({ resumed: true, session });
    expect(await again.ask({ op: "reset", id: 3, env: 1 })).toMatchObject({ env: 1 });
  });

  it("waits for graceMs after a lost socket, with or without an env", async () => {
    const server = await testServer({ plugins, limits: { graceMs: 60_000 } });
    const client = await RawClient.connect(server.url);
    client.send(hello);
    const { session, token } = await client.next("welcome");
    client.socket.terminate();
    await once(client.socket, "close");
    const again = await RawClient.connect(server.url);
    again.send({ ...hello, resume: { session, token } });
    expect(await again.next("welcome")).toMatchObject({ resumed: true, session });
  });
});
