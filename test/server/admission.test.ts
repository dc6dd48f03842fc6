/** At capacity clients wait for their turn instead of being refused. */
import { describe, expect, it } from "vitest";

import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const hello = { op: "hello", id: 1, versions: [1, 1], client: "raw" } as const;

describe("a server whose sessions are all taken", () => {
  it("tells a client how many are ahead and welcomes it when a place is free, first come first served", async () => {
    const server = await testServer({ limits: { maxSessions: 1, graceMs: 10 } });
    const first = await RawClient.hello(server.url);
    const waiting: RawClient[] = [];
    for (const ahead of [0, 1]) {
      const client = await RawClient.connect(server.url);
      client.send(hello);
      expect(await client.next("notice")).toMatchObject({ kind: "queued", details: { ahead } });
      waiting.push(client);
    }
    for (const leaving of [first, waiting[0] as RawClient]) {
      leaving.socket.terminate();
      const next = leaving === first ? waiting[0] : waiting[1];
      expect(await next?.next("welcome")).toMatchObject({ resumed: false });
    }
  });

  it("refuses with LIMIT beyond maxWaiting, and after admissionMs", async () => {
    const server = await testServer({ limits: { maxSessions: 1, maxWaiting: 1, admissionMs: 30 } });
    await RawClient.hello(server.url);
    const queued = await RawClient.connect(server.url);
    queued.send(hello);
    await queued.next("notice");
    expect(await queued.next("error")).toMatchObject({ id: 1, code: "LIMIT", retryable: true });
    expect((await queued.closed).reason).toBe("LIMIT");
  });

  it("forgets a client that leaves the queue", async () => {
    const server = await testServer({ limits: { maxSessions: 1, graceMs: 10 } });
    const first = await RawClient.hello(server.url);
    const gone = await RawClient.connect(server.url);
    gone.send(hello);
    await gone.next("notice");
    gone.socket.terminate();
    await gone.closed;
    const next = await RawClient.connect(server.url);
    next.send(hello);
    const notice = await next.next("notice");
    expect([0, 1]).toContain((notice.details as { ahead: number }).ahead);
    first.socket.terminate();
    expect(await next.next("welcome")).toMatchObject({ id: 1 });
  });

  it("ends a client that does not wait for its welcome", async () => {
    const server = await testServer({ limits: { maxSessions: 1 } });
    await RawClient.hello(server.url);
    const hasty = await RawClient.connect(server.url);
    hasty.send(hello);
    hasty.send({ op: "envs", id: 2 });
    await hasty.next("notice");
    expect(await hasty.next("error")).toMatchObject({ code: "BAD_MESSAGE" });
  });
});
