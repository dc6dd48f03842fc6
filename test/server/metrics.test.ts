/** Metrics: what is counted is what happened, each server counts for itself, and counting costs next to nothing. */
import { describe, expect, it } from "vitest";

import { defineEnv, discrete, rules } from "../../src/env/index.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { gated, int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { rawRequest } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

/** Ends after 3 steps; action 1 throws. */
const brittle = defineEnv({
  id: "brittle-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(10),
      reset: () => 0,
      step: (n, action) => {
        if (action === 1) throw new Error("broken");
        return { state: n + 1, reward: 0, terminated: n === 2 };
      },
      observe: (n) => n,
    }),
});

/** name{labels} -> value */
async function scrape(port: number): Promise<Map<string, number>> {
  const { status, body, headers } = await rawRequest(port, ["GET /metrics HTTP/1.0", "Host: localhost"]);
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  const lines = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.replace(/ [^ ]*$/, ""), Number(line.replace(/.* /, ""))]));
}

const step = (id: number, seq: number, ...actions: number[]) =>
  ({ op: "step", id, env: 1, seq, ack: seq - 1, actions: [int32(...actions)] }) as const;

describe("/metrics", () => {
  it("counts sessions, sockets, envs and instances as they open and close", async () => {
    const server = await testServer({ plugins: [brittle], limits: { graceMs: 10 } });
    const open = async (): Promise<(number | undefined)[]> => {
      const seen = await scrape(server.port);
      const names = ["dojang_sessions", "dojang_sockets", "dojang_envs", 'dojang_instances{env="brittle-v0"}'];
      return names.map((name) => seen.get(name));
    };
    expect(await open()).toEqual([0, 0, 0, undefined]);
    const client = await RawClient.hello(server.url);
    await client.ask({ op: "make", id: 2, env: "brittle-v0", num: 3 });
    await client.ask({ op: "make", id: 3, env: "brittle-v0", num: 4 });
    const other = await RawClient.connect(server.url); // a socket without a session
    expect(await open()).toEqual([1, 2, 2, 7]);
    await client.ask({ op: "close", id: 4, env: 1 });
    expect(await open()).toEqual([1, 2, 1, 4]);
    other.socket.terminate();
    client.socket.terminate();
    await expect.poll(open).toEqual([0, 0, 0, undefined]);
  });

  it("counts transitions, not reset rows or faults, and each frame once in each histogram", async () => {
    const server = await testServer({ plugins: [brittle] });
    const client = await RawClient.hello(server.url);
    await client.ask({ op: "make", id: 2, env: "brittle-v0", num: 4, seed: 0 });
    await client.ask({ op: "reset", id: 3, env: 1 });
    await client.ask(step(11, 1, 0, 0, 0, 1)); // 3 transitions, 1 fault
    await client.ask(step(12, 2, 0, 0, 0, 0)); // 3 transitions, 1 reset row
    await client.ask(step(13, 3, 0, 0, 0, 0)); // 4 transitions
    await client.fails(step(14, 4, 0)); // one action for four rows
    const seen = await scrape(server.port);
    expect(seen.get('dojang_steps_total{env="brittle-v0"}')).toBe(10);
    expect(seen.get('dojang_frames_total{env="brittle-v0"}')).toBe(3);
    expect(seen.get('dojang_row_faults_total{code="ENV_FAULT"}')).toBe(1);
    expect(seen.get('dojang_errors_total{code="BAD_ACTION"}')).toBe(1);
    for (const name of ["queue", "step", "encode"]) {
      expect(seen.get(`dojang_${name}_seconds_count`)).toBe(3);
      expect(seen.get(`dojang_${name}_seconds_bucket{le="+Inf"}`)).toBe(3);
      expect(seen.get(`dojang_${name}_seconds_sum`)).toBeGreaterThanOrEqual(0);
    }
  });

  it("counts the bytes of messages in both directions", async () => {
    const server = await testServer({ plugins: [brittle] });
    const client = await RawClient.hello(server.url);
    const before = await scrape(server.port);
    client.send({ op: "ping", id: 2 }); // {op: "ping", id: 2}: 13 bytes, and the same back
    await client.next("ping");
    const after = await scrape(server.port);
    for (const direction of ["in", "out"]) {
      const name = `dojang_bytes_total{direction="${direction}"}`;
      expect((after.get(name) ?? 0) - (before.get(name) ?? 0)).toBe(13);
    }
  });

  it("counts refusals at the door by status, and errors by code", async () => {
    const server = await testServer({ plugins: [brittle] });
    for (const host of ["evil.example", "evil.example", "localhost"]) {
      await rawRequest(server.port, ["GET /healthz HTTP/1.1", `Host: ${host}`]);
    }
    const client = await RawClient.hello(server.url);
    await client.fails({ op: "make", id: 2, env: "brittel-v0", num: 1 });
    const seen = await scrape(server.port);
    expect(seen.get('dojang_refused_total{status="403"}')).toBe(2);
    expect(seen.get('dojang_errors_total{code="UNKNOWN_ENV"}')).toBe(1);
  });

  it("counts what a session answers while its socket is gone", async () => {
    const { plugin, open } = gated();
    const server = await testServer({ plugins: [plugin] });
    const client = await RawClient.hello(server.url);
    await client.ask({ op: "make", id: 2, env: "gated-v0", num: 1 });
    await client.ask({ op: "reset", id: 3, env: 1 });
    client.send(step(4, 1, 1)); // waits for the gate
    await client.ask({ op: "ping", id: 5 });
    client.socket.terminate();
    await expect.poll(async () => (await scrape(server.port)).get("dojang_sockets")).toBe(0);
    open();
    await expect.poll(async () => (await scrape(server.port)).get('dojang_dropped_total{reason="no-socket"}')).toBe(1);
  });

  it("is each server's own", async () => {
    const [one, other] = [await testServer({ plugins: [brittle] }), await testServer({ plugins: [brittle] })];
    await RawClient.hello(one.url);
    expect((await scrape(one.port)).get("dojang_sessions")).toBe(1);
    expect((await scrape(other.port)).get("dojang_sessions")).toBe(0);
  });

  it("tells neither tokens nor sessions apart by name", async () => {
    const text = "a-token-of-16-chars";
    const server = await testServer({ plugins: [brittle], tokens: [makeToken(text)] });
    const client = await RawClient.connect(server.url, { headers: { authorization: `Bearer ${text}` } });
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session, token } = await client.next("welcome");
    const { body } = await rawRequest(server.port, [
      "GET /metrics HTTP/1.1",
      "Host: localhost",
      `Authorization: Bearer ${text}`,
    ]);
    for (const word of [text, session, token]) expect(body).not.toContain(word);
  });
});

