/** First-ready mode: rows that differ in cost come back when they are done, over a socket and in process. */
import { describe, expect, it, onTestFinished } from "vitest";

import type { Frame } from "../../protocol/frames.ts";
import type { Client, Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import { CuttingProxy } from "../support/cutting-proxy.ts";
import { gated } from "../support/gated-env.ts";
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
