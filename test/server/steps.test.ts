/** Numbered steps: what a duplicate, a late or an early one gets, and what a wrong one does to the others. */
import { describe, expect, it } from "vitest";

import type { Request } from "../../protocol/messages.ts";
import { defineEnv, discrete, rules } from "../../src/env/index.ts";
import { gated, int32, numbers } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

/** Counts its steps; action 1 throws in `step`. */
const counter = defineEnv({
  id: "counter-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(1_000_000),
      reset: () => 0,
      step: (n, action) => {
        if (action === 1) throw new Error("the plugin broke");
        return { state: n + 1, reward: n + 1, terminated: false };
      },
      observe: (n) => n,
    }),
});

const step = (id: number, seq: number, ack: number, ...actions: number[]): Request<"step"> => ({ op: "step", id, env: 1, seq, ack, actions: [int32(...actions)] }); // prettier-ignore
async function session(num: number, window: number): Promise<RawClient> {
  const client = await RawClient.hello((await testServer({ plugins: [counter] })).url);
  await client.ask({ op: "make", id: 2, env: "counter-v0", num, window, seed: 0 });
  await client.ask({ op: "reset", id: 3, env: 1 });
  return client;
}

describe("seq", () => {
  it("seen twice runs the step once: the second gets the cached reply under its own id", async () => {
    const client = await session(1, 4);
    const first = await client.ask(step(10, 1, 0, 0));
    const again = await client.ask(step(11, 1, 0, 0));
    expect(again).toEqual({ ...first, id: 11 });
    expect(numbers((await client.ask(step(12, 2, 1, 0))).observations[0])).toEqual([2]);
  });

  it("older than what is kept answers STALE", async () => {
    const client = await session(1, 4);
    await client.ask(step(10, 1, 0, 0));
    await client.ask(step(11, 2, 1, 0)); // acknowledges 1: it is forgotten
    expect(await client.fails(step(12, 1, 1, 0))).toMatchObject({ id: 12, code: "STALE", env: 1 });
  });

  it("that skips ahead answers STALE and the expected one still runs", async () => {
    const client = await session(1, 4);
    expect(await client.fails(step(10, 3, 0, 0))).toMatchObject({ code: "STALE" });
    expect(numbers((await client.ask(step(11, 1, 0, 0))).observations[0])).toEqual([1]);
  });

  it("more than the window beyond the last acknowledged reply answers STALE", async () => {
    const client = await session(1, 2);
    await client.ask(step(10, 1, 0, 0));
    await client.ask(step(11, 2, 0, 0));
    expect(await client.fails(step(12, 3, 0, 0))).toMatchObject({ code: "STALE" });
    expect(numbers((await client.ask(step(13, 3, 1, 0))).observations[0])).toEqual([3]);
  });

  it("of a request that failed as a whole keeps the failure as its reply", async () => {
    const client = await session(2, 4);
    const short = step(10, 1, 0, 0); // one action for two rows
    expect(await client.fails(short)).toMatchObject({ code: "BAD_ACTION", id: 10 });
    expect(await client.fails({ ...short, id: 11 })).toMatchObject({ code: "BAD_ACTION", id: 11 });
    expect(numbers((await client.ask(step(12, 2, 1, 0, 0))).observations[0])).toEqual([1, 1]);
  });

  it("repeated while it is under way joins it: one step, two replies", async () => {
    const { plugin, open } = gated();
    const client = await RawClient.hello((await testServer({ plugins: [plugin] })).url);
    await client.ask({ op: "make", id: 2, env: "gated-v0", num: 1, window: 4, seed: 0 });
    await client.ask({ op: "reset", id: 3, env: 1 });
    client.send(step(10, 1, 0, 1));
    client.send(step(11, 1, 0, 1));
    client.send(step(12, 2, 0, 1)); // the row has an action pending
    expect(await client.next("error")).toMatchObject({ id: 12, code: "ROW_BUSY", retryable: true });
    open();
    const replies = [await client.next("step"), await client.next("step")];
    expect(replies.map((reply) => reply.id)).toEqual([10, 11]);
    expect(replies.map((reply) => numbers(reply.observations[0]))).toEqual([[1], [1]]);
  });
});

describe("extra columns that do not fit the rows", () => {
  it("are BAD_ACTION, and the session goes on", async () => {
    const client = await session(3, 4);
    const extras = { logProb: { dtype: "float32", data: new Uint8Array(8) } } as const;
    const error = await client.fails({ ...step(10, 1, 0, 0, 0, 0), extras });
    expect(error).toMatchObject({ code: "BAD_ACTION" });
    expect(error.message).toContain("extras.logProb: expected a positive multiple of 12 bytes, got 8");
    expect((await client.ask(step(11, 2, 1, 0, 0, 0))).seq).toBe(2);
  });
});

describe("a wrong row", () => {
  it("comes back with status 2 and NaN; the others of the batch go on", async () => {
    const client = await session(3, 4);
    const reply = await client.ask(step(10, 1, 0, 0, 7, 0));
    expect([...reply.status]).toEqual([0, 2, 0]);
    expect([...new Float64Array(reply.rewards.slice().buffer)]).toEqual([1, NaN, 1]);
    expect(reply.errors).toMatchObject([{ index: 1, code: "BAD_ACTION", retryable: false }]);
    expect(numbers((await client.ask(step(11, 2, 1, 0, 0, 0))).observations[0])).toEqual([2, 1, 2]);
  });

  it("whose plugin throws carries a capsule that names env, seed and actions", async () => {
    const client = await session(2, 4);
    await client.ask(step(10, 1, 0, 0, 0));
    const reply = await client.ask(step(11, 2, 1, 0, 1));
    expect([...reply.status]).toEqual([0, 2]);
    const [error] = reply.errors ?? [];
    expect(error).toMatchObject({ index: 1, code: "ENV_FAULT" });
    expect(error?.message).toContain("the plugin broke");
    expect(error?.capsule).toMatchObject({ env: "counter-v0", instance: 1, episode: 0, step: 1, count: 2 });
    expect(numbers(error?.capsule?.actions[0])).toEqual([0, 1]);
    expect([...(await client.ask(step(12, 3, 2, 0, 0))).status]).toEqual([0, 1]); // next-step autoreset
  });
});
