/** First-ready mode: rows that differ in cost come back when they are done, over a socket and in process. */
import { describe, expect, it, onTestFinished } from "vitest";

import { GymError } from "../../protocol/errors.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { Client, Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import type { ObserverFactory, StepRecord } from "../../src/env/observer.ts";
import { local } from "../../src/client/local/index.ts";
import { cartPoles } from "../../envs/classic-control/cartpole.ts";
import { CuttingProxy } from "../support/cutting-proxy.ts";
import { gated, gatedReset, int32, rowNumbers, type Gate } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const made = { num: 3, seed: 1, mode: "first-ready" } as const;
const send = (env: Env, actions: number[], index?: number[]) =>
  env.send(Int32Array.from(actions), index ? { index: Uint32Array.from(index) } : {});
const told = ({ index, observations, status }: Frame) => [[...(index ?? [])], [...(observations as Int32Array)], [...status]]; // prettier-ignore

async function both(): Promise<{ client: Client; gate: ReturnType<typeof gated> }[]> {
  const gates = [gated(), gated()] as const;
  const server = await testServer({ plugins: [gates[0].plugin] });
  const clients = [connect(server.url), local({ plugins: [gates[1].plugin] })];
  for (const client of clients) onTestFinished(() => client.close());
  return clients.map((client, i) => ({ client, gate: gates[i as 0 | 1] }));
}