describe("the histograms", () => {
  const metrics = (): Metrics => new Metrics(() => ({ sessions: 0, sockets: 0, envs: [] }));
  const one = Uint8Array.of(0);

  it("count a time in the first bucket that holds it and all above: 20 us in le=0.00002", async () => {
    const counted = metrics();
    for (const env of [-1, 0, 20, 21, 40_000_000]) {
      counted.stepped("x", one, { queue: 0, env, encode: 0 }, undefined);
    }
    const text = await counted.text();
    const bucket = (le: string): number =>
      Number(new RegExp(`dojang_step_seconds_bucket\\{le="${le}"\\} (\\d+)`).exec(text)?.[1]);
    expect(["0.00001", "0.00002", "0.00005", "30", "\\+Inf"].map(bucket)).toEqual([2, 3, 4, 4, 5]);
    expect(text).toContain("\ndojang_step_seconds_sum 40.000041\n");
    expect(text).toContain("\ndojang_step_seconds_count 5\n");
  });

  it("cost under 2 us a frame, all counters of a step together", () => {
    const counted = metrics();
    const frames = 200_000;
    const run = (): number => {
      const began = performance.now();
      for (let i = 0; i < frames; i++) {
        counted.received(100);
        counted.stepped("CartPole-v1", one, { queue: i & 63, env: i & 1023, encode: i & 15 }, undefined);
        counted.sent(200);
      }
      return ((performance.now() - began) * 1000) / frames;
    };
    // The best of some: the machine may be busy with something else.
    expect(Math.min(...Array.from({ length: 5 }, run))).toBeLessThan(2);
  });
});
