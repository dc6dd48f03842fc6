/** What a connection begins with, and what ends it. */
import { describe, expect, it } from "vitest";

import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const hello = (versions: readonly [number, number]) => ({ op: "hello", id: 7, versions, client: "test" }) as const;

describe("hello", () => {
  it("is welcomed with the version, a session, the limits and the ops that the server has", async () => {
    const client = await RawClient.connect((await testServer()).url);
    client.send(hello([1, 3]));
    const welcome = await client.next("welcome");
    expect(welcome).toMatchObject({ id: 7, version: 1, server: { name: "dojang" }, resumed: false });
    expect(welcome.session).toMatch(/^[\w-]{12}$/);
    expect(welcome.token).toMatch(/^[0-9a-f]{32}$/);
    expect(welcome.features).toEqual(expect.arrayContaining(["make", "reset", "step", "snapshot", "render"]));
    expect(welcome.limits["maxNum"]).toBe(65_536);
  });

  it("tells a client of other versions both sides' versions, then closes", async () => {
    const client = await RawClient.connect((await testServer()).url);
    client.send(hello([2, 5]));
    const { code, message } = await client.next("error");
    expect(code).toBe("BAD_VERSION");
    expect(message).toContain("1..1");
    expect(message).toContain("[2, 5]");
    expect(await client.closed).toEqual({ code: 4000, reason: "BAD_VERSION" });
  });

  it("comes first: any other message is refused and the socket closed", async () => {
    const client = await RawClient.connect((await testServer()).url);
    client.send({ op: "ping", id: 3 });
    expect(await client.next("error")).toMatchObject({ id: 3, code: "HELLO_NEEDED" });
    expect((await client.closed).code).toBe(4000);
  });

  it("is awaited for helloTimeoutMs", async () => {
    const client = await RawClient.connect((await testServer({ limits: { helloTimeoutMs: 20 } })).url);
    expect(await client.next("error")).toMatchObject({ code: "HELLO_NEEDED" });
    expect(await client.closed).toEqual({ code: 4000, reason: "HELLO_NEEDED" });
  });
});

describe("a message", () => {
  it("that is no MessagePack ends the connection with BAD_MESSAGE", async () => {
    const client = await RawClient.hello((await testServer()).url);
    client.sendBytes(Uint8Array.of(0xc1));
    expect(await client.next("error")).toMatchObject({ id: 0, code: "BAD_MESSAGE" });
    expect(await client.closed).toEqual({ code: 4000, reason: "BAD_MESSAGE" });
  });

  it("as a text frame ends the connection with BAD_MESSAGE", async () => {
    const client = await RawClient.hello((await testServer()).url);
    client.socket.send("{}");
    expect((await client.next("error")).message).toContain("a binary frame");
    expect((await client.closed).code).toBe(4000);
  });

  it("larger than maxPayload closes the socket with 1009 before it is read", async () => {
    const client = await RawClient.hello((await testServer({ limits: { maxPayload: 1000 } })).url);
    client.sendBytes(new Uint8Array(1001));
    expect((await client.closed).code).toBe(1009);
  });

  it("of an op that the protocol has and this server lacks answers UNSUPPORTED and the session goes on", async () => {
    const client = await RawClient.hello((await testServer()).url);
    const error = await client.fails({ op: "recordings", id: 4 });
    expect(error).toMatchObject({ id: 4, code: "UNSUPPORTED", retryable: false });
    expect(await client.ask({ op: "ping", id: 5 })).toEqual({ op: "ping", id: 5 });
  });

  it("for an env that was never made answers UNKNOWN_HANDLE", async () => {
    const client = await RawClient.hello((await testServer()).url);
    expect(await client.fails({ op: "reset", id: 2, env: 9 })).toMatchObject({ code: "UNKNOWN_HANDLE", env: 9 });
  });
});