describe("send and recv", () => {
  it("bring back two fast rows and step them again while the slow one is under way", async () => {
    for (const { client, gate } of await both()) {
      const env = await client.make("gated-v0", made);
      await env.reset();
      await send(env, [0, 1, 0]); // action 1 waits for the gate
      const first = [told(await env.recv()), told(await env.recv())];
      expect(first.sort()).toEqual([[[0], [1], [0]], [[2], [1], [0]]]); // prettier-ignore
      await send(env, [0, 0], [0, 2]);
      const second = [told(await env.recv()), told(await env.recv())];
      expect(second.sort()).toEqual([[[0], [2], [0]], [[2], [2], [0]]]); // prettier-ignore
      gate.open();
      expect(told(await env.recv())).toEqual([[1], [1], [0]]);
    }
  });

  it("refuse a row that is under way with ROW_BUSY and start none of the others", async () => {
    for (const { client, gate } of await both()) {
      const env = await client.make("gated-v0", made);
      await env.reset();
      await send(env, [1], [1]);
      await expect(send(env, [0, 0], [0, 1])).rejects.toMatchObject({ code: "ROW_BUSY", retryable: true });
      await send(env, [0], [0]);
      expect(told(await env.recv())).toEqual([[0], [1], [0]]);
      gate.open();
      expect(told(await env.recv())).toEqual([[1], [1], [0]]);
    }
  });

  it("refuse a row whose reset is under way, and take it when it is reset", async () => {
    const clients = [async (gate: Gate) => connect((await testServer({ plugins: [gate.plugin] })).url), (gate: Gate) => local({ plugins: [gate.plugin] })]; // prettier-ignore
    for (const make of clients) {
      const gate = gatedReset();
      const client = await make(gate);
      onTestFinished(() => client.close());
      const env = await client.make("gated-reset-v0", { ...made, num: 2 });
      const [reset, begun] = [env.reset({ mask: Uint8Array.of(0, 1) }), gate.begun];
      await begun;
      await expect(send(env, [0], [1])).rejects.toMatchObject({ code: "ROW_BUSY", retryable: true });
      gate.open();
      await reset;
      await send(env, [0], [1]);
      expect(told(await env.recv())).toEqual([[1], [1], [0]]);
    }
  });

  it("end a waiting recv with the reason when the recording fails", async () => {
    const record: ObserverFactory = () => ({
      onFrame: ({ actions }) =>
        actions === undefined ? undefined : Promise.reject(new GymError("LIMIT", "disk: full")),
      close: () => Promise.resolve(),
    });
    const server = await testServer({ plugins: [gated().plugin], record });
    for (const client of [connect(server.url), local({ plugins: [gated().plugin], record })]) {
      onTestFinished(() => client.close());
      const env = await client.make("gated-v0", made);
      await env.reset();
      await send(env, [0], [0]);
      await expect(env.recv()).rejects.toMatchObject({ code: "LIMIT" });
    }
  });

  it("learn after a resume that the recording failed while nobody listened", async () => {
    const [begun, disk] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const onFrame = ({ actions }: StepRecord) => {
      if (actions === undefined) return undefined;
      begun.resolve(undefined);
      return disk.promise;
    };
    const record: ObserverFactory = () => ({ onFrame, close: () => Promise.resolve() });
    const server = await testServer({ plugins: [gated().plugin], record });
    const client = await RawClient.connect(server.url);
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session, token } = await client.next("welcome");
    await client.ask({ op: "make", id: 2, env: "gated-v0", num: 1, seed: 0, mode: "first-ready" });
    await client.ask({ op: "reset", id: 3, env: 1 });
    await client.ask({ op: "send", id: 4, env: 1, seq: 1, ack: 0, index: rowNumbers(0), actions: [int32(0)] });
    await begun.promise;
    client.socket.terminate();
    await client.closed;
    disk.reject(new GymError("LIMIT", "disk: full"));
    const second = await RawClient.connect(server.url);
    second.send({ op: "hello", id: 5, versions: [1, 1], client: "raw", resume: { session, token } });
    await second.next("welcome");
    expect(await second.next("error")).toMatchObject({ id: 0, env: 1, code: "LIMIT", message: "disk: full" });
  });

  it("wait for a slow recording of a synchronous env instead of refusing", async () => {
    const record: ObserverFactory = () => ({ onFrame: () => new Promise((resolve) => setImmediate(resolve)), close: () => Promise.resolve() }); // prettier-ignore
    const server = await testServer({ plugins: cartPoles, record });
    for (const client of [connect(server.url), local({ plugins: cartPoles, record })]) {
      onTestFinished(() => client.close());
      const env = await client.make("CartPole-v1", { ...made, num: 2 });
      await env.reset();
      await Promise.all([send(env, [0], [0]), send(env, [1], [1])]);
      expect([await env.recv(), await env.recv()].map(({ index }) => [...(index ?? [])])).toEqual([[0], [1]]);
    }
  });

  it("are not to be mixed with step, and not there in lockstep mode", async () => {
    for (const { client } of await both()) {
      const ready = await client.make("gated-v0", made);
      await ready.reset();
      await expect(ready.step(Int32Array.of(0, 0, 0) as never)).rejects.toMatchObject({ code: "UNSUPPORTED" });
      const lockstep = await client.make("gated-v0", { num: 1 });
      await lockstep.reset();
      await expect(send(lockstep, [0])).rejects.toMatchObject({ code: "UNSUPPORTED" });
    }
  });

  it("end a waiting recv when the env is closed", async () => {
    for (const { client } of await both()) {
      const env = await client.make("gated-v0", made);
      await env.reset();
      const waiting = env.recv();
      const ended = expect(waiting).rejects.toMatchObject({ code: "UNKNOWN_HANDLE" });
      await env.close();
      await ended;
    }
  });

  it("lose and repeat nothing over 30 cuts: every row counts its 400 steps", async () => {
    const { plugin } = gated();
    const server = await testServer({ plugins: [plugin] });
    const proxy = await CuttingProxy.start(server.port, { seed: 3, cuts: 30, within: 3000 });
    const client = connect(`ws://127.0.0.1:${proxy.port}`);
    onTestFinished(() => client.close());
    const env = await client.make("gated-v0", made);
    await env.reset();
    const counts = [0, 0, 0];
    await send(env, [0, 0, 0]);
    for (let left = 1200; left > 0; left--) {
      const { index, observations } = await env.recv();
      const row = (index as Uint32Array)[0] as number;
      expect((observations as unknown as Int32Array)[0]).toBe((counts[row] = (counts[row] as number) + 1));
      if (counts[row] < 400) await send(env, [0], [row]);
    }
    expect(counts).toEqual([400, 400, 400]);
    expect(proxy.cuts).toBe(30);
  });
});
