/** `cancel`: what is under way stops, what waits does not begin, and nothing is lost. */
import { describe, expect, it } from "vitest";

import { gated, int32, numbers } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

async function opened() {
  const gate = gated();
  const client = await RawClient.hello((await testServer({ plugins: [gate.plugin] })).url);
  await client.ask({ op: "make", id: 2, env: "gated-v0", num: 2, window: 8, seed: 0 });
  await client.ask({ op: "reset", id: 3, env: 1 });
  const step = (id: number, seq: number, ...actions: number[]) =>
    ({ op: "step", id, env: 1, seq, ack: 0, actions: [int32(...actions)] }) as const;
  return { gate, client, step };
}

describe("cancel", () => {
  it("of a request stops its async steps: status 3, CANCELLED, and the row steps again from where it was", async () => {
    const { client, step, gate } = await opened();
    client.send(step(10, 1, 0, 1));
    client.send({ op: "cancel", id: 11, request: 10 });
    expect(await client.next("cancel")).toMatchObject({ id: 11, cancelled: 1 });
    const reply = await client.next("step");
    expect([...reply.status]).toEqual([0, 3]);
    expect(reply.errors).toMatchObject([{ index: 1, code: "CANCELLED", retryable: true }]);
    gate.open();
    expect(numbers((await client.ask(step(12, 2, 0, 1))).observations[0])).toEqual([2, 1]);
  });

  it("of an env stops all its requests; of one that is done counts 0", async () => {
    const { client, step } = await opened();
    await client.ask(step(10, 1, 0, 0));
    expect(await client.ask({ op: "cancel", id: 11, request: 10 })).toMatchObject({ cancelled: 0 });
    client.send(step(12, 2, 1, 1));
    client.send({ op: "cancel", id: 13, env: 1 });
    expect(await client.next("cancel")).toMatchObject({ cancelled: 1 });
    expect([...(await client.next("step")).status]).toEqual([3, 3]);
  });

  it("without a request or an env answers BAD_PARAM", async () => {
    const { client } = await opened();
    expect(await client.fails({ op: "cancel", id: 9 })).toMatchObject({ code: "BAD_PARAM" });
  });

  it("is what closing an env does to its steps: the answer comes before the close", async () => {
    const { client, step } = await opened();
    client.send(step(10, 1, 1, 1));
    client.send({ op: "close", id: 11, env: 1 });
    expect([...(await client.next("step")).status]).toEqual([3, 3]);
    expect(await client.next("close")).toMatchObject({ id: 11 });
  });
});
