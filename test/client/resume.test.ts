/** A session outlives its socket: no step is lost or run twice, and an agent does not notice. */
import { describe, expect, it, onTestFinished } from "vitest";

import type { Frame } from "../../protocol/frames.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import { connect } from "../../src/client/index.ts";
import { Rng } from "../../src/env/index.ts";
import { CuttingProxy } from "../support/cutting-proxy.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const NUM = 6;

/** Steps all rows and now and then a subset, four requests under way, and gives everything the agent saw. */
async function play(url: string, steps: number): Promise<unknown[]> {
  const client = connect(url);
  onTestFinished(() => client.close());
  const env = await client.make("Taxi-v4", { num: NUM, seed: 4, window: 4, maxSteps: 30 });
  const draws = new Rng(9);
  const seen: unknown[] = [];
  const see = ({ timing, ...frame }: Frame): void => void seen.push({ ...frame, timed: timing.env >= 0 });
  see(await env.reset());
  const underWay: Promise<Frame>[] = [];
  for (let i = 0; i < steps; i++) {
    if (underWay.length === 4) see((await underWay.shift()) as Frame);
    const index = i % 5 === 4 ? Uint32Array.of(1, 4) : undefined;
    const actions = sampleBatch(env.spaces.action, index?.length ?? NUM, draws) as never;
    underWay.push(env.step(actions, index ? { index } : {}));
    if (i % 50 === 49) {
      for (const frame of await Promise.all(underWay.splice(0))) see(frame);
      see(await env.reset({ mask: Uint8Array.of(0, 0, 1, 0, 0, 1) }));
    }
  }
  for (const frame of await Promise.all(underWay)) see(frame);
  return seen;
}

describe("a client behind a proxy that cuts", () => {
  it("sees what an undisturbed one sees, over 100 cuts in both directions", async () => {
    const server = await testServer();
    const proxy = await CuttingProxy.start(server.port, { seed: 1, cuts: 100, within: 4000 });
    const steps = 2500;
    const disturbed = await play(`ws://127.0.0.1:${proxy.port}`, steps);
    expect(proxy.cuts).toBe(100);
    expect(proxy.inside).toBeGreaterThan(30);
    expect(disturbed).toEqual(await play(server.url, steps));
  });
});

describe("resume", () => {
  const hello = (id: number, session: string, token: string) =>
    ({ op: "hello", id, versions: [1, 1], client: "raw", resume: { session, token } }) as const;

  async function opened() {
    const server = await testServer({ limits: { graceMs: 5_000 } });
    const client = await RawClient.connect(server.url);
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session, token } = await client.next("welcome");
    await client.ask({ op: "make", id: 2, env: "Taxi-v4", num: 1, seed: 0 });
    return { server, client, session, token };
  }

  it("with the token takes the envs up and rotates the token", async () => {
    const { server, client, session, token } = await opened();
    client.socket.terminate();
    await client.closed;
    const second = await RawClient.connect(server.url);
    second.send(hello(3, session, token));
    const welcome = await second.next("welcome");
    expect(welcome).toMatchObject({ resumed: true, session, lastId: 2 });
    expect(welcome.token).not.toBe(token);
    expect((await second.ask({ op: "reset", id: 4, env: 1 })).status).toEqual(Uint8Array.of(1));
  });

  it("with a token that was used before is refused once the new one is in use", async () => {
    const { server, session, token } = await opened();
    const second = await RawClient.connect(server.url);
    second.send(hello(3, session, token));
    await second.next("welcome");
    await second.ask({ op: "ping", id: 4 });
    const thief = await RawClient.connect(server.url);
    thief.send(hello(1, session, token));
    expect(await thief.next("error")).toMatchObject({ id: 1, code: "SESSION_LOST" });
    expect(await second.ask({ op: "ping", id: 5 })).toEqual({ op: "ping", id: 5 }); // the owner goes on
  });

  it("works with the old token while the welcome with the new one may have been lost", async () => {
    const { server, session, token } = await opened();
    const second = await RawClient.connect(server.url);
    second.send(hello(3, session, token));
    await second.next("welcome");
    const third = await RawClient.connect(server.url);
    third.send(hello(3, session, token));
    expect(await third.next("welcome")).toMatchObject({ resumed: true });
    expect((await second.closed).code).toBe(4000);
  });

  it("with a guessed token answers SESSION_LOST", async () => {
    const { server, session } = await opened();
    const thief = await RawClient.connect(server.url);
    thief.send(hello(1, session, "0".repeat(32)));
    expect(await thief.next("error")).toMatchObject({ code: "SESSION_LOST" });
  });

  it("after the grace period answers SESSION_LOST, and the session's env is closed", async () => {
    const server = await testServer({ limits: { graceMs: 10 } });
    const client = await RawClient.connect(server.url);
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session, token } = await client.next("welcome");
    client.socket.terminate();
    await expect.poll(() => server.sessions).toBe(0);
    const late = await RawClient.connect(server.url);
    late.send(hello(1, session, token));
    expect(await late.next("error")).toMatchObject({ code: "SESSION_LOST" });
  });

  it("gives the reply of a reset that was on its way when the socket went", async () => {
    const { server, client, session, token } = await opened();
    const reset = await client.ask({ op: "reset", id: 3, env: 1 });
    client.socket.terminate();
    const second = await RawClient.connect(server.url);
    second.send({ ...hello(4, session, token), resume: { session, token, waiting: [3] } });
    await second.next("welcome");
    expect(await second.next("reset")).toEqual(reset);
  });
});

describe("a session from which nothing is heard for idleMs", () => {
  it("is closed with its socket, though the client answers at the socket's level", async () => {
    const server = await testServer({ limits: { idleMs: 40 } });
    const client = await RawClient.hello(server.url);
    expect((await client.closed).reason).toBe("LIMIT");
    expect(server.sessions).toBe(0);
  });

  it("stays open under a client whose heartbeat is shorter", async () => {
    const server = await testServer({ limits: { idleMs: 400 } });
    const client = connect(server.url, { heartbeatMs: 20 });
    onTestFinished(() => client.close());
    const env = await client.make("Taxi-v4", { num: 1 });
    const other = await RawClient.hello(server.url);
    expect((await other.closed).reason).toBe("LIMIT"); // by now 400 ms have passed
    expect(server.sessions).toBe(1);
    await env.reset();
  });
});
